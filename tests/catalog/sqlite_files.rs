//! A file that is no catalog, or one of another time, is left as it is.

use std::{fs, path::Path};

use rusqlite::Connection;
use taipan::catalog::{self, CatalogError, Location, Patience};

use super::given::{ANNA, Engine, Store, noon, upload};

async fn refused(path: &Path) -> CatalogError {
    let opened = catalog::open(&Location::File(path.to_owned()), Patience::default()).await;
    let Err(error) = opened else { panic!("{} was opened", path.display()) };
    error
}

/// A catalog with a record in it, closed.
async fn filled() -> Store {
    let store = Engine::Sqlite.store();
    let catalog = store.open().await;
    for number in 0..100 {
        catalog.insert_file(&upload(&format!("file{number}"))).await.unwrap();
    }
    catalog.close().await;
    store
}

/// Everything in the file's folder, by name.
fn files_beside(path: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap().map(Result::unwrap);
    let mut files: Vec<_> =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let store = Engine::Sqlite.store();
    let path = store.file();
    fs::write(&path, "id,name\n".repeat(1000)).unwrap();
    let before = files_beside(&path);
    let expected = format!(
        "The catalog {} is damaged and was left as it is: put a copy of it in its place, or move it away.",
        path.display()
    );
    assert_eq!(refused(&path).await.to_string(), expected);
    assert!(files_beside(&path) == before);
}

#[tokio::test]
async fn a_damaged_catalog_is_refused_and_left_as_it_is() {
    let store = filled().await;
    let path = store.file();
    let mut bytes = fs::read(&path).unwrap();
    let from = bytes.len() / 2;
    bytes[from..from + 8192].fill(0xAB);
    fs::write(&path, bytes).unwrap();
    let before = files_beside(&path);
    assert_eq!(refused(&path).await, CatalogError::Damaged { place: path.display().to_string() });
    assert!(files_beside(&path).into_iter().find(|(name, _)| name == "catalog.sqlite3") == before.into_iter().next());
}

#[tokio::test]
async fn a_catalog_of_a_newer_version_is_refused_and_left_as_it_is() {
    let store = filled().await;
    let path = store.file();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let before = files_beside(&path);
    let expected = format!(
        "The catalog at {} was made by a newer version of Taipan and was left as it is: update Taipan (its layout is \
         2, this version knows 1).",
        path.display()
    );
    assert_eq!(refused(&path).await.to_string(), expected);
    assert!(files_beside(&path).into_iter().find(|(name, _)| name == "catalog.sqlite3") == before.into_iter().next());
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_as_it_is() {
    let store = Engine::Sqlite.store();
    let path = store.file();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE user_files (x)").unwrap();
    let before = files_beside(&path);
    let expected = format!(
        "The catalog {} is some other program's database and was left as it is: name another one.",
        path.display()
    );
    assert_eq!(refused(&path).await.to_string(), expected);
    assert!(files_beside(&path) == before);
}

#[tokio::test]
async fn a_place_that_cannot_be_written_to_is_named() {
    let path = Path::new("/proc/catalog.sqlite3");
    assert_eq!(
        refused(path).await.to_string(),
        "The catalog /proc/catalog.sqlite3 cannot be written to: check the rights of the file and its folder (unable \
         to open database file)."
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let path = file.join("catalog.sqlite3");
    let expected = format!(
        "The catalog {} cannot be written to: check the rights of the file and its folder (File exists (os error 17)).",
        path.display()
    );
    assert_eq!(refused(&path).await.to_string(), expected);
}

#[tokio::test]
async fn missing_folders_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some/where/catalog.sqlite3");
    let catalog = catalog::open(&Location::File(path.clone()), Patience::default()).await.unwrap();
    assert_eq!(catalog.place(), path.display().to_string());
    catalog.insert_file(&upload("a")).await.unwrap();
    catalog.close().await;
    let left: Vec<_> = files_beside(&path).into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["catalog.sqlite3"]);
}

#[tokio::test]
async fn a_closed_catalog_says_so() {
    let store = Engine::Sqlite.store();
    let catalog = store.open().await;
    catalog.close().await;
    catalog.close().await;
    assert_eq!(catalog.check().await, Err(CatalogError::Closed));
    assert_eq!(catalog.insert_file(&upload("a")).await, Err(CatalogError::Closed));
}

/// Two programs, such as the bot and `taipan files`, may use one catalog at once.
#[tokio::test]
async fn one_program_sees_at_once_what_another_wrote() {
    let store = Engine::Sqlite.store();
    let (one, other) = (store.open().await, store.open().await);
    one.insert_file(&upload("a")).await.unwrap();
    assert_eq!(other.find_file(ANNA, &upload("a").file_id, noon()).await.unwrap(), Some(upload("a")));
    other.insert_file(&upload("b")).await.unwrap();
    assert_eq!(one.count_files(ANNA, noon()).await.unwrap(), 2);
}
