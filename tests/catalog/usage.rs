//! Usage by user, model and day, and the limits' own counters (A6, U9, U11, U13).

use std::{sync::Arc, time::Duration};

use chrono::NaiveDate;
use futures_util::future::join_all;
use taipan::catalog::{Catalog, Counters, Usage, UsageEntry, by_day, by_model, total};

use super::given::{ANNA, BEN, Engine, apply, on_both};

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2100, 1, number).unwrap()
}

fn answer(tokens: u64) -> Usage {
    Usage {
        messages: 1,
        runs: 2,
        run_time: Duration::from_millis(1_500),
        input_tokens: 10 * tokens,
        cached_tokens: 5 * tokens,
        output_tokens: tokens,
        reasoning_tokens: 1,
        cost_micro_usd: 3 * tokens,
        unpriced: 0,
        estimated: 0,
    }
}

async fn january(catalog: &Arc<dyn Catalog>, counters: Counters) -> Vec<UsageEntry> {
    catalog.usage(ANNA, counters, day(1)..=day(31)).await.unwrap()
}

/// A6, U11
#[apply(on_both)]
#[tokio::test]
async fn usage_adds_up_by_day_and_model(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for (user, date, model, tokens) in [
        (ANNA, 2, "large", 100),
        (ANNA, 2, "large", 10),
        (ANNA, 1, "small", 1),
        (ANNA, 2, "a.b$c", 7),
        (BEN, 2, "large", 9),
    ] {
        catalog.add_usage(user, day(date), model, &answer(tokens)).await.unwrap();
    }
    let large = Usage {
        messages: 2,
        runs: 4,
        run_time: Duration::from_secs(3),
        input_tokens: 1100,
        cached_tokens: 550,
        output_tokens: 110,
        reasoning_tokens: 2,
        cost_micro_usd: 330,
        unpriced: 0,
        estimated: 0,
    };
    let entry = |date, model: &str, usage| UsageEntry { day: day(date), model: model.to_owned(), usage };
    let expected = [entry(1, "small", answer(1)), entry(2, "a.b$c", answer(7)), entry(2, "large", large)];
    let entries = january(&catalog, Counters::Shown).await;
    assert_eq!(entries, expected);
    assert_eq!(january(&catalog, Counters::Limits).await, expected);
    assert_eq!(catalog.usage(ANNA, Counters::Shown, day(1)..=day(1)).await.unwrap(), expected[..1]);
    assert_eq!(catalog.usage(ANNA, Counters::Shown, day(3)..=day(31)).await.unwrap(), []);
    assert_eq!(total(&entries).output_tokens, 118);
    assert_eq!(by_model(&entries)["large"], large);
    assert_eq!(by_day(&entries).into_keys().collect::<Vec<_>>(), [day(1), day(2)]);
}

/// A6
#[apply(on_both)]
#[tokio::test]
async fn a_cost_is_unknown_as_long_as_some_of_it_is(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.add_usage(ANNA, day(1), "priced", &answer(1)).await.unwrap();
    let entries = january(&catalog, Counters::Shown).await;
    assert_eq!(total(&entries).cost(), Some(3));
    catalog.add_usage(ANNA, day(1), "unpriced", &Usage { cost_micro_usd: 0, unpriced: 1, ..answer(1) }).await.unwrap();
    let entries = january(&catalog, Counters::Shown).await;
    assert_eq!((total(&entries).cost(), total(&entries).cost_micro_usd), (None, 3));
    assert_eq!(by_model(&entries)["priced"].cost(), Some(3));
}

/// A6: what endpoints do not tell is counted here, and marked.
#[apply(on_both)]
#[tokio::test]
async fn what_was_estimated_is_marked_for_its_model_and_day(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.add_usage(ANNA, day(1), "silent", &Usage { estimated: 1, ..answer(1) }).await.unwrap();
    catalog.add_usage(ANNA, day(1), "silent", &answer(1)).await.unwrap();
    catalog.add_usage(ANNA, day(2), "telling", &answer(1)).await.unwrap();
    for counters in [Counters::Shown, Counters::Limits] {
        let entries = january(&catalog, counters).await;
        let marked: Vec<_> = entries.iter().map(|entry| (entry.model.as_str(), entry.usage.estimated)).collect();
        assert_eq!(marked, [("silent", 1), ("telling", 0)]);
        let (silent, telling) = (entries[0].usage, entries[1].usage);
        assert_eq!((silent.is_estimate(), telling.is_estimate(), total(&entries).is_estimate()), (true, false, true));
    }
}

/// U9: the counters behind U13's limits stay.
#[apply(on_both)]
#[tokio::test]
async fn what_a_user_clears_does_not_free_him_of_his_limits(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.add_usage(ANNA, day(1), "m", &answer(1)).await.unwrap();
    catalog.add_usage(BEN, day(1), "m", &answer(1)).await.unwrap();
    catalog.clear_usage(ANNA).await.unwrap();
    assert_eq!(january(&catalog, Counters::Shown).await, []);
    catalog.add_usage(ANNA, day(1), "m", &answer(2)).await.unwrap();
    assert_eq!(total(&january(&catalog, Counters::Shown).await), answer(2));
    assert_eq!(total(&january(&catalog, Counters::Limits).await).output_tokens, 3);
    assert_eq!(catalog.usage(BEN, Counters::Shown, day(1)..=day(1)).await.unwrap().len(), 1);
}

/// A6
#[apply(on_both)]
#[tokio::test]
async fn usage_that_is_counted_at_once_is_all_counted_once(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let counting = (0..40).map(|_| {
        let catalog = Arc::clone(&catalog);
        tokio::spawn(async move { catalog.add_usage(ANNA, day(1), "m", &answer(1)).await.unwrap() })
    });
    join_all(counting).await.into_iter().for_each(Result::unwrap);
    for counters in [Counters::Shown, Counters::Limits] {
        let sum = total(&january(&catalog, counters).await);
        assert_eq!((sum.messages, sum.output_tokens, sum.run_time), (40, 40, Duration::from_secs(60)));
    }
}

#[apply(on_both)]
#[tokio::test]
async fn old_usage_is_forgotten_by_day(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for date in 1..=3 {
        catalog.add_usage(ANNA, day(date), "m", &answer(1)).await.unwrap();
    }
    catalog.clear_usage(ANNA).await.unwrap();
    assert_eq!(catalog.delete_usage_before(day(3)).await.unwrap(), 2);
    assert_eq!(catalog.delete_usage_before(day(3)).await.unwrap(), 0);
    assert_eq!(january(&catalog, Counters::Limits).await.len(), 1);
}
