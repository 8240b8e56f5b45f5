//! What counts as generated, and what one has of it.

use taipan::{Ending, Isolation, Request, formats::Kind};

use super::{left_out, listed};
use crate::interpreters::{apply, complete, in_both, plain, settings};

/// S1, S12: any type, sub-folders, kinds by name and by content, exact bytes.
#[apply(in_both)]
#[tokio::test]
async fn files_of_every_type_are_generated_files(isolation: Isolation) {
    let code = "
import os, zipfile
os.makedirs('a/b/c')
open('text.txt', 'w').write('grüße')
open('a/b/c/deep.json', 'w').write('{}')
open('no extension', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR')
open('empty.csv', 'w').close()
open('noise.xyz', 'wb').write(bytes(range(256)))
with zipfile.ZipFile('z.zip', 'w') as archive: archive.writestr('x', 'y')
open('/mnt/data/absolute.md', 'w').write('# Title')";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    let files: Vec<_> = outcome
        .generated_files
        .iter()
        .map(|file| format!("{} {} {} {}", file.name, file.kind, file.file_type, file.size))
        .collect();
    insta::assert_snapshot!(files.join("\n"), @r"
    a/b/c/deep.json structured json 2
    absolute.md text text 7
    empty.csv data csv 0
    no extension image image 16
    noise.xyz binary binary 256
    text.txt text text 7
    z.zip archive archive 101
    ");
    let text = outcome.generated_files.iter().find(|file| file.name == "text.txt").expect("the text");
    assert_eq!(text.read().expect("bytes"), "grüße".as_bytes());
    assert_eq!(text.sha256, "8285d1ad84c6b6e475d3b50dbf90389c8c7a07a278d9ae46d5698cbe872e3834");
    assert_eq!(text.kind, Kind::Text);
}

/// S1: what no one asked for is not offered.
#[apply(in_both)]
#[tokio::test]
async fn hidden_names_caches_and_empty_folders_are_left_out(isolation: Isolation) {
    let code = "
import os, py_compile
os.makedirs('.hidden/folder'); os.makedirs('empty/folder')
open('.env', 'w').write('x'); open('.hidden/folder/a.txt', 'w').write('x')
open('module.py', 'w').write('x = 1')
import module
py_compile.compile('module.py')
os.makedirs('__pycache__', exist_ok=True); open('__pycache__/a.txt', 'w').write('x')
open('kept.txt', 'w').write('x'); open('gone.txt', 'w').write('x'); os.remove('gone.txt')";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(listed(&outcome), [("kept.txt", 1), ("module.py", 5)]);
    assert_eq!((left_out(&outcome), &outcome.notes), (Vec::new(), &Vec::new()));
}

/// X9: what still lies in a buffer when the code ends is written.
#[apply(in_both)]
#[tokio::test]
async fn a_file_that_is_still_open_is_whole(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "
import gzip, io
log = open('log.txt', 'w'); log.write('one line')
raw = open('raw.bin', 'wb', buffering=1 << 20); raw.write(b'x' * 100_000)
text = io.TextIOWrapper(open('wrapped.txt', 'wb')); text.write('wrapped')
def inner():
    global kept
    kept = open('inner.txt', 'a'); kept.write('inner')
inner()";
    let sizes = [("inner.txt", 5), ("log.txt", 8), ("raw.bin", 100_000), ("wrapped.txt", 7)];
    assert_eq!(listed(&complete(&interpreter, Request::new(code)).await), sizes);
    // However the code ends.
    let endings = [("1 / 0", "raised"), ("import sys; sys.exit(3)", "exited"), ("while True: pass", "timed_out")];
    for (end, name) in endings {
        let request = Request::new(format!("{code}\n{end}")).timeout(std::time::Duration::from_millis(500));
        let outcome = interpreter.execute(request).await.expect("an outcome");
        assert_eq!((outcome.ending.name(), listed(&outcome)), (name, sizes.to_vec()));
    }
}

/// Writing beside and renaming is how careful programs save: one file, with its last content.
#[apply(in_both)]
#[tokio::test]
async fn a_file_that_was_replaced_atomically_is_one_file(isolation: Isolation) {
    let code = "
import os, tempfile
for version in range(50):
    with tempfile.NamedTemporaryFile('w', dir='.', delete=False) as file: file.write(f'version {version}')
    os.replace(file.name, 'state.json')";
    assert_eq!(listed(&complete(&plain(isolation), Request::new(code)).await), [("state.json", 10)]);
}

/// Links are named, and not followed; hard links are files.
#[apply(in_both)]
#[tokio::test]
async fn links_are_not_followed(isolation: Isolation) {
    let code = "
import os
os.symlink('/etc/passwd', 'passwd.txt')
os.symlink('/etc', 'etc')
os.symlink('nowhere', 'dangling')
open('real.txt', 'w').write('real'); os.symlink('real.txt', 'alias.txt'); os.link('real.txt', 'twin.txt')";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(listed(&outcome), [("real.txt", 4), ("twin.txt", 4)]);
    let reason = "It is a link, and links are not followed.";
    assert_eq!(left_out(&outcome), ["alias.txt", "dangling", "etc", "passwd.txt"].map(|name| (name, reason)));
}

/// X10: what is more than the output shows is a file like any other.
#[apply(in_both)]
#[tokio::test]
async fn output_beyond_its_limit_is_a_generated_file(isolation: Isolation) {
    let interpreter = settings(isolation).max_output_bytes(1000).build().expect("an interpreter");
    let outcome = complete(&interpreter, Request::new("for i in range(1000): print(f'{i:09}')")).await;
    assert_eq!(outcome.stdout.len(), 1000);
    assert_eq!(outcome.omitted.output_in_file, 9000);
    assert_eq!(listed(&outcome).len(), 1);
    assert_eq!(outcome.generated_files[0].name, "output.txt");
}

/// The bytes can be read and saved while the outcome lives, and leave nothing when it goes.
#[apply(in_both)]
#[tokio::test]
async fn files_live_as_long_as_their_outcome(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import os; os.makedirs('sub'); open('sub/a.txt', 'w').write('text')";
    let outcome = complete(&interpreter, Request::new(code)).await;
    let file = outcome.generated_files[0].clone();
    let target = tempfile::tempdir().expect("a folder");
    let saved = file.save_in(target.path().join("new")).expect("saved");
    assert_eq!(saved, target.path().join("new/sub/a.txt"));
    assert_eq!(std::fs::read(&saved).expect("bytes"), b"text");
    // Saved again, it replaces what is there.
    file.save_in(target.path().join("new")).expect("saved again");

    let clone = outcome.clone();
    let place = file.path.clone();
    drop((outcome, file));
    assert_eq!(clone.generated_files[0].read().expect("bytes"), b"text");
    drop(clone);
    let gone = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        while place.exists() {
            tokio::task::yield_now().await;
        }
    });
    gone.await.expect("the bytes go with the last file");
    // And the next run has an empty folder.
    let outcome = complete(&interpreter, Request::new("import os; os.listdir()")).await;
    assert_eq!(outcome.result.expect("a list").text, "[]");
}

/// X9: files are kept, however the code ends.
#[apply(in_both)]
#[tokio::test]
async fn files_are_kept_when_the_code_fails(isolation: Isolation) {
    let request = Request::new("open('a.txt', 'w').write('text')\nraise ValueError('after')");
    let outcome = plain(isolation).execute(request).await.expect("an outcome");
    assert!(matches!(&outcome.ending, Ending::Raised(exception) if exception.message == "after"));
    assert_eq!(listed(&outcome), [("a.txt", 4)]);
}
