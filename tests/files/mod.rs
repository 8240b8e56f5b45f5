//! The store of bytes: whole files or none, under names that harm nobody.

mod disks;
mod ids;
mod names;
mod places;
mod removing;
mod saving;

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use taipan::{
    files::{Name, Place, Received, Store, StoreError},
    identifiers::UserId,
};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

const OWNER: UserId = UserId(7);
const MB: u64 = 1024 * 1024;

/// The moment at which the tests save files.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

/// A store in a folder of its own.
fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

async fn receive(store: &Store, name: &str, content: &[u8]) -> Result<Received, StoreError> {
    store.receive(OWNER, Name::of_upload(name), content, 50 * MB).await
}

/// Saves a file under its first id.
async fn save(store: &Store, name: &str, content: &[u8]) -> Place {
    let mut received = receive(store, name, content).await.unwrap();
    let id = received.digests.ids(OWNER, now()).next().unwrap();
    received.keep(&id).await.unwrap()
}

async fn content(store: &Store, place: &Place) -> Vec<u8> {
    let mut reading = store.read(place).await.unwrap();
    let mut content = Vec::new();
    reading.file.read_to_end(&mut content).await.unwrap();
    assert_eq!(reading.size, content.len() as u64);
    content
}

/// All that lies below a folder, as relative paths, sorted.
fn lying_in(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}
