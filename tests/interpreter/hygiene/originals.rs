//! The files a run is given never change, whatever the code does to them (X5).

use std::{fs, path::Path};

use taipan::{Isolation, Request};

use crate::interpreters::{apply, complete, in_both, plain, settings};

/// Ways to change the file `given.txt`, each with what the run reads afterwards.
const CHANGES: &[(&str, &str)] = &[
    ("open('given.txt', 'w').write('new')", "new"),
    ("open('/mnt/' + 'data/given.txt', 'a').write('+')", "old+"),
    ("file = open(get_file_path('given'), 'r+'); file.seek(1); file.write('!'); file.close()", "o!d"),
    ("file = open('given.txt', 'rb+', buffering=0); file.write(b'N'); file.close()", "Nld"),
    ("import os; os.truncate('given.txt', 1)", "o"),
    ("import os; file = os.open('given.txt', os.O_RDWR); os.write(file, b'X'); os.close(file)", "Xld"),
    ("import pathlib; pathlib.Path('given.txt').write_text('path')", "path"),
    ("import pathlib; pathlib.Path('/mnt/data/given.txt').write_bytes(b'bytes')", "bytes"),
    ("import shutil; open('b', 'w').write('copied'); shutil.copy('b', 'given.txt')", "copied"),
    ("import shutil; open('b', 'w').write('moved'); shutil.move('b', 'given.txt')", "moved"),
    ("import os; open('b', 'w').write('replaced'); os.replace('b', 'given.txt')", "replaced"),
    ("import os; os.rename('given.txt', 'c'); open('c', 'a').write('+'); os.rename('c', 'given.txt')", "old+"),
    ("import os; os.link('given.txt', 'hard'); open('hard', 'a').write('+'); os.replace('hard', 'given.txt')", "old+"),
    ("import os; os.symlink('given.txt', 'soft'); open('soft', 'a').write('+')", "old+"),
    ("import os; os.remove('given.txt'); open('given.txt', 'w').write('again')", "again"),
    ("import os; os.chmod('given.txt', 0o600); os.utime('given.txt', (1, 1))", "old"),
    ("import gzip; gzip.open('given.txt', 'wb').close(); open('given.txt', 'w').write('zip')", "zip"),
    ("import bz2; bz2.open('given.txt', 'wb').close(); open('given.txt', 'w').write('bz2')", "bz2"),
    ("import lzma; lzma.open('given.txt', 'wb').close(); open('given.txt', 'w').write('xz')", "xz"),
    ("import codecs; codecs.open('given.txt', 'w', 'utf-8').write('codecs')", "codecs"),
    ("import fileinput\nfor line in fileinput.input('given.txt', inplace=True): print(line, end='!')", "old!"),
    (
        "import mmap\nwith open('given.txt', 'r+b') as file:\n    with mmap.mmap(file.fileno(), 0) as map: map[0:1] = b'M'",
        "Mld",
    ),
    ("import zipfile, os\nwith zipfile.ZipFile('given.txt', 'w'): pass\nos.truncate('given.txt', 0)", ""),
    ("import tarfile, os\nwith tarfile.open('given.txt', 'w'): pass\nos.truncate('given.txt', 0)", ""),
    (
        "import threading\nthread = threading.Thread(target=lambda: open('given.txt', 'w').write('thread'))\nthread.start(); thread.join()",
        "thread",
    ),
];

#[apply(in_both)]
#[tokio::test]
async fn the_original_stays_as_it_is_while_the_run_sees_its_own_change(isolation: Isolation) {
    let folder = tempfile::tempdir().expect("a folder");
    let original = folder.path().join("given.txt");
    let interpreter = plain(isolation);
    for (change, now) in CHANGES {
        fs::write(&original, "old").expect("a file");
        let before = told(&original);
        let code = format!("{change}\nprint(open('given.txt').read())");
        let outcome = complete(&interpreter, Request::new(code).input_file("given", &original)).await;
        assert_eq!(outcome.output, format!("{now}\n"), "{change}");
        assert_eq!(told(&original), before, "{change}");
    }
}

/// Content, permissions and time of a file.
fn told(path: &Path) -> (String, u32, std::time::SystemTime) {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).expect("a file");
    (fs::read_to_string(path).expect("a file"), metadata.permissions().mode(), metadata.modified().expect("a time"))
}

#[apply(in_both)]
#[tokio::test]
async fn a_database_is_changed_in_the_runs_own_copy(isolation: Isolation) {
    let folder = tempfile::tempdir().expect("a folder");
    let original = folder.path().join("shop.db");
    let interpreter = plain(isolation);
    let make = "import sqlite3\nwith sqlite3.connect('shop.db') as shop: shop.execute('create table sold (n)')";
    complete(&interpreter, Request::new(make)).await.generated_files[0].save_in(folder.path()).expect("a file");
    let before = fs::read(&original).expect("a file");
    let change = "import sqlite3\nshop = sqlite3.connect('/mnt/' + 'data/shop.db')\nshop.execute('insert into sold values (7)')\n\
                  shop.commit()\nprint(shop.execute('select * from sold').fetchall())";
    let outcome = complete(&interpreter, Request::new(change).input_file("shop", &original)).await;
    assert_eq!(outcome.output, "[(7,)]\n");
    assert_eq!(fs::read(&original).expect("a file"), before);
}

#[apply(in_both)]
#[tokio::test]
async fn libraries_write_to_the_runs_own_copy(isolation: Isolation) {
    let folder = tempfile::tempdir().expect("a folder");
    let interpreter = settings(isolation).preload(["pandas", "pyarrow.parquet"]).build().expect("an interpreter");
    let changes = [
        "frame.to_csv(NAME)",
        "frame.to_json('/mnt/' + 'data/' + NAME)",
        "frame.to_parquet(NAME)",
        "frame.to_feather(NAME)",
        "frame.to_excel(NAME)",
        "frame.to_pickle(NAME)",
        "import pyarrow as pa, pyarrow.parquet as pq; pq.write_table(pa.Table.from_pandas(frame), NAME)",
        "import numpy as np; np.savetxt(NAME, frame)",
        "import numpy as np; np.memmap(NAME, mode='r+', dtype='u1', shape=3)[0] = 1",
        "from PIL import Image; Image.new('L', (1, 1)).save(NAME, 'PNG')",
    ];
    for change in changes {
        let original = folder.path().join("given.xlsx");
        fs::write(&original, "old").expect("a file");
        let code = format!(
            "import pandas as pd\nNAME = 'given.xlsx'\nframe = pd.DataFrame({{'a': [1]}})\n{change}\n\
                            print(open(NAME, 'rb').read() != b'old')"
        );
        let outcome = complete(&interpreter, Request::new(code).input_file("given", &original)).await;
        assert_eq!(outcome.output, "True\n", "{change}");
        assert_eq!(fs::read(&original).expect("a file"), b"old", "{change}");
    }
}
