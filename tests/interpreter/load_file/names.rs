//! Whatever a file is called, it is found, stands in the folder and harms nobody.

use taipan::{InputFile, Isolation};

use super::{Uploads, with_files};
use crate::interpreters::{apply, complete, in_both, plain};

/// A name people gave, and the one the file stands under.
const NAMES: &[(&str, &str)] = &[
    ("plain.txt", "plain.txt"),
    ("with space & 'quote' \"double\".txt", "with space & 'quote' \"double\".txt"),
    ("Zoë – данные – 数据 – 🐍.txt", "Zoë – данные – 数据 – 🐍.txt"),
    ("-rf.txt", "-rf.txt"),
    ("%s{0}$HOME`id`.txt", "%s{0}$HOME`id`.txt"),
    (".hidden.txt", ".hidden.txt"),
    ("no extension", "no extension"),
    ("trailing.dot.", "trailing.dot."),
    ("UPPER.TXT", "UPPER.TXT"),
    ("../../etc/passwd", "passwd"),
    ("/absolute/path.txt", "path.txt"),
    ("C:\\Users\\me\\report.txt", "report.txt"),
    ("line\nbreak\tand\u{7}bell.txt", "line_break_and_bell.txt"),
    ("", "file"),
    (".", "file"),
    ("..", "file"),
    ("folder/", "file"),
    (".files", "file.files"),
    ("null\0byte.txt", "null_byte.txt"),
];

/// X5, S14: a name is a name, never a path.
#[apply(in_both)]
#[tokio::test]
async fn a_file_of_any_name_stands_in_the_folder_and_is_found_by_that_name(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let code = "
name = list_files()[0]['name']
value = load_file(name)
value = value.decode() if isinstance(value, bytes) else value
print(ascii(name), value, load_file('the id') is not None, open(name).read(), get_file_path('the id') == '/mnt/data/' + name)";
    for (given, stands) in NAMES {
        let file = uploads.store("the id", given, "text");
        let outcome = complete(&interpreter, with_files(code, [file])).await;
        let shown = ascii(stands);
        assert_eq!(outcome.stdout, format!("{shown} text True text True\n"), "{given:?}");
        assert_eq!((outcome.generated_files, outcome.notes), (Vec::new(), Vec::<String>::new()), "{given:?}");
    }
}

/// As Python's `ascii` shows it.
fn ascii(text: &str) -> String {
    let escape = |character: char| match character {
        ' '..='~' if character != '\'' => character.to_string(),
        '\'' => "'".to_owned(),
        character if (character as u32) < 0x100 => format!("\\x{:02x}", character as u32),
        character if (character as u32) < 0x10000 => format!("\\u{:04x}", character as u32),
        character => format!("\\U{:08x}", character as u32),
    };
    let escaped: String = text.chars().map(escape).collect();
    match (text.contains('\''), text.contains('"')) {
        (true, true) => format!("'{}'", escaped.replace('\'', "\\'")),
        (true, false) => format!("\"{escaped}\""),
        _ => format!("'{escaped}'"),
    }
}

/// A name of more bytes than a file system takes is cut in front of its extension.
#[apply(in_both)]
#[tokio::test]
async fn a_name_that_is_too_long_keeps_its_extension(isolation: Isolation) {
    let uploads = Uploads::new();
    let file = uploads.store("a", &("ä".repeat(300) + ".csv"), "a,b\n1,2\n");
    let code = "name = list_files()[0]['name']\nprint(len(name.encode()), name[-5:], type(load_file(name)).__name__)";
    let outcome = complete(&plain(isolation), with_files(code, [file])).await;
    assert_eq!(outcome.stdout, "254 ä.csv DataFrame\n");
}

/// X7: a file cannot take the place of a module that the interpreter itself or its readers need.
#[apply(in_both)]
#[tokio::test]
async fn files_named_like_modules_take_no_modules_place(isolation: Isolation) {
    let uploads = Uploads::new();
    let names = ["json.py", "pandas.py", "csv.py", "taipan_runtime.py", "_taipan.py", "sitecustomize.py", "main.py"];
    let bomb = "raise SystemExit('executed')";
    let mut files: Vec<_> = names.iter().map(|name| uploads.store(name, name, bomb)).collect();
    files.push(uploads.store("t", "t.csv", "a,b\n1,2\n"));
    let code = "import json\nprint(load_file('t').shape, load_file('json.py'), json.dumps([1]))";
    let outcome = complete(&plain(isolation), with_files(code, files)).await;
    assert_eq!(outcome.stdout, format!("(1, 2) {bomb} [1]\n"));
}

/// The file with the overflow of the output and a file of the user do not lose each other.
#[apply(in_both)]
#[tokio::test]
async fn a_file_named_like_the_overflow_of_the_output_is_kept_apart(isolation: Isolation) {
    let uploads = Uploads::new();
    let interpreter = crate::interpreters::settings(isolation).max_output_bytes(10).build().expect("an interpreter");
    let code = "print(load_file('a'))\nprint('x' * 100)\nprint(open('output.txt').read())";
    let outcome = complete(&interpreter, with_files(code, [uploads.store("a", "output.txt", "mine")])).await;
    assert_eq!(uploads.bytes("a"), b"mine");
    let files: Vec<_> = outcome.generated_files.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(files, [("output-2.txt", 101)]);
}

/// S4: the same bytes twice, the same file twice, the same id twice.
#[apply(in_both)]
#[tokio::test]
async fn equal_bytes_paths_and_ids_do_not_confuse(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let first = uploads.store("a", "a.txt", "same");
    let second = uploads.store("b", "b.txt", "same");
    let again = InputFile::new("c", uploads.path("a")).named("c.txt");
    let code = "
print([load_file(key) for key in 'abc'], open('c.txt').read())
open('c.txt', 'a').write('+')
print(load_file('a'), load_file('b'), load_file('c'))";
    let outcome = complete(&interpreter, with_files(code, [first.clone(), second, again])).await;
    assert_eq!(outcome.stdout, "['same', 'same', 'same'] same\nsame same same+\n");
    let names: Vec<_> = outcome.generated_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((names, uploads.bytes("a")), (vec!["c.txt"], b"same".to_vec()));

    let outcome =
        complete(&interpreter, with_files("print(load_file('a'), len(list_files()))", [first.clone(), first])).await;
    assert_eq!((outcome.stdout.as_str(), outcome.generated_files.len()), ("same 2\n", 0));
}
