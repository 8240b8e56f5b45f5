//! Taking files in: whole or not at all.

use std::{fs, io, pin::Pin, task};

use taipan::files::{FoundSize, Name, StoreError};
use tokio::io::{AsyncRead, ReadBuf};

use super::{MB, OWNER, content, lying_in, now, receive, save, store};

/// S5
#[tokio::test]
async fn bytes_lie_where_they_are_said_to() {
    let (folder, store) = store();
    let place = save(&store, "sales.csv", b"a,b\n1,2\n").await;
    assert_eq!(place.to_string(), "user_files/7/7_1767225600_83b1a6c0.csv");
    assert_eq!(fs::read(folder.path().join(place.to_string())).unwrap(), b"a,b\n1,2\n");
    assert_eq!(store.path(&place).await.unwrap(), folder.path().join(place.to_string()));
    assert_eq!(content(&store, &place).await, b"a,b\n1,2\n");
    assert_eq!(lying_in(folder.path()), [place.to_string()]);
}

/// S12: name and content decide, as they do for `load_file`.
#[tokio::test]
async fn a_file_is_looked_at_by_name_and_content() {
    let (_folder, store) = store();
    let csv = receive(&store, "sales.csv", b"a,b\n").await.unwrap();
    assert_eq!((csv.detected.file_type.name, csv.detected.file_type.kind.emoji()), ("csv", "📊"));
    let picture = receive(&store, "sales.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").await.unwrap();
    assert_eq!((picture.detected.file_type.name, picture.detected.file_type.kind.name()), ("image", "image"));
    let unknown = receive(&store, "x.unknown", b"\0\x01\x02").await.unwrap();
    assert_eq!(unknown.detected.file_type.name, "binary");
}

/// S5
#[tokio::test]
async fn a_file_of_no_bytes_is_a_file() {
    let (_folder, store) = store();
    let place = save(&store, "empty", b"").await;
    assert_eq!(content(&store, &place).await, b"");
}

/// S10
#[tokio::test]
async fn the_limit_itself_fits_and_one_byte_more_does_not() {
    let (folder, store) = store();
    let name = || Name::of_upload("large.bin");
    let bytes = |count: u64| tokio::io::AsyncReadExt::take(tokio::io::repeat(b'x'), count);
    let fits = store.receive(OWNER, name(), bytes(3 * MB), 3 * MB).await.unwrap();
    assert_eq!(fits.size, 3 * MB);
    drop(fits);
    let error = store.receive(OWNER, name(), bytes(3 * MB + 1), 3 * MB).await.unwrap_err();
    assert!(matches!(&error, StoreError::TooLarge { size: FoundSize::MoreThan(most), .. } if *most == 3 * MB));
    assert_eq!(error.to_string(), "The file 'large.bin' has more than 3.0 MB; a file may have at most 3.0 MB.");
    assert_eq!(lying_in(folder.path()), Vec::<String>::new());
}

/// S10: what lies here already is named with its size.
#[tokio::test]
async fn a_file_of_this_machine_is_measured_before_it_is_copied() {
    let (folder, store) = store();
    let original = folder.path().join("large.bin");
    fs::File::create(&original).unwrap().set_len(3 * MB + 1).unwrap();
    let copy = |limit| store.receive_copy(OWNER, Name::of_generated("out/large.bin"), original.clone(), limit);
    let error = copy(3 * MB).await.unwrap_err();
    let said = "The file 'large.bin' has 3.0 MB (3145729 bytes); a file may have at most 3.0 MB.";
    assert_eq!(error.to_string(), said);
    assert_eq!(lying_in(folder.path()), ["large.bin"]);
    assert_eq!(copy(3 * MB + 1).await.unwrap().size, 3 * MB + 1);
}

/// S4: the same bytes under the same name in one second are one file.
#[tokio::test]
async fn the_same_file_twice_in_a_second_is_one() {
    let (folder, store) = store();
    let one = save(&store, "sales.csv", b"a,b\n1,2\n").await;
    let other = save(&store, "sales.csv", b"a,b\n1,2\n").await;
    assert_eq!(one, other);
    assert_eq!(lying_in(folder.path()), [one.to_string()]);
    assert_eq!(content(&store, &one).await, b"a,b\n1,2\n");
}

/// S4
#[tokio::test]
async fn another_content_never_replaces_what_is_there() {
    let (folder, store) = store();
    let first = save(&store, "a.csv", b"first").await;
    let mut second = receive(&store, "a.csv", b"other").await.unwrap();
    let error = second.keep(&first.file_id().unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("Another file is stored as '{}.csv'.", first.file_id().unwrap()));
    let place = second.keep(&second.digests.ids(OWNER, now()).nth(1).unwrap()).await.unwrap();
    assert_eq!(content(&store, &first).await, b"first");
    assert_eq!(content(&store, &place).await, b"other");
    let mut places = [first.to_string(), place.to_string()];
    places.sort();
    assert_eq!(lying_in(folder.path()), places);
}

/// S4: whoever finds an id taken when its record is written gives the file the next one.
#[tokio::test]
async fn a_kept_file_can_be_given_another_id() {
    let (folder, store) = store();
    let mut received = receive(&store, "a.csv", b"a").await.unwrap();
    let ids: Vec<_> = received.digests.ids(OWNER, now()).collect();
    received.keep(&ids[0]).await.unwrap();
    let place = received.keep(&ids[1]).await.unwrap();
    drop(received);
    assert_eq!(lying_in(folder.path()), [place.to_string()]);
}

/// S11
#[tokio::test]
async fn what_is_received_and_not_kept_is_gone() {
    let (folder, store) = store();
    let received = receive(&store, "a.csv", b"a").await.unwrap();
    assert_eq!(lying_in(folder.path()).len(), 1);
    drop(received);
    assert_eq!(lying_in(folder.path()), Vec::<String>::new());
}

/// S11
#[tokio::test]
async fn a_receipt_that_is_given_up_leaves_nothing() {
    let (folder, store) = store();
    let mut receiving = Box::pin(store.receive(OWNER, Name::of_upload("a.csv"), SomeThenNothing(300_000), MB));
    // Until its first bytes lie on the disk; the rest never comes.
    while lying_in(folder.path()).is_empty() {
        tokio::select! {
            _ = &mut receiving => panic!("nothing ends it"),
            () = tokio::task::yield_now() => {}
        }
    }
    drop(receiving);
    // A piece of work that has begun removes the file when it is done.
    while !lying_in(folder.path()).is_empty() {
        tokio::task::yield_now().await;
    }
}

/// Bytes that stop coming without an end.
struct SomeThenNothing(usize);

impl AsyncRead for SomeThenNothing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> task::Poll<io::Result<()>> {
        if self.0 == 0 {
            return task::Poll::Pending;
        }
        let count = self.0.min(buffer.remaining());
        buffer.put_slice(&vec![b'x'; count]);
        self.0 -= count;
        task::Poll::Ready(Ok(()))
    }
}

/// S11
#[tokio::test]
async fn a_sender_that_fails_is_said_to_and_leaves_nothing() {
    let (folder, store) = store();
    let source = tokio::io::AsyncReadExt::chain(&b"beginning"[..], failing());
    let error = store.receive(OWNER, Name::of_upload("a.csv"), source, MB).await.unwrap_err();
    let said = "The file 'a.csv' could not be received to its end (connection reset). Send it again.";
    assert_eq!(error.to_string(), said);
    assert_eq!(lying_in(folder.path()), Vec::<String>::new());
}

fn failing() -> impl AsyncRead + Unpin {
    struct Failing;
    impl AsyncRead for Failing {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut task::Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> task::Poll<io::Result<()>> {
            task::Poll::Ready(Err(io::Error::from(io::ErrorKind::ConnectionReset)))
        }
    }
    Failing
}

/// S11
#[tokio::test]
async fn many_files_at_a_time_are_all_whole() {
    let (folder, store) = store();
    let mut saving = tokio::task::JoinSet::new();
    for number in 0..100_u32 {
        let store = store.clone();
        saving.spawn(async move {
            let name = format!("{number}.txt");
            (save(&store, &name, name.repeat(1000).as_bytes()).await, name)
        });
    }
    let saved = saving.join_all().await;
    assert_eq!(lying_in(folder.path()).len(), 100);
    for (place, name) in saved {
        assert_eq!(content(&store, &place).await, name.repeat(1000).into_bytes());
    }
}
