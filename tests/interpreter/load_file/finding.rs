//! Files are found by id or by name, and nothing else is.

use taipan::{InputFile, Isolation, Request};

use super::{Uploads, samples, with_files};
use crate::interpreters::{apply, complete, in_both, plain, raised};

/// X2: a native function, as one can see.
#[apply(in_both)]
#[tokio::test]
async fn load_file_is_a_native_function(isolation: Isolation) {
    let code = "print(type(load_file).__name__, type(get_file_path).__name__, type(list_files).__name__)";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.stdout, "builtin_function_or_method builtin_function_or_method builtin_function_or_method\n");
}

/// X2: by id and by a name that only one file has.
#[apply(in_both)]
#[tokio::test]
async fn a_file_is_found_by_its_id_and_by_its_name(isolation: Isolation) {
    let uploads = Uploads::new();
    let code = "
import os
for wanted in ('7_1_aa', 'note.txt'):
    print(repr(load_file(wanted)), get_file_path(wanted))
print(os.path.samefile(FILES['7_1_aa'], 'note.txt'), dict(FILES))
print(list_files())";
    let files = [uploads.store("7_1_aa", "note.txt", "text"), uploads.store("7_2_bb", "sales.csv", "a,b\n1,2\n")];
    let outcome = complete(&plain(isolation), with_files(code, files)).await;
    assert_eq!(
        outcome.stdout,
        "'text' /mnt/data/note.txt
'text' /mnt/data/note.txt
True {'7_1_aa': '/mnt/data/note.txt', '7_2_bb': '/mnt/data/sales.csv'}
[{'id': '7_1_aa', 'name': 'note.txt', 'type': 'text', 'size': 4}, \
{'id': '7_2_bb', 'name': 'sales.csv', 'type': 'csv', 'size': 8}]
"
    );
}

/// X3, word for word.
#[apply(in_both)]
#[tokio::test]
async fn what_is_not_there_is_answered_with_what_is(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let files = [uploads.store("7_1_aa", "note.txt", "text"), uploads.store("7_2_bb", "sales.csv", "a,b\n1,2\n")];
    for function in ["load_file", "get_file_path"] {
        let (kind, message) = raised(&interpreter, with_files(&format!("{function}('8_1_cc')"), files.clone())).await;
        assert_eq!(kind, "FileNotFoundError");
        assert_eq!(message, "File not found or expired: '8_1_cc'. Available: 7_1_aa (note.txt), 7_2_bb (sales.csv)");
        let (kind, message) = raised(&interpreter, Request::new(format!("{function}('8_1_cc')"))).await;
        assert_eq!(kind, "FileNotFoundError");
        assert_eq!(message, "File not found or expired: '8_1_cc'. No files are available. Upload a file first.");
    }
}

/// X3: of two files with one name neither is meant; a list of both helps.
#[apply(in_both)]
#[tokio::test]
async fn a_name_that_two_files_have_is_not_guessed(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let files = [uploads.store("a", "same.txt", "first"), uploads.store("b", "same.txt", "second")];
    let (_, message) = raised(&interpreter, with_files("load_file('same.txt')", files.clone())).await;
    assert_eq!(message, "File not found or expired: 'same.txt'. Available: a (same.txt), b (same.txt)");
    // X5: the newest stands in the folder; both have paths.
    let code = "print(open('same.txt').read(), load_file('a'), load_file('b'), open(FILES['a']).read())";
    let outcome = complete(&interpreter, with_files(code, files)).await;
    assert_eq!((outcome.stdout.as_str(), outcome.generated_files.len()), ("second first second first\n", 0));
}

/// An id goes before a name: whoever chooses a name cannot take another file's place.
#[apply(in_both)]
#[tokio::test]
async fn an_id_goes_before_a_name(isolation: Isolation) {
    let uploads = Uploads::new();
    let files = [uploads.store("a", "b", "by name"), uploads.store("b", "c", "by id")];
    let outcome = complete(&plain(isolation), with_files("print(load_file('b'))", files)).await;
    assert_eq!(outcome.stdout, "by id\n");
}

/// X3: no path is an id, so nothing on the machine can be had this way.
#[apply(in_both)]
#[tokio::test]
async fn a_path_is_not_an_id(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let file = uploads.store("a", "note.txt", "text");
    for wanted in ["/etc/hostname", "../a", "./note.txt", "/mnt/data/note.txt", "", "NOTE.TXT", "note.txt\\0"] {
        let (kind, _) = raised(&interpreter, with_files(&format!("load_file('{wanted}')"), [file.clone()])).await;
        assert_eq!(kind, "FileNotFoundError", "{wanted}");
    }
}

/// X2: options reach the reader of the format.
#[apply(in_both)]
#[tokio::test]
async fn options_go_to_the_reader(isolation: Isolation) {
    let code = "
print(load_file('sample.csv', usecols=['count'], nrows=2).to_dict('list'))
print(sorted(load_file('sample.xlsx', sheet_name=None)))
print(len(load_file('sample.pdf', pages=True)))";
    let names = ["sample.csv", "sample.xlsx", "sample.pdf"];
    let files = names.map(|name| InputFile::new(name, samples().join(name)));
    let outcome = complete(&plain(isolation), with_files(code, files)).await;
    assert_eq!(outcome.stdout, "{'count': [1, 2]}\n['people', 'places']\n2\n");
    assert_eq!(outcome.stderr, "");
}

/// X2, X14: threads and modules of the code have the run's files, and those of no other run.
#[apply(in_both)]
#[tokio::test]
async fn threads_and_modules_of_the_code_load_files_too(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let code = "
import threading
with open('my_module.py', 'w') as file:
    file.write('from __main__ import load_file\\ndef load(): return load_file(\"a\")')
import my_module
loaded = []
threads = [threading.Thread(target=lambda: loaded.append(load_file('a'))) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(set(loaded), len(loaded), my_module.load())";
    let outcome = complete(&interpreter, with_files(code, [uploads.store("a", "a.txt", "mine")])).await;
    assert_eq!(outcome.stdout, "{'mine'} 8 mine\n");
    let (_, message) = raised(&interpreter, Request::new("load_file('a')")).await;
    assert_eq!(message, "File not found or expired: 'a'. No files are available. Upload a file first.");
}

/// A request that names a file that cannot be read is answered before any code runs.
#[apply(in_both)]
#[tokio::test]
async fn a_missing_file_is_an_error_that_names_it(isolation: Isolation) {
    let request = Request::new("print('ran')").input_file("a", "/nowhere/sales.csv");
    let error = plain(isolation).execute(request).await.expect_err("no such file");
    assert_eq!(
        error.to_string(),
        "The file /nowhere/sales.csv cannot be read: No such file or directory (os error 2)."
    );
    let folder = Request::new("print('ran')").input_file("a", std::env::temp_dir());
    let error = plain(isolation).execute(folder).await.expect_err("a folder").to_string();
    assert_eq!(error, format!("The file {} cannot be read: it is not a regular file.", std::env::temp_dir().display()));
}
