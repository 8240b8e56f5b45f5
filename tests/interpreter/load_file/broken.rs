//! Damaged, mislabelled and unreadable files end in one clear line.

use std::fs;

use taipan::{InputFile, Isolation};

use super::{Uploads, samples, with_files};
use crate::interpreters::{apply, complete, in_both, plain, raised};

/// X2: files cut in half, and files of noise, under every extension whose reader needs base packages alone. Whatever
/// the reader makes of them, an error is one line with the file's name, and of a kind that code can catch.
#[apply(in_both)]
#[tokio::test]
async fn damaged_files_end_in_one_line_with_the_files_name(isolation: Isolation) {
    let uploads = Uploads::new();
    let mut files = Vec::new();
    for entry in fs::read_dir(samples()).expect("the samples") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(extension) = name.strip_prefix("sample.") else { continue };
        let bytes = fs::read(entry.path()).expect("bytes");
        // Reading a pickle is executing it; a damaged one may do anything a damaged program does.
        if matches!(extension, "pickle" | "pkl" | "joblib") {
            continue;
        }
        files.push(uploads.store(&format!("half {name}"), &format!("half.{extension}"), &bytes[..bytes.len() / 2]));
        files.push(uploads.store(&format!("noise {name}"), &format!("noise.{extension}"), noise(4096)));
        files.push(uploads.store(&format!("empty {name}"), &format!("empty.{extension}"), b""));
    }
    let code = "
import warnings
warnings.simplefilter('ignore')
for file in list_files():
    try:
        load_file(file['id'])
    except Exception as error:
        text = str(error)
        if not isinstance(error, (ValueError, OSError, ImportError)) or '\\n' in text or file['name'].rpartition('.')[0] not in text or len(text) > 800:
            print(file['name'], type(error).__name__, text)";
    let outcome = complete(&plain(isolation), with_files(code, files)).await;
    assert_eq!(outcome.stdout, "");
}

/// Bytes that are no format, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// X2, S12: exact words for what goes wrong most.
#[apply(in_both)]
#[tokio::test]
async fn the_line_says_what_is_wrong_and_what_to_do(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let cases = [
        (uploads.store("a", "table.parquet", "PAR1 is not enough"), "load_file('a')"),
        (uploads.store("b", "data.json", "{\"a\": "), "load_file('b')"),
        (uploads.store("c", "t.csv", "a,b\n1,2\n"), "load_file('c', colour='red')"),
        (uploads.store("d", "t.txt", "text"), "load_file('d', pages=True)"),
        (uploads.store("e", "t.csv", "a,b\n1,2\n"), "import os; os.remove('t.csv'); load_file('e')"),
        (uploads.store("f", "t.csv", "a,b\n1,2\n"), "import os; os.remove('t.csv'); os.mkdir('t.csv'); load_file('f')"),
    ];
    let mut seen = Vec::new();
    for (file, code) in cases {
        let (kind, message) = raised(&interpreter, with_files(code, [file])).await;
        seen.push(format!("{kind}: {message}"));
    }
    insta::assert_snapshot!(seen.join("\n"), @r"
    taipan_runtime.readers.failures.ReadError: Could not read 'table.parquet' as parquet: Could not open Parquet input source '<Buffer>': Parquet magic bytes not found in footer. Either the file is corrupted or this is not a parquet file. The file may be damaged, or of another type than its name says; open(get_file_path('table.parquet'), 'rb') gives its bytes.
    taipan_runtime.readers.failures.ReadError: Could not read 'data.json' as json: Expecting value (line 1, column 7). Correct that place, or read it as text: open(get_file_path('data.json')).read().
    TypeError: Could not read 't.csv': 'colour' is not an option for csv files (read_csv() got an unexpected keyword argument 'colour'). Leave it out, or look at the reader's documentation.
    TypeError: Could not read 't.txt': 'pages' is not an option for text files. Options here: encoding, errors.
    FileNotFoundError: Could not read 't.csv': the code has removed or moved it.
    OSError: Could not read 't.csv': not a regular file.
    ");
}

/// S12: content overrides an extension where it positively names another format.
#[apply(in_both)]
#[tokio::test]
async fn a_file_whose_extension_lies_is_found_out_by_its_content(isolation: Isolation) {
    let sample = |id: &str, sample: &str, name: &str| InputFile::new(id, samples().join(sample)).named(name);
    let files = [
        sample("1", "sample.png", "photo.csv"),
        sample("2", "sample.xlsx", "book.csv"),
        sample("3", "sample.parquet", "table.xlsx"),
        sample("4", "sample.pdf", "paper.txt"),
        sample("5", "sample.sqlite", "data.json"),
        sample("6", "sample.csv.gz", "table.csv"),
        sample("7", "sample.npy", "array.unknown"),
        sample("8", "sample.csv", "table.csv"),
        sample("9", "sample.jpg", "picture.png"),
        sample("10", "sample.zip", "archive.xyz"),
    ];
    let code = "
for file in list_files():
    print(file['name'], file['type'], type(load_file(file['id'])).__name__)";
    let outcome = complete(&plain(isolation), with_files(code, files)).await;
    insta::assert_snapshot!(outcome.stdout, @r"
    photo.csv image PngImageFile
    book.csv excel DataFrame
    table.xlsx parquet DataFrame
    paper.txt pdf str
    data.json sqlite Connection
    table.csv csv DataFrame
    array.unknown npy ndarray
    table.csv csv DataFrame
    picture.png image JpegImageFile
    archive.xyz archive str
    ");
}
