//! The ids of stored files.

use taipan::{files::Name, identifiers::UserId};

use super::{OWNER, now, receive, store};

/// S4: `printf 'sales.csv\0a,b\n1,2\n' | sha256sum`
const NAMED: &str = "83b1a6c0040afa10b9feb126d79cad61b1c9f8f68747da459c9758cf9d714baf";
/// `printf 'a,b\n1,2\n' | sha256sum`
const CONTENT: &str = "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470";

/// S4
#[tokio::test]
async fn an_id_is_made_of_owner_second_and_a_hash_of_name_and_content() {
    let (_folder, store) = store();
    let received = receive(&store, "sales.csv", b"a,b\n1,2\n").await.unwrap();
    let ids: Vec<_> = received.digests.ids(OWNER, now()).map(String::from).collect();
    let digits: Vec<String> = NAMED.as_bytes().chunks(8).map(|part| String::from_utf8_lossy(part).into()).collect();
    assert_eq!(ids, digits.iter().map(|digits| format!("7_1767225600_{digits}")).collect::<Vec<_>>());
    assert_eq!(received.digests.sha256(), CONTENT);
}

/// H7
#[tokio::test]
async fn the_id_of_a_message_s_file_is_made_of_the_message_and_the_same_hash() {
    let (_folder, store) = store();
    let received = receive(&store, "sales.csv", b"a,b\n1,2\n").await.unwrap();
    let id = received.digests.generated_id(&"msg-1".parse().unwrap());
    assert_eq!(id.as_str(), format!("code_gen_msg-1_{}", &NAMED[..16]));
}

/// S4: a NUL stands in no name, so nothing can be moved from the name into the content.
#[tokio::test]
async fn name_and_content_are_told_apart() {
    let (_folder, store) = store();
    let one = receive(&store, "a", b"b").await.unwrap();
    let other = receive(&store, "ab", b"").await.unwrap();
    assert_ne!(one.digests, other.digests);
}

/// S4
#[tokio::test]
async fn files_of_one_name_in_two_folders_have_two_ids() {
    let (_folder, store) = store();
    let mut ids = Vec::new();
    for name in ["a/plot.png", "b/plot.png"] {
        let received = store.receive(OWNER, Name::of_generated(name), &b"same"[..], 10).await.unwrap();
        ids.push(received.digests.ids(OWNER, now()).next());
    }
    assert_ne!(ids[0], ids[1]);
}

/// S4
#[tokio::test]
async fn every_number_of_a_user_makes_an_id() {
    let (_folder, store) = store();
    let received = receive(&store, "a", b"b").await.unwrap();
    for owner in [UserId(i64::MIN), UserId(-1), UserId(0), UserId(i64::MAX)] {
        for id in received.digests.ids(owner, now()) {
            assert_eq!(id.as_str().parse(), Ok(id));
        }
    }
}
