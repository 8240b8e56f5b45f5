//! What code does to its files, it does to copies of its own (X5).

use taipan::Isolation;

use super::{Uploads, with_files};
use crate::interpreters::{apply, complete, in_both, plain};

/// Each way of writing, with what the file holds after it.
const WAYS: &[(&str, &str)] = &[
    ("open('a.txt', 'w').write('new')", "new"),
    ("open('a.txt', 'a').write('+')", "old+"),
    ("f = open('a.txt', 'a'); assert f.name == 'a.txt'; f.close(); open('a.txt', 'w').write('new')", "new"),
    ("open('/mnt/data/a.txt', 'r+').write('X')", "Xld"),
    ("open(FILES['a'], 'w').write('new')", "new"),
    ("import pathlib; pathlib.Path('a.txt').write_text('new')", "new"),
    ("import os; os.truncate('a.txt', 1)", "o"),
    ("import os; f = os.open('a.txt', os.O_WRONLY | os.O_APPEND); os.write(f, b'+'); os.close(f)", "old+"),
    ("open('b', 'w').write('moved'); import os; os.replace('b', 'a.txt')", "moved"),
    (
        "import shutil; open('b', 'w').write('copied'); shutil.copy('b', 'a.txt'); __import__('os').remove('b')",
        "copied",
    ),
    ("import os; os.symlink('a.txt', 'l'); open('l', 'w').write('new'); os.remove('l')", "new"),
    ("import os; os.chmod('a.txt', 0o600); open('a.txt', 'w').write('new')", "new"),
    ("import os; os.remove('a.txt'); open('a.txt', 'w').write('new')", "new"),
];

/// X5: the originals never change, and what was written is found under the file's name.
#[apply(in_both)]
#[tokio::test]
async fn whatever_way_code_writes_the_original_stays_and_the_copy_is_generated(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    for (way, after) in WAYS {
        let file = uploads.store("a", "a.txt", "old");
        let code = format!("{way}\nprint(load_file('a'), open('a.txt').read())");
        let outcome = complete(&interpreter, with_files(&code, [file])).await;
        assert_eq!(outcome.stdout, format!("{after} {after}\n"), "{way}");
        let files: Vec<_> = outcome.generated_files.iter().map(|file| (file.name.as_str(), file.size)).collect();
        assert_eq!(files, [("a.txt", after.len() as u64)], "{way}");
        assert_eq!(uploads.bytes("a"), b"old", "{way}");
    }
}

/// S1: reading is no change, and neither is writing the same bytes again.
#[apply(in_both)]
#[tokio::test]
async fn a_file_that_is_what_it_was_is_not_generated(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    for way in [
        "open('a.txt').read(); load_file('a'); open('a.txt', 'rb').close()",
        "text = open('a.txt').read(); open('a.txt', 'w').write(text)",
        "import os; os.utime('a.txt')",
        "import os; os.remove('a.txt')",
        "import shutil; shutil.copyfile('a.txt', '.copy')",
    ] {
        let file = uploads.store("a", "a.txt", "old");
        let outcome = complete(&interpreter, with_files(way, [file])).await;
        assert_eq!((outcome.generated_files, outcome.notes), (Vec::new(), Vec::<String>::new()), "{way}");
        assert_eq!(uploads.bytes("a"), b"old", "{way}");
    }
}

/// X5: libraries that write by other means than `open` get a copy, too.
#[apply(in_both)]
#[tokio::test]
async fn libraries_change_copies_too(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let code = "
import sqlite3, pandas as pd, numpy as np
database = sqlite3.connect('a.db')
database.execute('INSERT INTO people VALUES (?, ?)', ('new', 3))
database.commit()
print(database.execute('SELECT count(*) FROM people').fetchone())
database.close()
table = load_file('t.csv'); table['c'] = 3; table.to_csv('t.csv', index=False)
table.to_parquet('p.parquet')
import pyarrow as pa, pyarrow.parquet, pyarrow.feather
pyarrow.parquet.write_table(pa.table(table), 'q.parquet')
pyarrow.feather.write_feather(table, '/mnt/' + 'data/f.feather')
np.save('n.npy', np.zeros(3))
print(load_file('t.csv').columns.tolist(), load_file('p').columns.tolist(), load_file('n').tolist())";
    let database = std::fs::read(super::samples().join("sample.db")).expect("a sample");
    let files = [
        uploads.store("d", "a.db", &database),
        uploads.store("t", "t.csv", "a,b\n1,2\n"),
        uploads.store("p", "p.parquet", "old"),
        uploads.store("n", "n.npy", "old"),
        uploads.store("q", "q.parquet", "old"),
        uploads.store("f", "f.feather", "old"),
    ];
    let outcome = complete(&interpreter, with_files(code, files)).await;
    assert_eq!(outcome.stdout, "(3,)\n['a', 'b', 'c'] ['a', 'b', 'c'] [0.0, 0.0, 0.0]\n");
    let names: Vec<_> = outcome.generated_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.db", "f.feather", "n.npy", "p.parquet", "q.parquet", "t.csv"]);
    assert_eq!((uploads.bytes("d"), uploads.bytes("t")), (database, b"a,b\n1,2\n".to_vec()));
    for id in ["p", "n", "q", "f"] {
        assert_eq!(uploads.bytes(id), b"old", "{id}");
    }
}

/// The next run finds the original again, in a folder of its own.
#[apply(in_both)]
#[tokio::test]
async fn the_next_run_has_the_original_again(isolation: Isolation) {
    let (interpreter, uploads) = (plain(isolation), Uploads::new());
    let file = uploads.store("a", "a.txt", "old");
    complete(&interpreter, with_files("open('a.txt', 'w').write('new')", [file.clone()])).await;
    let outcome = complete(&interpreter, with_files("print(load_file('a'))", [file])).await;
    assert_eq!(outcome.stdout, "old\n");
}
