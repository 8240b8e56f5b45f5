//! Tokens and money, by exact numbers (A6).

use chrono::NaiveDate;
use rstest::rstest;
use serde_json::json;
use taipan::chat::{
    model::{Detail, Image, Message, Part, PixelSize, Question, Tool, ToolCall},
    tokens::{Cost, Count, Prices, TokenCounter, Usage, count_question, image_tokens, load_vocabularies},
};

use super::{question, question_with_tools, user};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn image(width: u32, height: u32, detail: Detail) -> Image {
    Image { size: Some(PixelSize { width, height }), detail, ..Image::at("https://example.org/plot.png") }
}

/// The numbers are those of the reference tokenizer.
#[rstest]
#[case("gpt-4o", "tiktoken is great!", 6, false)]
#[case("openai/gpt-4o-2024-08-06", "antidisestablishmentarianism", 6, false)]
#[case("gpt-4", "antidisestablishmentarianism", 6, false)]
#[case("gpt-5.6-terra", "お誕生日おめでとう", 8, false)]
#[case("gpt-4", "お誕生日おめでとう", 9, false)]
#[case("openrouter/anthropic/claude-sonnet-5", "tiktoken is great!", 6, true)]
#[case("gpt-4o", "", 0, false)]
#[case("gpt-4o", "<|endoftext|>", 7, false)]
#[tokio::test]
async fn a_text_is_counted_as_its_model_does(
    #[case] model: &str,
    #[case] text: &str,
    #[case] tokens: u64,
    #[case] is_estimate: bool,
) {
    load_vocabularies().await;
    assert_eq!(TokenCounter::of(model).count(text), Count { tokens, is_estimate });
}

/// The tokenizer's own expression gives up on such texts.
#[test]
fn no_text_is_too_odd_or_too_long_to_count() {
    let counter = TokenCounter::of("gpt-4o");
    for (text, tokens) in [(" ".repeat(1 << 20), 8_192), ("a\n".repeat(1 << 20), 1_398_102)] {
        let count = counter.count(&text);
        assert!(count.is_estimate);
        assert_eq!(count.tokens, tokens);
    }
}

/// The examples are those of the guide.
#[rstest]
#[case("gpt-4o", 1024, 1024, 765)]
#[case("gpt-4o", 2048, 4096, 1105)]
#[case("gpt-4o-2024-08-06", 4096, 8192, 1105)]
#[case("gpt-4o", 512, 512, 255)]
#[case("gpt-4o", 513, 512, 425)]
#[case("gpt-4o", 1, 100_000, 765)]
#[case("gpt-4o-mini", 512, 512, 8_500)]
#[case("openai/o3", 512, 512, 225)]
#[case("gpt-5", 512, 512, 210)]
#[case("gpt-4.1-mini", 1024, 1024, 1_659)]
#[case("gpt-4.1-mini", 1800, 2400, 2_353)]
#[case("gpt-4.1-nano", 32, 33, 5)]
fn a_picture_is_counted_by_its_tiles_or_patches(
    #[case] model: &str,
    #[case] width: u32,
    #[case] height: u32,
    #[case] tokens: u64,
) {
    assert_eq!(image_tokens(model, &image(width, height, Detail::High)), Count::exact(tokens));
}

#[test]
fn a_picture_looked_at_from_afar_is_cheap_and_an_unknown_one_is_an_estimate() {
    assert_eq!(image_tokens("gpt-4o", &image(4000, 4000, Detail::Low)), Count::exact(85));
    assert_eq!(image_tokens("some-model", &image(512, 512, Detail::Auto)), Count::estimate(255));
    assert_eq!(image_tokens("gpt-4o", &Image::at("https://example.org/x.png")), Count::estimate(1445));
    assert_eq!(image_tokens("gpt-4o", &image(0, 0, Detail::Auto)), Count::exact(255));
}

/// The conversation and the numbers are the cookbook's, where four messages have names besides: twice `example_user`,
/// twice `example_assistant`, each with one token around it.
#[rstest]
#[case("gpt-4o", 124)]
#[case("gpt-4", 129)]
fn a_conversation_counts_its_messages_and_what_stands_between_them(#[case] model: &str, #[case] tokens: u64) {
    let jargon = [
        "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
        "New synergies will help drive top-line growth.",
        "Things working well together will increase revenue.",
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
        "Let's talk later when we're less busy about how to do better.",
    ];
    let mut messages: Vec<_> = jargon.map(|text| Message::System(text.to_owned())).into();
    messages.push(user("This late pivot means we don't have time to boil the ocean for the client deliverable."));
    let question = Question { model: model.to_owned(), messages, ..question() };
    let name = |name: &str| TokenCounter::of(model).count(name).tokens + 1;
    let names = 2 * name("example_user") + 2 * name("example_assistant");
    assert_eq!(count_question(&question), Count::exact(tokens - names));
}

#[test]
fn pictures_calls_results_and_tools_count_too() {
    let mut question = question_with_tools();
    question.model = "gpt-4o".to_owned();
    // The text has 4 tokens.
    assert_eq!(count_question(&Question { tools: vec![], ..question.clone() }), Count::exact(4 + 4 + 3));
    // execute:Runs Python (4), 7 around it; code:string: (3), 3 around it, 3 around all arguments, 12 around all tools.
    let tools = 4 + 7 + 3 + 3 + 3 + 12;
    assert_eq!(count_question(&question), Count::estimate(4 + 4 + 3 + tools));
    question.messages = vec![Message::User(vec![Part::Image(image(512, 512, Detail::High))])];
    assert_eq!(count_question(&question), Count::estimate(255 + 4 + 3 + tools));
    let call = ToolCall { id: "a".into(), name: "execute".into(), arguments: "{}".into() };
    question.messages = vec![
        Message::Assistant { text: String::new(), tool_calls: vec![call] },
        Message::ToolResult { call_id: "a".into(), text: "Hello".into() },
    ];
    // Id, name and arguments have a token each, and the result's id and text.
    assert_eq!(count_question(&question), Count::estimate((3 + 3 + 4) + (2 + 3 + 4) + 3 + tools));
    question.tools = vec![Tool { name: "now".into(), description: String::new(), parameters: json!({}) }];
    question.messages.clear();
    assert_eq!(count_question(&question), Count::estimate(3 + 12 + 7 + 2));
}

fn prices() -> Prices {
    Prices::parse(
        r#"
        [[price]]
        model = "acme"
        since = "2026-01-01"
        input = "2.50"
        cached_input = "0.25"
        output = "10"

        [[price]]
        model = "acme"
        since = "2026-07-01"
        input = 0.075
        output = 1

        [[price]]
        model = "acme"
        since = "2026-07-01"
        above = 1000
        input = "0.15"
        output = "2"

        [[price]]
        model = "gate/acme"
        since = "2026-01-01"
        input = "0"
        output = "0"
        "#,
    )
    .unwrap()
}

const USAGE: Usage = Usage { input: 1000, cached_input: 600, output: 100, reasoning: 90 };

#[rstest]
#[case::before_any_price("acme", "2025-12-31", None)]
#[case::from_the_first_day("acme", "2026-01-01", Some(400 * 2_500_000 + 600 * 250_000 + 100 * 10_000_000))]
#[case::until_the_last("acme", "2026-06-30", Some(400 * 2_500_000 + 600 * 250_000 + 100 * 10_000_000))]
#[case::cached_as_any_other("acme", "2026-07-01", Some(1000 * 75_000 + 100 * 1_000_000))]
#[case::through_a_provider("other/acme:online", "2026-07-01", Some(1000 * 75_000 + 100 * 1_000_000))]
#[case::of_a_dated_model("acme-2026-05-05", "2026-07-01", Some(1000 * 75_000 + 100 * 1_000_000))]
#[case::by_its_whole_name("gate/acme", "2026-07-01", Some(0))]
#[case::unknown("acme-2", "2026-07-01", None)]
fn an_answer_costs_what_its_model_cost_on_that_day(
    #[case] model: &str,
    #[case] date: &str,
    #[case] picos: Option<u64>,
) {
    assert_eq!(prices().cost(model, day(date), USAGE).map(Cost::picos), picos);
}

#[test]
fn a_long_question_is_paid_as_one_from_its_first_token() {
    let usage = Usage { input: 1001, ..USAGE };
    let cost = prices().cost("acme", day("2026-07-02"), usage).unwrap();
    assert_eq!(cost.picos(), 1001 * 150_000 + 100 * 2_000_000);
}

#[test]
fn no_cost_is_lost_in_rounding_or_overflows() {
    let tiny =
        Prices::parse("price = [{ model = 'm', since = '2026-01-01', input = '0.000001', output = '0' }]").unwrap();
    let one = tiny.cost("m", day("2026-01-01"), Usage { input: 1, ..Usage::default() }).unwrap();
    assert_eq!(std::iter::repeat_n(one, 1_000_000).sum::<Cost>(), Cost::from_dollars("0.000001").unwrap());
    let endless = Usage { input: u64::MAX, output: u64::MAX, ..Usage::default() };
    assert_eq!(prices().cost("acme", day("2026-01-01"), endless), Some(Cost::from_picos(u64::MAX)));
}

#[rstest]
#[case("0", "$0.0000")]
#[case("0.000099999999", "less than $0.0001")]
#[case("0.0001", "$0.0001")]
#[case("0.00014999", "$0.0001")]
#[case("0.00015", "$0.0002")]
#[case("12.34999", "$12.3500")]
#[case("1234567.5", "$1234567.5000")]
fn money_is_shown_with_four_decimals(#[case] dollars: &str, #[case] shown: &str) {
    assert_eq!(Cost::from_dollars(dollars).unwrap().to_string(), shown);
}

#[test]
fn records_keep_the_nearest_millionth_of_a_dollar() {
    for (picos, micros) in [(0, 0), (499_999, 0), (500_000, 1), (1_499_999, 1), (u64::MAX, 18_446_744_073_710)] {
        assert_eq!(Cost::from_picos(picos).micros(), micros);
    }
}

#[rstest]
#[case("input = \"-1\"")]
#[case("input = \"1.0000001\"")]
#[case("input = \"1,50\"")]
#[case("input = -1")]
#[case("input = nan")]
#[case("input = \"\"")]
fn what_is_no_price_is_refused_with_its_place(#[case] input: &str) {
    let text = format!("[[price]]\nmodel = \"m\"\nsince = \"2026-01-01\"\noutput = \"1\"\n{input}\n");
    let error = Prices::parse(&text).unwrap_err().to_string();
    assert!(error.starts_with("The price list is not one: TOML parse error at line 5"), "{error}");
}

#[test]
fn the_embedded_list_is_one_and_a_file_of_ones_own_takes_its_place() {
    let embedded = Prices::load(None).unwrap();
    let usage = Usage { input: 1_000_000, cached_input: 0, output: 1_000_000, reasoning: 0 };
    let cost = |prices: &Prices, model: &str, date: &str| {
        let small = Usage { input: 100_000, ..usage };
        prices.cost(model, day(date), small).map(|cost| cost.to_string())
    };
    assert_eq!(cost(&embedded, "openai/gpt-4o-2024-08-06", "2026-11-21").as_deref(), Some("$10.2500"));
    assert_eq!(cost(&embedded, "gpt-5.6-luna", "2026-07-29").as_deref(), Some("$6.1000"));
    assert_eq!(cost(&embedded, "gpt-5.6-luna", "2026-07-30").as_deref(), Some("$1.2200"));
    assert_eq!(embedded.cost("gpt-5.6-luna", day("2026-07-30"), usage).unwrap().to_string(), "$2.2000");
    assert_eq!(cost(&embedded, "llama-4", "2026-11-21"), None);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.toml");
    std::fs::write(&path, "price = [{ model = 'llama-4', since = '2026-01-01', input = '1', output = '1' }]").unwrap();
    let own = Prices::load(Some(&path)).unwrap();
    assert_eq!(cost(&own, "llama-4", "2026-11-21").as_deref(), Some("$1.1000"));
    assert_eq!(cost(&own, "gpt-4o", "2026-11-21"), None);
    let missing = Prices::load(Some(&folder.path().join("none.toml"))).unwrap_err().to_string();
    assert_eq!(missing, "The price list cannot be read (No such file or directory (os error 2)).");
}

#[test]
fn usage_adds_up() {
    let sum = USAGE + USAGE;
    assert_eq!(sum, Usage { input: 2000, cached_input: 1200, output: 200, reasoning: 180 });
    assert_eq!(sum.total(), 2200);
    assert_eq!((sum + Usage { input: u64::MAX, ..Usage::default() }).input, u64::MAX);
}
