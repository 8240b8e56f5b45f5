//! Taking files away, and seeing what lies there.

use std::{fs, os::unix::fs::symlink};

use chrono::{DateTime, Utc};
use taipan::{
    files::{Place, Removal, Store},
    identifiers::{FileId, UserId},
};

use super::{OWNER, lying_in, receive, save, store};

/// S13
#[tokio::test]
async fn a_removed_file_is_gone_and_one_that_is_gone_is_said_to_be() {
    let (folder, store) = store();
    let place = save(&store, "a.csv", b"abc").await;
    assert_eq!(store.remove(&place).await.unwrap(), Removal::Removed { size: 3 });
    assert_eq!(store.remove(&place).await.unwrap(), Removal::WasGone);
    assert_eq!(lying_in(folder.path()), Vec::<String>::new());
    let stranger = Place::of(UserId(8), &FileId::saved_at(UserId(8), 1, 1), "a.csv");
    assert_eq!(store.remove(&stranger).await.unwrap(), Removal::WasGone);
}

/// S13
#[tokio::test]
async fn twenty_files_are_removed_together_then_the_folder() {
    let (folder, store) = store();
    let mut places = Vec::new();
    for number in 0..20 {
        places.push(save(&store, &format!("{number}.txt"), b"a").await);
    }
    assert!(!store.remove_empty_folder(OWNER).await.unwrap());
    let mut removed = store.remove_all(places.clone()).await;
    removed.sort_by(|one, other| one.0.cmp(&other.0));
    places.sort();
    let all: Vec<_> = removed.into_iter().map(|(place, removal)| (place, removal.unwrap())).collect();
    let expected: Vec<_> = places.into_iter().map(|place| (place, Removal::Removed { size: 1 })).collect();
    assert_eq!(all, expected);
    assert!(store.remove_empty_folder(OWNER).await.unwrap());
    assert!(!store.remove_empty_folder(OWNER).await.unwrap());
    assert!(!fs::exists(folder.path().join("user_files/7")).unwrap());
}

/// S13: a folder may be found empty just when something is saved in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_saved_while_their_folder_is_removed() {
    let (_folder, store) = store();
    let removing = tokio::spawn({
        let store = store.clone();
        async move {
            for _ in 0..200 {
                store.remove_empty_folder(OWNER).await.unwrap();
            }
        }
    });
    for number in 0..50 {
        let place = save(&store, &format!("{number}.txt"), b"a").await;
        assert_eq!(store.remove(&place).await.unwrap(), Removal::Removed { size: 1 });
    }
    removing.await.unwrap();
}

/// S7
#[tokio::test]
async fn all_that_lies_in_a_folder_is_seen() {
    let (folder, store) = store();
    let began = Utc::now();
    let place = save(&store, "a.csv", b"abc").await;
    let unfinished = receive(&store, "b.csv", b"b").await.unwrap();
    let own = folder.path().join("user_files/7");
    fs::write(own.join("notes.txt"), "put there").unwrap();
    symlink("/etc/hostname", own.join("link")).unwrap();
    fs::create_dir(own.join("folder")).unwrap();
    fs::create_dir_all(folder.path().join("user_files/-8")).unwrap();
    fs::create_dir_all(folder.path().join("user_files/lost+found")).unwrap();

    let mut owners = store.owners().await.unwrap();
    owners.sort();
    assert_eq!(owners, [UserId(-8), OWNER]);
    assert_eq!(store.lying(UserId(-8)).await.unwrap(), []);
    assert_eq!(store.lying(UserId(9)).await.unwrap(), []);

    let mut lying = store.lying(OWNER).await.unwrap();
    lying.sort_by_key(|file| file.size);
    let seen: Vec<_> = lying.iter().map(|file| (file.place.file_id(), file.size)).collect();
    let expected =
        [(None, 1), (place.file_id(), 3), (Some("notes".parse().unwrap()), 9), (None, "/etc/hostname".len() as u64)];
    assert_eq!(seen, expected);
    let since = DateTime::from_timestamp(began.timestamp(), 0).unwrap();
    assert!(lying.iter().all(|file| (since..=Utc::now()).contains(&file.modified)));
    remove_all_lying(&store).await;
    drop(unfinished);
    assert_eq!(lying_in(&own), Vec::<String>::new());
}

async fn remove_all_lying(store: &Store) {
    for file in store.lying(OWNER).await.unwrap() {
        assert!(matches!(store.remove(&file.place).await.unwrap(), Removal::Removed { .. }));
    }
}
