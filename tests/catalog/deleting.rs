//! Deleting says what was deleted (S13, U9).

use taipan::catalog::FileRecord;

use super::given::{ANNA, BEN, Engine, after_noon, apply, generated, id, ids, noon, on_both, upload, upload_at};

/// S13
#[apply(on_both)]
#[tokio::test]
async fn some_files_are_deleted_and_named_oldest_first(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    let bens = FileRecord { user_id: BEN, ..upload("a") };
    for record in [upload_at("a", 2), upload_at("b", 1), upload("c"), bens.clone()] {
        catalog.insert_file(&record).await.unwrap();
    }
    let deleted = catalog.delete_files(ANNA, &[id("a"), id("unknown"), id("b"), id("a")]).await.unwrap();
    assert_eq!(deleted, [upload_at("b", 1), upload_at("a", 2)]);
    assert_eq!(catalog.delete_files(ANNA, &[id("a")]).await.unwrap(), []);
    assert_eq!(catalog.delete_files(ANNA, &[]).await.unwrap(), []);
    assert_eq!(catalog.count_files(ANNA, noon()).await.unwrap(), 1);
    assert_eq!(catalog.find_file(BEN, &id("a"), noon()).await.unwrap(), Some(bens));
}

/// U9, S13: what expired has bytes too.
#[apply(on_both)]
#[tokio::test]
async fn all_files_of_a_user_are_deleted_expired_or_not(engine: Engine) {
    let store = engine.store();
    let catalog = store.open().await;
    catalog.insert_file(&FileRecord { user_id: BEN, ..upload("a") }).await.unwrap();
    for number in (0..20).rev() {
        catalog.insert_file(&upload_at(&format!("file{number:02}"), number)).await.unwrap();
    }
    catalog.insert_file(&FileRecord { expires_at: Some(after_noon(5)), ..generated("gone") }).await.unwrap();
    let deleted = catalog.delete_all_files(ANNA).await.unwrap();
    let mut expected: Vec<_> = (0..20).map(|number| format!("file{number:02}")).collect();
    expected.insert(1, "gone".to_owned());
    assert_eq!(ids(&deleted), expected);
    assert_eq!(catalog.delete_all_files(ANNA).await.unwrap(), []);
    assert_eq!(catalog.count_files(BEN, noon()).await.unwrap(), 1);
}
