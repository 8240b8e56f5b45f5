//! What expired is gone for every reader at that moment, and then for good (S7, S8).

use chrono::{DateTime, TimeDelta, Utc};
use taipan::catalog::{FileRecord, Page, Selection};

use super::given::{ANNA, BEN, Engine, Store, TestDatabase, after_noon, apply, generated, id, ids, on_both, upload};

fn until(file: &str, end: DateTime<Utc>) -> FileRecord {
    FileRecord { expires_at: Some(end), ..generated(file) }
}

/// S8
#[apply(on_both)]
#[tokio::test]
async fn an_expired_file_is_hidden_from_the_moment_it_expires(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let end = after_noon(3600);
    catalog.insert_file(&until("a", end)).await.unwrap();
    catalog.insert_file(&upload("never")).await.unwrap();
    for (now, expected) in [(end - TimeDelta::milliseconds(1), vec!["never", "a"]), (end, vec!["never"])] {
        assert_eq!(ids(&catalog.list_files(ANNA, &Selection::All, now, &Page::FIRST).await.unwrap()), expected);
        assert_eq!(catalog.find_file(ANNA, &id("a"), now).await.unwrap().is_some(), expected.contains(&"a"));
        assert_eq!(catalog.count_files(ANNA, now).await.unwrap(), expected.len() as u64);
        assert_eq!(ids(&catalog.oldest_files_beyond(ANNA, 0, &[], now).await.unwrap()), expected);
        assert_eq!(catalog.file_totals(now).await.unwrap().files, expected.len() as u64);
    }
}

/// S7
#[apply(on_both)]
#[tokio::test]
async fn expired_records_of_all_users_are_listed_those_first_that_ended_first(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let bens = FileRecord { user_id: BEN, ..until("b", after_noon(1)) };
    for record in [until("c", after_noon(3)), until("a", after_noon(2)), bens, upload("never")] {
        catalog.insert_file(&record).await.unwrap();
    }
    for (seconds, limit, expected) in
        [(0, 9, vec![]), (2, 9, vec!["b", "a"]), (9, 9, vec!["b", "a", "c"]), (9, 1, vec!["b"])]
    {
        assert_eq!(ids(&catalog.expired_files(after_noon(seconds), limit).await.unwrap()), expected);
    }
}

/// S7: a file that came again while the cleaner was at work stays.
#[apply(on_both)]
#[tokio::test]
async fn only_what_is_still_expired_is_removed_as_expired(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let bens = FileRecord { user_id: BEN, ..until("b", after_noon(1)) };
    for record in [until("a", after_noon(1)), until("renewed", after_noon(1)), bens.clone(), upload("never")] {
        catalog.insert_file(&record).await.unwrap();
    }
    let now = after_noon(2);
    let mut listed: Vec<_> = catalog.expired_files(now, 9).await.unwrap().iter().map(FileRecord::key).collect();
    listed.push(upload("never").key());
    let renewed = FileRecord { uploaded_at: now, ..until("renewed", after_noon(9)) };
    catalog.insert_file(&renewed).await.unwrap();
    assert_eq!(catalog.delete_expired_files(&listed, now).await.unwrap(), [until("a", after_noon(1)), bens]);
    assert_eq!(catalog.delete_expired_files(&listed, now).await.unwrap(), []);
    assert_eq!(catalog.delete_expired_files(&[], now).await.unwrap(), []);
    assert_eq!(catalog.list_files(ANNA, &Selection::All, now, &Page::FIRST).await.unwrap(), [upload("never"), renewed]);
}

/// S6: the second net.
#[tokio::test]
async fn a_server_itself_removes_what_ended_more_than_a_day_ago() {
    let database = TestDatabase::new();
    let store = Store::MongoDb(database);
    let catalog = store.open().await;
    let long_ago = "2001-01-01T00:00:00Z".parse().unwrap();
    catalog.insert_file(&until("old", long_ago)).await.unwrap();
    let an_hour_ago = Utc::now() - TimeDelta::hours(1);
    catalog.insert_file(&until("recent", an_hour_ago)).await.unwrap();
    catalog.insert_file(&upload("never")).await.unwrap();
    loop {
        let known = catalog.known_files(None).await.unwrap();
        let known: Vec<_> = known.iter().map(|known| known.key.file_id.as_str()).collect();
        if known != ["never", "old", "recent"] {
            assert_eq!(known, ["never", "recent"]);
            break;
        }
        tokio::task::yield_now().await;
    }
}
