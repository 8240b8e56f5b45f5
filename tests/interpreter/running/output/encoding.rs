//! What cannot be encoded is shown escaped, never an exception (X12).

use std::process::Command;

use taipan::{Isolation, Request};

use crate::interpreters::{apply, complete, in_both, plain};

/// X12
#[apply(in_both)]
#[tokio::test]
async fn lone_surrogates_are_shown_escaped(isolation: Isolation) {
    let code = "
import sys
print('a\\ud800b')
print('\\udfff', file=sys.stderr)
'\\ud800'
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.output, "a\\ud800b\n\\udfff\n");
    assert_eq!(outcome.result.map(|result| result.text), Some("'\\ud800'".to_owned()));
}

/// X12
#[apply(in_both)]
#[tokio::test]
async fn bytes_that_are_not_utf8_are_shown_escaped(isolation: Isolation) {
    let code = r"
import sys
out = sys.stdout.buffer
out.write(b'\xff and \xc3'); out.write(b'\xa9\n')
out.write(b'\xe2\x82'); out.write(b'\xac \xf0\x9f'); out.write(b'\x98\x80\n')
out.write(b'\xe2\x82('); out.write(b'\n')
out.flush()
sys.stderr.buffer.write(b'cut \xf0\x9f')
None
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stdout, "\\xff and é\n€ 😀\n\\xe2\\x82(\n");
    assert_eq!(outcome.stderr, "cut \\xf0\\x9f");
}

/// X12: a character one thread has begun is not ended by another's bytes.
#[apply(in_both)]
#[tokio::test]
async fn bytes_of_different_threads_are_decoded_apart(isolation: Isolation) {
    let code = r"
import sys, threading
def write(data):
    sys.stdout.buffer.write(data)
def write_euro():
    write(b'\xe2\x82'); begun.set(); go_on.wait(); write(b'\xac\n')
begun, go_on = threading.Event(), threading.Event()
thread = threading.Thread(target=write_euro)
thread.start(); begun.wait()
write('é\n'.encode())
go_on.set(); thread.join()
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stdout, "é\n€\n");
}

/// X5: the run's folder has one name for people.
#[apply(in_both)]
#[tokio::test]
async fn the_real_folder_is_never_shown(isolation: Isolation) {
    let code = "
import os, sys
print(os.getcwd())
print(sys.path[0])
open('sub.txt', 'w').close()
print(os.path.abspath('sub.txt'))
display(os.getcwd())
os.getcwd() + '/x'
";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.output, "/mnt/data\n/mnt/data\n/mnt/data/sub.txt\n");
    assert_eq!(outcome.displays[0].text, "'/mnt/data'");
    assert_eq!(outcome.result.map(|result| result.text), Some("'/mnt/data/x'".to_owned()));
}

/// Texts and names are UTF-8 whatever the locale: containers often have none.
#[test]
fn files_are_utf8_whatever_the_locale() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let code =
        "open('Übersicht.txt', 'w').write('größe')\nprint(open('Übersicht.txt').read(), *__import__('os').listdir())";
    let output = Command::new(env!("CARGO_BIN_EXE_taipan"))
        .args(["run", "-c", code])
        .current_dir(folder.path())
        .env_remove("LANG")
        .env("LC_ALL", "C")
        .output()
        .expect("the program");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "größe Übersicht.txt\n");
    let kept = std::fs::read_to_string(folder.path().join("taipan-out/Übersicht.txt"));
    assert_eq!(kept.expect("a file"), "größe");
}
