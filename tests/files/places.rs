//! Where bytes lie, and that nothing leads elsewhere.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
};

use rstest::rstest;
use taipan::{
    files::{Name, NotAPlace, Place},
    identifiers::{FileId, UserId},
};

use super::{MB, OWNER, lying_in, receive, save, store};

/// S5
#[rstest]
#[case("sales.csv", "csv")]
#[case("SALES.CSV", "csv")]
#[case("backup.tar.gz", "tar.gz")]
#[case("sales.csv.gz", "csv.gz")]
#[case("README", "bin")]
#[case(".env", "bin")]
#[case("x.verylongextensionindeed", "bin")]
#[case("x.a b", "bin")]
#[case("x.ü", "bin")]
#[case("x.xyz", "xyz")]
fn the_extension_is_the_name_s_or_bin(#[case] name: &str, #[case] extension: &str) {
    let id = FileId::saved_at(OWNER, 1, 0);
    assert_eq!(Place::of(OWNER, &id, name).to_string(), format!("user_files/7/7_1_00000000.{extension}"));
}

/// S5: a record may have been changed by somebody; it leads nowhere but to stored files.
#[rstest]
#[case("/etc/passwd")]
#[case("user_files/7/../../../etc/passwd")]
#[case("user_files/../7/a.bin")]
#[case("user_files/7/a/b.bin")]
#[case("user_files/7/.hidden.part")]
#[case("user_files/7/..")]
#[case("user_files/7/a\0.bin")]
#[case("user_files/x/a.bin")]
#[case("user_files//a.bin")]
#[case("other/7/a.bin")]
#[case("user_files/7/")]
#[case("user_files/7/no_extension")]
#[case("")]
fn nothing_else_is_read_as_a_place(#[case] text: &str) {
    assert_eq!(text.parse::<Place>(), Err(NotAPlace));
}

/// S5
#[test]
fn a_place_says_whose_file_it_is_and_which() {
    let id: FileId = "code_gen_msg-1_00112233aabbccdd".parse().unwrap();
    let place = Place::of(UserId(-3), &id, "x.tar.gz");
    assert_eq!(place.to_string(), "user_files/-3/code_gen_msg-1_00112233aabbccdd.tar.gz");
    assert_eq!((place.owner(), place.file_id()), (UserId(-3), Some(id)));
}

/// S3: folders are closed to other accounts of the machine; X4: files are open to sandboxes, which are shown them one
/// by one.
#[tokio::test]
async fn nobody_else_enters_the_folder() {
    let (folder, store) = store();
    let place = save(&store, "a.csv", b"a").await;
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("user_files"), 0o700);
    assert_eq!(mode("user_files/7"), 0o700);
    assert_eq!(mode(&place.to_string()), 0o644);
}

/// S3
#[tokio::test]
async fn a_link_in_an_owner_s_folder_is_not_followed() {
    let (folder, store) = store();
    let place = save(&store, "a.csv", b"a").await;
    let (lies, secret) = (folder.path().join(place.to_string()), folder.path().join("secret"));
    fs::write(&secret, "secret").unwrap();
    fs::remove_file(&lies).unwrap();
    symlink(&secret, &lies).unwrap();
    assert_eq!(store.read(&place).await.unwrap_err().to_string(), "The file's content is no longer there.");
    assert_eq!(store.path(&place).await.unwrap_err().to_string(), "The file's content is no longer there.");
    // Nor is it written through, nor what it leads to removed.
    let mut received = receive(&store, "a.csv", b"a").await.unwrap();
    let error = received.keep(&place.file_id().unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "Another file is stored as '7_1767225600_".to_owned() + &digits(&place) + ".csv'.");
    store.remove(&place).await.unwrap();
    assert_eq!(fs::read(&secret).unwrap(), b"secret");
    assert!(!fs::exists(&lies).unwrap());
}

fn digits(place: &Place) -> String {
    place.file_id().unwrap().as_str().rsplit('_').next().unwrap().to_owned()
}

/// S3
#[tokio::test]
async fn an_owner_s_folder_that_is_a_link_is_not_entered() {
    let (folder, store) = store();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, folder.path().join("user_files/7")).unwrap();
    let error = receive(&store, "a.csv", b"a").await.unwrap_err();
    let said = "The folder of stored files cannot be used (Not a directory (os error 20)). Check its disk.";
    assert_eq!(error.to_string(), said);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

/// S14: what a run left behind is taken for what it is.
#[tokio::test]
async fn only_a_regular_file_of_this_machine_is_taken_in() {
    let (folder, store) = store();
    let link = folder.path().join("link");
    symlink("/etc/hostname", &link).unwrap();
    for (original, reason) in [
        (link, "Too many levels of symbolic links (os error 40)"),
        (folder.path().to_owned(), "it is not a regular file"),
        ("/dev/zero".into(), "it is not a regular file"),
        (folder.path().join("none"), "No such file or directory (os error 2)"),
    ] {
        let error = store.receive_copy(OWNER, Name::of_generated("a.csv"), original, MB).await.unwrap_err();
        let said = format!("The file 'a.csv' could not be received to its end ({reason}). Send it again.");
        assert_eq!(error.to_string(), said);
    }
    assert_eq!(lying_in(&folder.path().join("user_files")), Vec::<String>::new());
}
