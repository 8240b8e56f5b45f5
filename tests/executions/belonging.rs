//! A folder of stored files that is not the one that the catalog knows: nothing is swept for want of anything.

use std::{fs, sync::Arc};

use chrono::TimeDelta;
use taipan::{
    executions::{Clock, FileLimits, UserFiles},
    files::Store,
};

use super::given::{ANNA, Given, Logged, apply, given, on_both};
use crate::catalog::given::Engine;

/// S7, S11: a disk that is not mounted costs nobody a record.
#[apply(on_both)]
#[tokio::test]
async fn records_stay_when_the_folder_of_bytes_is_not_mounted(engine: Engine) {
    let given = given(engine).await;
    let file = given.upload("a.txt", "a").await;
    let (folder, away) = (given.data_dir.path().join("user_files"), given.data_dir.path().join("away"));
    fs::rename(&folder, &away).unwrap();
    fs::create_dir(&folder).unwrap();
    let logged = Logged::start();
    assert_eq!(given.executions.clean().await.records_without_bytes, 0);
    let number = given.catalog.store_number().await.unwrap().unwrap();
    let said = format!(
        "[Cleanup] {folder} is not the folder of the files that the catalog at {catalog} knows, so nothing was removed \
         for want of bytes or records: check that its disk is mounted and that DATA_DIR and DATABASE_URL belong \
         together, or, if its files are lost, write {number} into {folder}/.store.",
        folder = folder.display(),
        catalog = given.catalog.place(),
    );
    assert_eq!(logged.beginning("[Cleanup] /"), [said]);
    assert_eq!(given.names(ANNA).await, ["a.txt"]);
    fs::remove_dir(&folder).unwrap();
    fs::rename(&away, &folder).unwrap();
    assert_eq!(given.executions.clean().await.records_without_bytes, 0);
    assert_eq!(given.content(&file).await, "a");
}

/// S7: what is said to be done helps.
#[apply(on_both)]
#[tokio::test]
async fn records_of_lost_files_go_when_somebody_says_that_they_are_lost(engine: Engine) {
    let given = given(engine).await;
    given.upload("a.txt", "a").await;
    let folder = given.data_dir.path().join("user_files");
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    assert_eq!(given.executions.clean().await.records_without_bytes, 0);
    let number = given.catalog.store_number().await.unwrap().unwrap();
    fs::write(folder.join(".store"), format!("{number}\n")).unwrap();
    assert_eq!(given.executions.clean().await.records_without_bytes, 1);
    assert_eq!(given.names(ANNA).await, Vec::<String>::new());
}

/// S7, S11: another catalog's files are not swept as bytes without records.
#[apply(on_both)]
#[tokio::test]
async fn bytes_stay_when_another_catalog_is_named(engine: Engine) {
    let given = given(engine).await;
    let file = given.upload("a.txt", "a").await;
    let other = engine.store();
    let files = opened(&given, other.open().await);
    given.clock.advance(TimeDelta::days(36_500));
    let logged = Logged::start();
    assert_eq!(files.clean().await.bytes_without_record, 0);
    assert_eq!(logged.beginning("[Cleanup] /").len(), 1);
    assert_eq!(given.on_disk(ANNA), [format!("{}.txt", file.file_id)]);
}

/// S7: who begins anew with an empty catalog and an empty folder is not asked anything.
#[apply(on_both)]
#[tokio::test]
async fn an_empty_folder_is_the_catalog_s_that_finds_it(engine: Engine) {
    let given = given(engine).await;
    given.executions.clean().await;
    let other = engine.store();
    let catalog = other.open().await;
    let files = opened(&given, Arc::clone(&catalog));
    let logged = Logged::start();
    files.clean().await;
    assert_eq!(logged.beginning("[Cleanup] /"), Vec::<String>::new());
    assert_eq!(catalog.store_number().await.unwrap(), given.catalog.store_number().await.unwrap());
}

fn opened(given: &Given, catalog: Arc<dyn taipan::catalog::Catalog>) -> UserFiles {
    let clock = Arc::clone(&given.clock) as Arc<dyn Clock>;
    UserFiles::new(Store::open(given.data_dir.path()).unwrap(), catalog, FileLimits::default(), clock)
}
