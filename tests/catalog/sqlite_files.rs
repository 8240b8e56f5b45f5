//! A file that is no catalog, or one of another time, is left as it is.

use std::{fs, path::Path, time::Duration};

use rusqlite::Connection;
use taipan::catalog::{self, CatalogError, Counters, Location, Patience, Usage, total};

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
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 4).unwrap();
    let before = files_beside(&path);
    let expected = format!(
        "The catalog at {} was made by a newer version of Taipan and was left as it is: update Taipan (its layout is \
         4, this version knows 3).",
        path.display()
    );
    assert_eq!(refused(&path).await.to_string(), expected);
    assert!(files_beside(&path).into_iter().find(|(name, _)| name == "catalog.sqlite3") == before.into_iter().next());
}

/// A6: a catalog of the first version goes on as one of this version, with all that stands in it.
#[tokio::test]
async fn a_catalog_of_an_older_version_is_brought_up_to_date() {
    let store = Engine::Sqlite.store();
    let old = Connection::open(store.file()).unwrap();
    old.execute_batch(include_str!("../../src/catalog/sqlite/schema/1.sql")).unwrap();
    for counters in ["shown", "limits"] {
        let values = (counters, ANNA.0, "2100-01-01", "m", 1, 2, 1500, 10, 5, 3, 1, 7, 0);
        old.execute("INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values).unwrap();
    }
    old.pragma_update(None, "application_id", 0x5461_6970).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let day = "2100-01-01".parse().unwrap();
    let used = Usage {
        messages: 1,
        runs: 2,
        run_time: Duration::from_millis(1500),
        input_tokens: 10,
        cached_tokens: 5,
        output_tokens: 3,
        reasoning_tokens: 1,
        cost_micro_usd: 7,
        unpriced: 0,
        estimated: 0,
    };
    let catalog = store.open().await;
    let usage = async |counters| total(&catalog.usage(ANNA, counters, day..=day).await.unwrap());
    assert_eq!(usage(Counters::Limits).await, used);
    catalog.add_usage(ANNA, day, "m", &Usage { estimated: 1, ..Usage::default() }).await.unwrap();
    assert_eq!(usage(Counters::Shown).await, Usage { estimated: 1, ..used });
    catalog.close().await;
    // The step is taken once.
    let catalog = store.open().await;
    let entries = catalog.usage(ANNA, Counters::Shown, day..=day).await.unwrap();
    assert_eq!(total(&entries), Usage { estimated: 1, ..used });
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
