//! What code may leave to stop or fool whoever collects its files (DESIGN 3, "A run" 4).

use std::time::{Duration, Instant};

use taipan::{Isolation, Request};

use super::{left_out, listed};
use crate::interpreters::{apply, complete, in_both, plain};

/// A pipe nobody writes to, a socket, and a file of many gigabytes that are not there. A sandbox makes no sockets, and
/// no file that is larger than its disk.
#[apply(in_both)]
#[tokio::test]
async fn pipes_sockets_and_sparse_files_stop_nothing(isolation: Isolation) {
    let code = "
import os, socket
def attempt(make):
    try: make()
    except OSError as error: print(error)
os.mkfifo('pipe')
attempt(lambda: socket.socket(socket.AF_UNIX).bind('socket'))
with open('sparse.bin', 'wb') as file:
    file.truncate(600 << 20)
    attempt(lambda: file.truncate(1 << 40))
open('kept.txt', 'w').write('kept')";
    let started = Instant::now();
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(listed(&outcome), [("kept.txt", 4)]);
    let pipe = ("pipe", "It is a pipe, not a regular file.");
    let socket = ("socket", "It is a socket, not a regular file.");
    let sparse = ("sparse.bin", "The files of a run may have 500.0 MB together, and this one does not fit.");
    let (left, printed) = match isolation {
        Isolation::Thread => (vec![pipe, socket, sparse], ""),
        Isolation::Process => (vec![pipe, sparse], "[Errno 1] Operation not permitted\n[Errno 27] File too large\n"),
    };
    assert_eq!((left_out(&outcome), outcome.output.as_str()), (left, printed));
}

/// A thousand folders inside each other.
#[apply(in_both)]
#[tokio::test]
async fn a_tree_without_end_is_left_at_some_depth(isolation: Isolation) {
    let code = "
import os
open('kept.txt', 'w').write('kept')
for _ in range(1000):
    os.mkdir('d'); os.chdir('d')
open('deep.txt', 'w').write('deep')";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(listed(&outcome), [("kept.txt", 4)]);
    let path = ["d"; 33].join("/");
    assert_eq!(
        outcome.notes,
        [format!("Folders more than 32 levels deep were not searched for files, such as '{path}'.")]
    );
}

/// Names that are no text, or that could do something to a terminal.
#[apply(in_both)]
#[tokio::test]
async fn names_that_are_no_text_are_shown_as_text(isolation: Isolation) {
    let code = "
open(b'caf\\xe9.txt', 'w').write('latin')
open('a\\nb\\x1b[31m.txt', 'w').write('control')
open('.'.join(['x' * 250, 'txt']), 'w').write('long')
open('🐍.txt', 'w').write('snake')";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let long = "x".repeat(250) + ".txt";
    assert_eq!(listed(&outcome), [("a_b_[31m.txt", 7), ("caf\u{fffd}.txt", 5), (&long, 4), ("🐍.txt", 5)]);
    for file in &outcome.generated_files {
        assert_eq!(file.read().expect("bytes").len() as u64, file.size);
        file.save_in(tempfile::tempdir().expect("a folder").path()).expect("saved");
    }
}

/// Rights taken away are given back, for the folder and for what is in it.
#[apply(in_both)]
#[tokio::test]
async fn folders_without_rights_are_searched_all_the_same(isolation: Isolation) {
    let code = "
import os
os.mkdir('locked'); open('locked/a.txt', 'w').write('a'); open('b.txt', 'w').write('b')
os.chmod('b.txt', 0); os.chmod('locked', 0); os.chmod('/mnt/data', 0)";
    let interpreter = plain(isolation);
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(listed(&outcome), [("b.txt", 1), ("locked/a.txt", 1)]);
    // The next run's folder is as any other.
    complete(&interpreter, Request::new("open('c.txt', 'w').write('c')")).await;
}

/// The folder itself removed or moved while the code runs: the run ends as its code says, with a sentence about it.
#[tokio::test]
async fn a_folder_that_is_removed_or_moved_is_told_of() {
    let interpreter = plain(Isolation::Thread);
    let gone = ["The run's folder was removed while the code ran; its files are lost."];
    for way in ["shutil.rmtree('/mnt/data')", "shutil.rmtree(os.getcwd())", "os.rmdir('/mnt/data')"] {
        let outcome = complete(&interpreter, Request::new(format!("import os, shutil; {way}; print('on')"))).await;
        assert_eq!(outcome.stdout, "on\n", "{way}");
        assert_eq!((outcome.notes, outcome.generated_files), (gone.map(str::to_owned).to_vec(), vec![]), "{way}");
        let next = complete(&interpreter, Request::new("open('a.txt', 'w').write('a')")).await;
        assert_eq!(listed(&next), [("a.txt", 1)], "{way}");
    }
    let code = "import os; open('a.txt', 'w').write('a'); os.rename('/mnt/data', '/mnt/data-moved')";
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    assert!(outcome.generated_files.is_empty() || listed(&outcome) == [("a.txt", 1)], "{outcome:?}");
    let next = complete(&interpreter, Request::new("open('a.txt', 'w').write('a')")).await;
    assert_eq!(listed(&next), [("a.txt", 1)]);
}

/// In a sandbox the folder is a file system of its own, which cannot be removed or moved.
#[tokio::test]
async fn the_folder_of_a_sandbox_stays_where_it_is() {
    let interpreter = plain(Isolation::Process);
    for way in ["shutil.rmtree('/mnt/data')", "os.rmdir('/mnt/data')", "os.rename('/mnt/data', '/mnt/moved')"] {
        let code = format!("import os, shutil\ntry: {way}\nexcept OSError: open('a.txt', 'w').write('a')\nNone");
        let outcome = complete(&interpreter, Request::new(code)).await;
        assert_eq!((listed(&outcome), &outcome.notes), (vec![("a.txt", 1)], &vec![]), "{way}");
    }
}

/// A thread that goes on writing after the code has ended neither delays nor breaks the answer.
#[apply(in_both)]
#[tokio::test]
async fn a_file_that_still_grows_is_taken_as_it_is(isolation: Isolation) {
    let code = "
import threading, os
stop = threading.Event()
def write():
    with open('growing.log', 'w', buffering=1) as file:
        while not stop.wait(0.001): file.write('line\\n')
threading.Thread(target=write, daemon=True).start()
while not os.path.exists('growing.log'): pass";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let names: Vec<_> = listed(&outcome).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["growing.log"]);
}
