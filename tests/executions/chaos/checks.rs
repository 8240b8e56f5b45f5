//! What must hold after a fault, whatever happened.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use taipan::{
    catalog::{self, Catalog, FileRecord, Location, Patience, Selection},
    executions::{Clock, FileLimits, SystemClock, UserFiles},
    files::Store,
    identifiers::UserId,
};
use tokio::io::AsyncReadExt as _;

use super::{
    told::{Told, sha256},
    work::{self, USERS},
};

/// By which the folder is known to be the catalog's.
const MARK: &str = ".store";

/// Opens the folder again and checks what was told; afterwards only what is there counts.
pub(super) async fn check(data_dir: &Path, location: &Location, told: &mut Told) {
    let catalog = catalog::open(location, Patience::default()).await.unwrap();
    let opened = |clock: Arc<dyn Clock>| {
        UserFiles::new(Store::open(data_dir).unwrap(), Arc::clone(&catalog), FileLimits::default(), clock)
    };
    let files = opened(Arc::new(SystemClock));
    check_promises(&files, told, Cleaned::NotYet).await;
    opened(work::two_hours_on()).clean().await;
    let there = check_promises(&files, told, Cleaned::Now).await;
    check_disk(data_dir, &there);
    assert_eq!(known(&*catalog).await, paths(&there), "only records of files that are there");
    told.settle(&there);
    catalog.close().await;
}

#[derive(Clone, Copy, PartialEq)]
enum Cleaned {
    NotYet,
    Now,
}

/// Every file that is listed is whole, and those that were acknowledged are listed.
async fn check_promises(files: &UserFiles, told: &Told, cleaned: Cleaned) -> Vec<FileRecord> {
    let mut there = Vec::new();
    for user in (1..=USERS).map(UserId) {
        for record in files.list_files(user, &Selection::All).await.unwrap() {
            let key = (user, record.file_id.clone());
            assert!(told.begun.contains(&(user, record.sha256.clone())), "nobody saved {record:?}");
            if let Some(content) = content(files, &record).await {
                assert_eq!((sha256(&content), content.len() as u64), (record.sha256.clone(), record.file_size));
            } else {
                let may_lack_bytes = cleaned == Cleaned::NotYet && told.may_be_gone(&key, record.expires_at);
                assert!(may_lack_bytes, "without bytes: {record:?}");
            }
            there.push(record);
        }
    }
    let listed: BTreeSet<_> = there.iter().map(|record| (record.user_id, &record.file_id, &record.sha256)).collect();
    for (key, (sha256, end)) in &told.saved {
        let is_there = listed.contains(&(key.0, &key.1, sha256));
        assert!(is_there || told.may_be_gone(key, *end), "lost: {key:?}");
    }
    for (user, id) in &told.deleted {
        assert!(there.iter().all(|record| (record.user_id, &record.file_id) != (*user, id)), "not deleted: {id}");
    }
    there
}

async fn content(files: &UserFiles, record: &FileRecord) -> Option<Vec<u8>> {
    let mut open = files.open_file(record.user_id, record.file_id.as_str()).await.ok()?;
    let mut content = Vec::new();
    open.content.file.read_to_end(&mut content).await.unwrap();
    Some(content)
}

/// On the disk lies what the catalog knows, and nothing else: no folder without files, and nothing unfinished.
fn check_disk(data_dir: &Path, there: &[FileRecord]) {
    let mut lying = BTreeSet::new();
    for entry in entries(&data_dir.join("user_files")) {
        let name = format!("user_files/{entry}");
        if entry == MARK {
            continue;
        }
        let inside = entries(&data_dir.join(&name));
        assert!(!inside.is_empty(), "nothing is in {name}");
        lying.extend(inside.iter().map(|file| format!("{name}/{file}")));
    }
    assert_eq!(lying, paths(there), "only bytes of files that are there");
    for user in entries(&data_dir.join("message_workspaces")) {
        for file in entries(&data_dir.join("message_workspaces").join(user)) {
            assert!(Path::new(&file).extension().is_some_and(|end| end == "json"), "{file} was not finished");
        }
    }
}

async fn known(catalog: &dyn Catalog) -> BTreeSet<String> {
    let (mut paths, mut after) = (BTreeSet::new(), None);
    loop {
        let known = catalog.known_files(after.as_ref()).await.unwrap();
        let Some(last) = known.last() else { return paths };
        after = Some(last.key.clone());
        paths.extend(known.into_iter().map(|known| known.file_path));
    }
}

fn paths(records: &[FileRecord]) -> BTreeSet<String> {
    records.iter().map(|record| record.file_path.clone()).collect()
}

fn entries(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
