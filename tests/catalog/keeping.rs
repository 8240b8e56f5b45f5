//! What is added can be found, by its owner, once (S3, S4, S6).

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join_all;
use taipan::catalog::{FileRecord, Insertion, Page, Selection};

use super::given::{ANNA, BEN, Engine, after_noon, apply, generated, id, ids, noon, on_both, upload};

/// S6
#[apply(on_both)]
#[tokio::test]
async fn a_record_is_found_as_it_was_added_also_after_opening_again(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for record in [upload("a"), generated("b")] {
        assert_eq!(catalog.insert_file(&record).await.unwrap(), Insertion::Added);
        assert_eq!(catalog.find_file(ANNA, &record.file_id, noon()).await.unwrap(), Some(record));
    }
    catalog.close().await;
    let again = store.open().await;
    assert_eq!(again.find_file(ANNA, &id("a"), noon()).await.unwrap(), Some(upload("a")));
    assert_eq!(again.find_file(ANNA, &id("b"), noon()).await.unwrap(), Some(generated("b")));
}

#[apply(on_both)]
#[tokio::test]
async fn times_are_kept_in_whole_milliseconds(engine: Engine) {
    let (store, part) = (engine.store(), TimeDelta::microseconds(1_999));
    let catalog = store.open().await;
    let fine = FileRecord { uploaded_at: noon() + part, expires_at: Some(after_noon(1) + part), ..upload("a") };
    catalog.insert_file(&fine).await.unwrap();
    let kept = catalog.find_file(ANNA, &id("a"), noon()).await.unwrap().unwrap();
    let milli = TimeDelta::milliseconds(1);
    assert_eq!((kept.uploaded_at, kept.expires_at), (noon() + milli, Some(after_noon(1) + milli)));
    assert_eq!(catalog.insert_file(&fine).await.unwrap(), Insertion::Existing(kept));
}

/// S3
#[apply(on_both)]
#[tokio::test]
async fn what_is_anothers_is_found_no_more_than_what_is_not_there(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&generated("a")).await.unwrap();
    for (user, file) in [(BEN, "a"), (ANNA, "b"), (ANNA, "A")] {
        assert_eq!(catalog.find_file(user, &id(file), noon()).await.unwrap(), None, "{user} {file}");
        assert!(!catalog.set_preview(user, &id(file), "{}").await.unwrap());
        assert_eq!(catalog.delete_files(user, &[id(file)]).await.unwrap(), []);
    }
    let chat = Selection::Chat("chat-1".parse().unwrap());
    let message = Selection::Message("message-1".parse().unwrap());
    for selection in [Selection::All, chat, message] {
        assert_eq!(catalog.list_files(BEN, &selection, noon(), &Page::FIRST).await.unwrap(), []);
    }
    assert_eq!(catalog.count_files(BEN, noon()).await.unwrap(), 0);
    assert_eq!(catalog.delete_all_files(BEN).await.unwrap(), []);
    assert_eq!(catalog.find_file(ANNA, &id("a"), noon()).await.unwrap(), Some(generated("a")));
}

/// S6: unique is the id of one user's file.
#[apply(on_both)]
#[tokio::test]
async fn two_users_may_have_files_of_one_id(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let bens = FileRecord { user_id: BEN, filename: "other".to_owned(), ..upload("a") };
    assert_eq!(catalog.insert_file(&upload("a")).await.unwrap(), Insertion::Added);
    assert_eq!(catalog.insert_file(&bens).await.unwrap(), Insertion::Added);
    assert_eq!(catalog.delete_all_files(ANNA).await.unwrap(), [upload("a")]);
    assert_eq!(catalog.find_file(BEN, &id("a"), noon()).await.unwrap(), Some(bens));
}

/// S4, H7
#[apply(on_both)]
#[tokio::test]
async fn the_same_file_added_again_stays_as_it_was(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&generated("a")).await.unwrap();
    let again = FileRecord { uploaded_at: after_noon(60), expires_at: None, preview: None, ..generated("a") };
    assert_eq!(catalog.insert_file(&again).await.unwrap(), Insertion::Existing(generated("a")));
    assert_eq!(catalog.find_file(ANNA, &id("a"), noon()).await.unwrap(), Some(generated("a")));
}

/// S4
#[apply(on_both)]
#[tokio::test]
async fn another_file_does_not_take_an_id_that_is_in_use(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&upload("a")).await.unwrap();
    let other_bytes = FileRecord { sha256: "other".to_owned(), ..upload("a") };
    let other_name = FileRecord { filename: "other".to_owned(), ..upload("a") };
    for other in [other_bytes, other_name] {
        assert_eq!(catalog.insert_file(&other).await.unwrap(), Insertion::Taken(upload("a")));
    }
    assert_eq!(catalog.find_file(ANNA, &id("a"), noon()).await.unwrap(), Some(upload("a")));
}

/// S8, H7: an id made from message and content comes again when the file does.
#[apply(on_both)]
#[tokio::test]
async fn an_expired_record_gives_way_to_a_new_one_of_its_id(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&generated("a")).await.unwrap();
    let renewed = FileRecord { uploaded_at: after_noon(3600), expires_at: Some(after_noon(7200)), ..generated("a") };
    assert_eq!(catalog.insert_file(&renewed).await.unwrap(), Insertion::Added);
    assert_eq!(catalog.find_file(ANNA, &id("a"), after_noon(3600)).await.unwrap(), Some(renewed));
    assert_eq!(catalog.count_files(ANNA, after_noon(3600)).await.unwrap(), 1);
}

/// S4
#[apply(on_both)]
#[tokio::test]
async fn of_many_who_add_one_file_at_once_one_does(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let adding = (0..50).map(|_| {
        let catalog = Arc::clone(&catalog);
        tokio::spawn(async move { catalog.insert_file(&upload("a")).await.unwrap() })
    });
    let insertions: Vec<_> = join_all(adding).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(insertions.iter().filter(|insertion| **insertion == Insertion::Added).count(), 1);
    assert_eq!(insertions.iter().filter(|insertion| **insertion == Insertion::Existing(upload("a"))).count(), 49);
    assert_eq!(ids(&catalog.list_files(ANNA, &Selection::All, noon(), &Page::FIRST).await.unwrap()), ["a"]);
}

/// A2
#[apply(on_both)]
#[tokio::test]
async fn a_preview_is_kept_with_its_record(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&upload("a")).await.unwrap();
    let preview = "{\"columns\":[\"Größe\"],\"rows\":[[1.50]]}";
    assert!(catalog.set_preview(ANNA, &id("a"), preview).await.unwrap());
    assert!(catalog.set_preview(ANNA, &id("a"), preview).await.unwrap());
    let expected = FileRecord { preview: Some(preview.to_owned()), ..upload("a") };
    assert_eq!(catalog.find_file(ANNA, &id("a"), noon()).await.unwrap(), Some(expected));
}
