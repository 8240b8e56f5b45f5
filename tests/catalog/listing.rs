//! Lists of files: in order, in pages, by message and chat, and what is oldest (S9, H3, H4).

use futures_util::future::join_all;
use taipan::catalog::{FileKey, FileRecord, Insertion, MOST_LISTED, Page, Selection, Totals};

use super::given::{ANNA, BEN, Engine, after_noon, apply, generated, id, ids, noon, on_both, upload, upload_at};

/// U5
#[apply(on_both)]
#[tokio::test]
async fn files_are_listed_in_the_order_in_which_they_were_saved(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for record in [upload_at("newest", 9), upload_at("b", 5), upload_at("oldest", -1), upload_at("a", 5)] {
        catalog.insert_file(&record).await.unwrap();
    }
    let listed = catalog.list_files(ANNA, &Selection::All, noon(), &Page::FIRST).await.unwrap();
    assert_eq!(ids(&listed), ["oldest", "a", "b", "newest"]);
    assert_eq!(catalog.count_files(ANNA, noon()).await.unwrap(), 4);
}

/// U5
#[apply(on_both)]
#[tokio::test]
async fn a_long_list_comes_in_pages_also_when_records_go_in_between(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for number in 0..7 {
        catalog.insert_file(&upload_at(&format!("file{number}"), number / 3)).await.unwrap();
    }
    let (mut page, mut pages) = (Page { limit: 3, after: None }, Vec::new());
    loop {
        let listed = catalog.list_files(ANNA, &Selection::All, noon(), &page).await.unwrap();
        let Some(last) = listed.last() else { break };
        page.after = Some(last.position());
        catalog.delete_files(ANNA, std::slice::from_ref(&last.file_id)).await.unwrap();
        pages.push(ids(&listed).join(" "));
    }
    assert_eq!(pages, ["file0 file1 file2", "file3 file4 file5", "file6"]);
}

#[apply(on_both)]
#[tokio::test]
async fn a_page_has_at_least_one_record_and_at_most_a_thousand(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let records: Vec<_> = (0..=MOST_LISTED).map(|number| upload(&format!("file{number:04}"))).collect();
    for added in join_all(records.iter().map(|record| catalog.insert_file(record))).await {
        assert_eq!(added.unwrap(), Insertion::Added);
    }
    for (limit, expected) in [(0, 1), (1, 1), (u32::MAX, 1000)] {
        let page = Page { limit, after: None };
        assert_eq!(catalog.list_files(ANNA, &Selection::All, noon(), &page).await.unwrap().len(), expected);
    }
    assert_eq!(catalog.count_files(ANNA, noon()).await.unwrap(), 1001);
    let known = catalog.known_files(None).await.unwrap();
    assert_eq!(known.len(), 1000);
    let rest = catalog.known_files(Some(&known[999].key)).await.unwrap();
    assert_eq!(rest.iter().map(|known| known.key.file_id.as_str()).collect::<Vec<_>>(), ["file1000"]);
}

/// H3, H4
#[apply(on_both)]
#[tokio::test]
async fn files_are_listed_by_message_and_by_chat(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let of = |file: &str, message: &str, chat: &str| FileRecord {
        message_id: Some(message.parse().unwrap()),
        chat_id: Some(chat.parse().unwrap()),
        ..generated(file)
    };
    let bens = FileRecord { user_id: BEN, ..of("x", "m1", "c1") };
    for record in [of("a", "m1", "c1"), of("b", "m2", "c1"), of("c", "m1", "c2"), upload("d"), bens] {
        catalog.insert_file(&record).await.unwrap();
    }
    let cases = [
        (Selection::Message("m1".parse().unwrap()), vec!["a", "c"]),
        (Selection::Message("m3".parse().unwrap()), vec![]),
        (Selection::Chat("c1".parse().unwrap()), vec!["a", "b"]),
        (Selection::All, vec!["d", "a", "b", "c"]),
    ];
    for (selection, expected) in cases {
        let listed = catalog.list_files(ANNA, &selection, noon(), &Page::FIRST).await.unwrap();
        assert_eq!(ids(&listed), expected, "{selection:?}");
    }
}

/// S9
#[apply(on_both)]
#[tokio::test]
async fn the_oldest_beyond_a_number_are_named_and_spared_ones_are_not(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    for number in 0..5 {
        catalog.insert_file(&upload_at(&format!("file{number}"), number)).await.unwrap();
    }
    let cases = [
        (5, vec![], vec![]),
        (3, vec![], vec!["file0", "file1"]),
        (3, vec![id("file0"), id("file2")], vec!["file1", "file3"]),
        (0, vec![id("file4")], vec!["file0", "file1", "file2", "file3"]),
    ];
    for (keep, spared, expected) in cases {
        let oldest = catalog.oldest_files_beyond(ANNA, keep, &spared, noon()).await.unwrap();
        assert_eq!(ids(&oldest), expected, "{keep} {spared:?}");
    }
}

/// S7
#[apply(on_both)]
#[tokio::test]
async fn every_record_is_known_by_owner_and_id_expired_or_not(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let bens = FileRecord { user_id: BEN, file_path: "user_files/8/a.bin".to_owned(), ..generated("a") };
    for record in [&bens, &upload("c"), &generated("b")] {
        catalog.insert_file(record).await.unwrap();
    }
    let known = catalog.known_files(None).await.unwrap();
    let paths: Vec<_> = known.iter().map(|known| known.file_path.as_str()).collect();
    assert_eq!(paths, ["user_files/7/b.csv", "user_files/7/c.csv", "user_files/8/a.bin"]);
    let after = FileKey { user_id: ANNA, file_id: id("c") };
    assert_eq!(catalog.known_files(Some(&after)).await.unwrap(), known[2..]);
}

/// X16
#[apply(on_both)]
#[tokio::test]
async fn totals_count_what_has_not_expired(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    assert_eq!(catalog.file_totals(noon()).await.unwrap(), Totals { files: 0, bytes: 0 });
    let bens = FileRecord { user_id: BEN, file_size: 5_000_000_000, expires_at: Some(after_noon(1)), ..upload("a") };
    catalog.insert_file(&bens).await.unwrap();
    catalog.insert_file(&upload("b")).await.unwrap();
    assert_eq!(catalog.file_totals(noon()).await.unwrap(), Totals { files: 2, bytes: 5_000_001_234 });
    assert_eq!(catalog.file_totals(after_noon(1)).await.unwrap(), Totals { files: 1, bytes: 1234 });
}
