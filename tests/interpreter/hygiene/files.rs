//! `/mnt/data` is the run's folder, in code and in what is shown back (X5).

use taipan::{Ending, Isolation, Request};

use super::{printed, two_workers};
use crate::interpreters::{apply, complete, in_both, plain, raised};

/// Ways to say the same path.
#[apply(in_both)]
#[tokio::test]
async fn mnt_data_is_the_runs_folder_however_a_path_is_given(isolation: Isolation) {
    let code = r#"import glob, io, os, pathlib, shutil
base = "/mnt/" + "data"   # not a literal: translated where it is used
open(base + "/a.txt", "w").write("one")
print(open("a.txt").read(), open("/mnt/data/a.txt").read(), io.open(base + "/a.txt").read())
name = "a"
print(open(f"/mnt/data/{name}.txt").read(), open(b"/mnt/data/a.txt").read())
path = pathlib.Path(base) / "b.txt"
path.write_text("two")
print(path.read_text(), path.exists(), path.stat().st_size, os.path.getsize(base + "/b.txt"))
os.makedirs(base + "/c/d")
shutil.copy(base + "/a.txt", base + "/c/d")
os.rename(base + "/b.txt", base + "/c/e.txt")
print(sorted(os.listdir(base)), sorted(os.listdir(base.encode())), sorted(glob.glob(base + "/c/*")))
print([(place, sorted(names)) for place, _, names in os.walk("/mnt/data")])
print(sorted(path.name for path in pathlib.Path("/mnt/data").rglob("*")))
print(os.path.samefile(base, "."), os.path.isdir(base + "/c"), os.access(base + "/a.txt", os.R_OK))
os.chdir(base + "/c")
print(os.getcwd(), os.getcwd() == "/mnt/data/c", os.path.relpath("/mnt/data/a.txt"))
os.symlink(base + "/a.txt", "link")
print(open("link").read(), os.path.islink(base + "/c/link"))
os.truncate(base + "/a.txt", 1)
descriptor = os.open(base + "/a.txt", os.O_RDONLY)
print(os.read(descriptor, 9)); os.close(descriptor)
shutil.rmtree(base + "/c")
os.remove(base + "/a.txt")
print(os.listdir(base))
"#;
    let shown = "one one one
one one
two True 3 3
['a.txt', 'c'] [b'a.txt', b'c'] ['/mnt/data/c/d', '/mnt/data/c/e.txt']
[('/mnt/data', ['a.txt']), ('/mnt/data/c', ['e.txt']), ('/mnt/data/c/d', ['a.txt'])]
['a.txt', 'a.txt', 'c', 'd', 'e.txt']
True True True
/mnt/data/c True ../a.txt
one True
b'o'
[]
";
    assert_eq!(printed(&plain(isolation), code).await, shown);
}

#[apply(in_both)]
#[tokio::test]
async fn names_that_only_begin_alike_are_left_alone(isolation: Isolation) {
    let code = r#"print("/mnt/database", "/home/mnt/data", "/mnt/data.csv", "x/mnt/data", b"/mnt/data-1")
import os
print(os.path.exists("/mnt/" + "database"), "file:///mnt/data/x" == "file://" + os.getcwd() + "/x")"#;
    assert_eq!(
        printed(&plain(isolation), code).await,
        "/mnt/database /home/mnt/data /mnt/data.csv x/mnt/data b'/mnt/data-1'\nFalse True\n"
    );
}

#[apply(in_both)]
#[tokio::test]
async fn the_real_folder_is_never_shown(isolation: Isolation) {
    let interpreter = plain(isolation);
    let code = "import os, sys, threading, warnings\nhere = os.getcwd()\nprint(here)\nsys.stdout.buffer.write(here.encode())\n\
                sys.stderr.write(here + '\\n')\nwarnings.warn(here)\n\
                class Page:\n    def __repr__(self): return here\n    def _repr_html_(self): return f'<a href=\"{here}/a\">'\n    \
                def _repr_markdown_(self): return f'[a]({here}/a)'\ndisplay(Page())\n\
                thread = threading.Thread(target=exec, args=('while True: pass',), name=here)\n\
                thread.start()\nPage()";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.stdout, "/mnt/data\n/mnt/data");
    assert_eq!(outcome.stderr, "/mnt/data\nmain.py:6: UserWarning: /mnt/data\n  warnings.warn(here)\n");
    assert_eq!(outcome.notes, ["The thread '/mnt/data' was still running when the code ended, and was stopped."]);
    for display in [&outcome.displays[0], outcome.result.as_ref().expect("a result")] {
        assert_eq!(display.text, "/mnt/data");
        assert_eq!(display.html.as_deref(), Some("<a href=\"/mnt/data/a\">"));
        assert_eq!(display.markdown.as_deref(), Some("[a](/mnt/data/a)"));
    }
}

#[apply(in_both)]
#[tokio::test]
async fn errors_name_the_folder_as_the_code_knows_it(isolation: Isolation) {
    let interpreter = plain(isolation);
    let missing =
        |path: &str| ("FileNotFoundError".to_owned(), format!("[Errno 2] No such file or directory: '{path}'"));
    let error = raised(&interpreter, Request::new("open('/mnt/data/no.txt')")).await;
    assert_eq!(error, missing("/mnt/data/no.txt"));
    let error = raised(&interpreter, Request::new("import os; os.stat('/mnt/' + 'data/no')")).await;
    assert_eq!(error, missing("/mnt/data/no"));
    let error = raised(&interpreter, Request::new("open('no.txt')")).await;
    assert_eq!(error, missing("no.txt"));
    let code = "open('broken.py', 'w').write('def f():\\n    raise KeyError(__file__)')\nimport broken\nbroken.f()";
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    let Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
    // Python 3.13 marks the call.
    let traceback = exception.traceback.replace("    ~~~~~~~~^^\n", "");
    assert_eq!(
        traceback,
        "Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\n    broken.f()\n  \
         File \"/mnt/data/broken.py\", line 2, in f\n    raise KeyError(__file__)\n\
         KeyError: '/mnt/data/broken.py'\n"
    );
    let code = "open('wrong.py', 'w').write('x = (')\nimport wrong";
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    let Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
    assert!(
        exception.traceback.contains("  File \"/mnt/data/wrong.py\", line 1\n    x = (\n"),
        "{}",
        exception.traceback
    );
}

/// File names and text files are UTF-8 whatever the locale of the program.
#[apply(in_both)]
#[tokio::test]
async fn names_and_texts_are_utf8(isolation: Isolation) {
    let code = "import sys\nopen('ö.txt', 'w').write('ä')\nprint(open('ö.txt').read(), open('ö.txt', 'rb').read())\n\
                print(sys.getfilesystemencoding(), sys.stdout.encoding)";
    let outcome = complete(&plain(isolation), Request::new(code)).await;
    assert_eq!(outcome.output, "ä b'\\xc3\\xa4'\nutf-8 utf-8\n");
    assert_eq!(outcome.generated_files[0].name, "ö.txt");
}

/// Two runs at once see their own folder, also through names that are not literals.
#[tokio::test]
async fn the_folder_of_another_run_is_not_seen() {
    let interpreter = two_workers();
    let code = |name: &str| {
        format!(
            "import os\nopen('/mnt/' + 'data/{name}', 'w').close()\nmeet()\nprint(os.listdir('/mnt/' + 'data'))\nmeet()"
        )
    };
    let [one, two] = super::at_once(&interpreter, [&code("one"), &code("two")]).await;
    assert_eq!((one.output.as_str(), two.output.as_str()), ("['one']\n", "['two']\n"));
}
