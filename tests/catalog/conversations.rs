//! Conversations, each user's and channel's apart (A4, A7).

use std::sync::Arc;

use futures_util::future::join_all;
use taipan::catalog::{CatalogError, LONGEST_TURN, MOST_TURNS, Turn};

use super::given::{ANNA, BEN, Engine, after_noon, apply, noon, on_both};

fn turn(content: &str) -> Turn {
    Turn { said_at: noon(), content: content.to_owned() }
}

fn contents(turns: &[Turn]) -> Vec<&str> {
    turns.iter().map(|turn| turn.content.as_str()).collect()
}

/// A4
#[apply(on_both)]
#[tokio::test]
async fn the_last_turns_come_in_the_order_in_which_they_were_added_whatever_the_clock_says(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let turns = [("one", 5), ("two", 9), ("three", -100), ("four", 5)];
    let turns = turns.map(|(content, seconds)| Turn { said_at: after_noon(seconds), ..turn(content) });
    for turn in &turns {
        catalog.append_turn(ANNA, "dm", turn).await.unwrap();
    }
    assert_eq!(catalog.last_turns(ANNA, "dm", 9).await.unwrap(), turns);
    assert_eq!(catalog.last_turns(ANNA, "dm", 2).await.unwrap(), turns[2..]);
    assert_eq!(catalog.last_turns(ANNA, "dm", 0).await.unwrap(), []);
}

/// A4: a DM never leaks into a server.
#[apply(on_both)]
#[tokio::test]
async fn conversations_are_kept_apart_by_user_and_channel(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for (user, channel) in [(ANNA, "dm"), (ANNA, "guild/1"), (BEN, "guild/1"), (BEN, "")] {
        catalog.append_turn(user, channel, &turn(&format!("{user} {channel}"))).await.unwrap();
    }
    assert_eq!(contents(&catalog.last_turns(ANNA, "guild/1", 9).await.unwrap()), ["7 guild/1"]);
    assert_eq!(contents(&catalog.last_turns(BEN, "", 9).await.unwrap()), ["8 "]);
    assert_eq!(catalog.last_turns(BEN, "dm", 9).await.unwrap(), []);
}

/// U9
#[apply(on_both)]
#[tokio::test]
async fn a_user_forgets_one_conversation_or_all_of_his(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for (user, channel) in [(ANNA, "a"), (ANNA, "a"), (ANNA, "b"), (ANNA, "c"), (BEN, "a")] {
        catalog.append_turn(user, channel, &turn(channel)).await.unwrap();
    }
    assert_eq!(catalog.clear_turns(ANNA, Some("a")).await.unwrap(), 2);
    assert_eq!(catalog.last_turns(ANNA, "a", 9).await.unwrap(), []);
    assert_eq!(catalog.clear_turns(ANNA, None).await.unwrap(), 2);
    assert_eq!(catalog.clear_turns(ANNA, None).await.unwrap(), 0);
    assert_eq!(contents(&catalog.last_turns(BEN, "a", 9).await.unwrap()), ["a"]);
    catalog.append_turn(ANNA, "a", &turn("anew")).await.unwrap();
    assert_eq!(contents(&catalog.last_turns(ANNA, "a", 9).await.unwrap()), ["anew"]);
}

#[apply(on_both)]
#[tokio::test]
async fn of_a_long_conversation_the_oldest_turns_go(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.append_turn(ANNA, "other", &turn("stays")).await.unwrap();
    for number in 0..MOST_TURNS + 3 {
        catalog.append_turn(ANNA, "dm", &turn(&number.to_string())).await.unwrap();
    }
    let turns = catalog.last_turns(ANNA, "dm", u32::MAX).await.unwrap();
    assert_eq!((turns.len(), turns[0].content.as_str(), turns[199].content.as_str()), (200, "3", "202"));
    assert_eq!(contents(&catalog.last_turns(ANNA, "other", 9).await.unwrap()), ["stays"]);
}

/// A7
#[apply(on_both)]
#[tokio::test]
async fn turns_that_are_added_at_once_are_all_kept_once(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let adding = (0..16).map(|number| {
        let catalog = Arc::clone(&catalog);
        tokio::spawn(async move { catalog.append_turn(ANNA, "dm", &turn(&format!("{number:02}"))).await.unwrap() })
    });
    join_all(adding).await.into_iter().for_each(Result::unwrap);
    let turns = catalog.last_turns(ANNA, "dm", 99).await.unwrap();
    let mut kept = contents(&turns);
    kept.sort_unstable();
    assert_eq!(kept, (0..16).map(|number| format!("{number:02}")).collect::<Vec<_>>());
}

#[apply(on_both)]
#[tokio::test]
async fn a_turn_is_kept_whole_up_to_four_megabytes_and_refused_beyond(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let longest = turn(&"ü".repeat(LONGEST_TURN / 2));
    catalog.append_turn(ANNA, "dm", &longest).await.unwrap();
    assert_eq!(catalog.last_turns(ANNA, "dm", 1).await.unwrap(), std::slice::from_ref(&longest));
    let too_long = Turn { content: longest.content + "x", ..turn("") };
    let error = catalog.append_turn(ANNA, "dm", &too_long).await.unwrap_err();
    assert_eq!(error, CatalogError::TooLong { what: "A turn of a conversation", most: LONGEST_TURN });
    assert_eq!(error.to_string(), "A turn of a conversation must not be longer than 4194304 bytes.");
}
