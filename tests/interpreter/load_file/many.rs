//! Many files, and large ones.

use std::{
    fs,
    time::{Duration, Instant},
};

use taipan::{Ending, InputFile, Isolation};

use super::{Uploads, with_files};
use crate::interpreters::{apply, complete, in_both, plain};

/// X4: a thousand files are there for each run, and cost next to nothing while nobody reads them.
#[apply(in_both)]
#[tokio::test]
async fn a_thousand_files_are_available_to_a_run(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let files: Vec<_> = (0..1000)
        .map(|number| uploads.store(&format!("id{number}"), &format!("{number}.txt"), number.to_string()))
        .collect();
    let code = "
import os
print(len(list_files()), len(FILES), len(os.listdir()))
print(sum(int(load_file(key)) for key in FILES))
open('7.txt', 'a').write('0')";
    let started = Instant::now();
    let outcome = complete(&interpreter, with_files(code, files.clone())).await;
    assert_eq!(outcome.stdout, "1000 1000 1000\n499500\n");
    let names: Vec<_> = outcome.generated_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["7.txt"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    // X3: however many there are, the code is told all of them; the outcome's message is cut at 10 KB.
    let code = "
try:
    load_file('none')
except FileNotFoundError as error:
    print(str(error).count('.txt)'))
    raise";
    let outcome = interpreter.execute(with_files(code, files)).await.expect("an outcome");
    assert_eq!(outcome.stdout, "1000\n");
    assert!(matches!(outcome.ending, Ending::Raised(exception) if exception.message.len() < 11 * 1024));
}

/// X4, X5: reading copies nothing; a file larger than a run may leave is read, and changed at its own cost.
#[apply(in_both)]
#[tokio::test]
async fn a_large_file_is_not_copied_to_be_read(isolation: Isolation) {
    let uploads = Uploads::new();
    let interpreter =
        crate::interpreters::settings(isolation).max_workspace_bytes(1000).build().expect("an interpreter");
    let file = fs::File::create(uploads.path("big")).expect("a file");
    file.set_len(3_000_000).expect("its size");
    let file = InputFile::new("big", uploads.path("big")).named("big.bin");
    let code = "
print(len(load_file('big')))
with open('big.bin', 'r+b') as file: file.write(b'changed')
print(open('big.bin', 'rb').read(9))";
    let outcome = complete(&interpreter, with_files(code, [file])).await;
    assert_eq!(outcome.stdout, "3000000\nb'changed\\x00\\x00'\n");
    let files: Vec<_> = outcome.generated_files.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!((files, outcome.omitted.files), (vec![("big.bin", 3_000_000)], Vec::new()));
    assert!(uploads.bytes("big").iter().all(|byte| *byte == 0));
}
