//! Starting and ending (issue 6, parts 5 and 6).

use std::{sync::Arc, time::Instant};

use super::{
    given::{Bot, Together},
    server::{Discord, Trouble},
};
use crate::cli::program::{Ended, Folder};

const WRONG_TOKEN: &str = "error: Discord does not accept the DISCORD_TOKEN. Copy it from the page Bot of your \
                           application at https://discord.com/developers/applications; `Reset Token` there makes a new \
                           one.\n";

#[test]
fn without_a_token_it_says_what_to_set() {
    let sentence = "error: The bot needs a token: set DISCORD_TOKEN. README.md says how to come by one, from \"create an \
                    application\" on.\n";
    assert_eq!(Folder::new().taipan(&["bot"]), Ended::with(2, "", sentence));
}

#[test]
fn a_token_of_the_wrong_shape_is_named_and_not_shown() {
    let folder = Folder::new();
    let mut command = folder.command(&["bot"]);
    let ended: Ended = command.env("DISCORD_TOKEN", "hunter2").output().unwrap().into();
    let sentence = "error: The DISCORD_TOKEN is no token of a bot: that has three parts with dots between them. Copy it \
                    from the page Bot of your application at https://discord.com/developers/applications.\n";
    assert_eq!(ended, Ended::with(2, "", sentence));
}

/// U10, X3: the commands that people see, registered once, and the link that invites the bot with what it needs alone.
#[tokio::test]
async fn it_connects_registers_its_commands_once_says_how_it_is_invited_and_ends_on_sigterm() {
    let Together { discord, mut bot, .. } = Together::start().await;
    let id = discord.bot();
    let link = format!(
        "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions=274878008320"
    );
    assert!(bot.has_said().contains(&link), "{}", bot.has_said());
    let (commands, times) = discord.commands();
    let names: Vec<_> = commands.iter().map(|command| command["name"].as_str().unwrap()).collect();
    let expected = ["run", "Run Python", "files", "download", "reset", "status", "usage", "model", "session", "help"];
    assert_eq!((names, times), (expected.to_vec(), 1));

    // A new session of the gateway is no new process.
    discord.closes(4009);
    discord.gateway_has("another session", |[_, identifies, ..]| identifies == 2).await;
    discord.ready().await;
    assert_eq!(discord.commands().1, 1);

    let asked = Instant::now();
    bot.terminate();
    let (code, said) = bot.ended().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(asked.elapsed().as_secs() < 10, "it took {:?}", asked.elapsed());
    discord.verdict();
}

#[tokio::test]
async fn a_token_that_discord_does_not_know_ends_it_with_a_sentence() {
    let discord = Discord::start().await;
    discord.resets_token();
    let token = discord.token();
    let mut bot = Bot::started(&discord, &[("DISCORD_TOKEN", token.trim_end_matches('x'))], Arc::new(Folder::new()));
    let (code, said) = bot.ended().await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.ends_with(WRONG_TOKEN), "{said}");
    discord.verdict();
}

#[tokio::test]
async fn an_intent_that_is_refused_ends_it_with_a_sentence() {
    let discord = Discord::start().await;
    discord.grants_no_privileged_intents();
    let mut bot = Bot::started(&discord, &[("DISCORD_MESSAGE_CONTENT", "on")], Arc::new(Folder::new()));
    let (code, said) = bot.ended().await;
    let sentence = "error: Discord refuses the intent Message Content. Switch it on at \
                    https://discord.com/developers/applications, on the page Bot of your application, or set \
                    DISCORD_MESSAGE_CONTENT=off.\n";
    assert_eq!(code, Some(2), "{said}");
    assert!(said.ends_with(sentence), "{said}");
    discord.verdict();
}

/// Issue 6, part 5: SIGTERM ends it also while it is disconnected.
#[tokio::test]
async fn it_ends_on_sigterm_while_discord_does_not_let_it_in() {
    let Together { discord, mut bot, .. } = Together::start().await;
    discord.closes_next(1000, 4000);
    discord.drops_connections();
    discord.gateway_has("a try to come back", |[connections, ..]| connections >= 3).await;
    let asked = Instant::now();
    bot.terminate();
    let (code, said) = bot.ended().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(asked.elapsed().as_secs() < 10, "it took {:?}", asked.elapsed());
    discord.verdict();
}

/// Without a network there is a sentence, and no panic.
#[tokio::test]
async fn a_discord_that_cannot_be_reached_is_said_so() {
    let discord = Discord::start().await;
    let mut bot = Bot::started(&discord, &[("HTTPS_PROXY", "http://127.0.0.1:9")], Arc::new(Folder::new()));
    let (code, said) = bot.ended().await;
    assert_eq!(code, Some(3), "{said}");
    let sentence = "Check the network of this machine, and HTTPS_PROXY and SSL_CERT_FILE if there is a proxy.\n";
    assert!(said.contains("error: Discord cannot be reached: ") && said.ends_with(sentence), "{said}");
}

/// Issue 6, part 5: 5xx while it starts.
#[tokio::test]
async fn a_discord_that_is_unwell_for_a_moment_is_asked_again() {
    let discord = Discord::start().await;
    discord.troubles("GET /users/@me", 2, &Trouble::Status(502));
    let bot = Bot::connected(&discord, &[]).await;
    drop(bot);
    discord.verdict();
}
