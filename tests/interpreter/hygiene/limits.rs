//! What isolation `thread` does not keep apart: ARCHITECTURE.md lists it, and each test here shows one line of the list.
//!
//! Each in a process of its own, since it would reach the other tests as well.

use std::{fs, future::Future};

use taipan::{Ending, Isolation, Request};

use super::{at_once, printed, two_workers};
use crate::{
    interpreters::{complete, plain},
    own_process::async_in_own_process,
};

fn alone(test: &str, rest: impl Future<Output = ()>) {
    async_in_own_process(&format!("interpreter::hygiene::limits::{test}"), rest);
}

/// The run after this one, on the same worker, prints `seen` where a first run prints `fresh`.
async fn reaches_the_next_run(change: &str, look: &str, [fresh, seen]: [&str; 2]) {
    let interpreter = plain(Isolation::Thread);
    assert_eq!(printed(&interpreter, look).await, format!("{fresh}\n"));
    printed(&interpreter, change).await;
    assert_eq!(printed(&interpreter, look).await, format!("{seen}\n"), "kept apart: take it off the list");
}

/// A run that goes on meanwhile prints `seen` where it printed `fresh` before (`put_back` tests the runs that follow).
async fn reaches_a_run_at_once(change: &str, look: &str, [fresh, seen]: [&str; 2]) {
    let interpreter = two_workers();
    let first = format!("meet()\n{change}\nmeet()\nmeet()");
    let second = format!("{look}\nmeet()\nmeet()\n{look}\nmeet()");
    let [first, second] = at_once(&interpreter, [&first, &second]).await;
    assert_eq!((first.ending, second.ending), (Ending::Completed, Ending::Completed));
    assert_eq!(second.output, format!("{fresh}\n{seen}\n"), "kept apart: take it off the list");
}

#[test]
fn a_patched_module_is_patched_for_runs_at_once() {
    let look = "import json; print(json.dumps(1))";
    alone(
        "a_patched_module_is_patched_for_runs_at_once",
        reaches_a_run_at_once("import json; json.dumps = lambda _: 'patched'", look, ["1", "patched"]),
    );
}

#[test]
fn a_setting_of_the_process_holds_for_runs_at_once() {
    let look = "import socket; print(socket.getdefaulttimeout())";
    alone(
        "a_setting_of_the_process_holds_for_runs_at_once",
        reaches_a_run_at_once("import socket; socket.setdefaulttimeout(7)", look, ["None", "7.0"]),
    );
}

#[test]
fn a_changed_table_of_a_shared_module_stays_changed() {
    let look = "import keyword; print('made_up' in keyword.kwlist)";
    alone(
        "a_changed_table_of_a_shared_module_stays_changed",
        reaches_the_next_run("import keyword; keyword.kwlist.append('made_up')", look, ["False", "True"]),
    );
}

#[test]
fn a_shared_module_stays_imported() {
    let look = "import sys; print('wave' in sys.modules)";
    alone("a_shared_module_stays_imported", reaches_the_next_run("import wave", look, ["False", "True"]));
}

#[test]
fn a_codec_or_dialect_stays_registered() {
    let change = "import codecs, csv\ncsv.register_dialect('mine')\n\
                  codecs.register_error('mine', lambda error: ('?', error.end))";
    let look = "import csv\ntry: print(csv.get_dialect('mine') and 'ö'.encode('ascii', 'mine'))\n\
                except csv.Error: print(None)";
    alone("a_codec_or_dialect_stays_registered", reaches_the_next_run(change, look, ["None", "b'?'"]));
}

#[test]
fn an_audit_hook_stays() {
    let change = "import keyword, sys\nkeyword.heard = heard = []\n\
                  sys.addaudithook(lambda event, _, heard=heard: event == 'mine' and heard.append(event))";
    let look = "import keyword, sys\nsys.audit('mine')\nprint(getattr(keyword, 'heard', []))";
    alone("an_audit_hook_stays", reaches_the_next_run(change, look, ["[]", "['mine']"]));
}

#[test]
fn a_descriptor_is_open_for_all() {
    alone("a_descriptor_is_open_for_all", async {
        let interpreter = two_workers();
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("number");
        let opens = format!(
            "import os\nopen('a', 'w').write('of another')\nnumber = os.open('a', os.O_RDONLY)\n\
             open({place:?}, 'w').write(str(number))\nmeet()\nmeet()"
        );
        let reads = format!("import os\nmeet()\nprint(os.read(int(open({place:?}).read()), 99))\nmeet()");
        let [_, second] = at_once(&interpreter, [&opens, &reads]).await;
        assert_eq!(second.output, "b'of another'\n", "kept apart: take it off the list");
    });
}

#[test]
fn a_file_outside_of_the_folder_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let change = format!("open('{}/left', 'w').close()", folder.path().display());
    let look = format!("import os; print(os.listdir('{}'))", folder.path().display());
    alone("a_file_outside_of_the_folder_stays", async move {
        reaches_the_next_run(&change, &look, ["[]", "['left']"]).await;
    });
}

#[test]
fn a_limit_of_the_process_stays() {
    let change = "import resource\nsoft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n\
                  resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))";
    alone("a_limit_of_the_process_stays", async move {
        let interpreter = plain(Isolation::Thread);
        let look = "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])";
        let before: u64 = printed(&interpreter, look).await.trim().parse().expect("a number");
        printed(&interpreter, change).await;
        let after: u64 = printed(&interpreter, look).await.trim().parse().expect("a number");
        assert_eq!(after, before - 1, "kept apart: take it off the list");
    });
}

/// Linux keeps the priority by thread, and only a privileged user may raise it again.
#[test]
fn a_lowered_priority_stays_with_the_worker() {
    alone("a_lowered_priority_stays_with_the_worker", async {
        let interpreter = plain(Isolation::Thread);
        let look = "import os; print(os.nice(0))";
        let before: i32 = printed(&interpreter, look).await.trim().parse().expect("a number");
        printed(&interpreter, "import os; os.nice(1) and None").await;
        let after: i32 = printed(&interpreter, look).await.trim().parse().expect("a number");
        assert_eq!(after, before + 1, "kept apart: take it off the list");
    });
}

/// `os.environ` is the run's own; C code asks the process.
#[test]
fn c_code_does_not_see_the_environment_of_the_run() {
    alone("c_code_does_not_see_the_environment_of_the_run", async {
        let code = "import os, time\nbefore = time.tzname\nos.environ['TZ'] = 'XYZ-5'\ntime.tzset()\nprint(time.tzname == before)";
        assert_eq!(printed(&plain(Isolation::Thread), code).await, "True\n", "it is seen: take it off the list");
    });
}

/// Objects of other runs can be found by those who look for them: `thread` is no security boundary.
#[test]
fn objects_of_other_runs_can_be_found() {
    alone("objects_of_other_runs_can_be_found", async {
        let interpreter = two_workers();
        let keeps = "class Mine:\n    word = 'secret'\nthing = [Mine()]\nmeet()\nmeet()";
        let looks = "import gc\nmeet()\n\
                     print({each.word for each in gc.get_objects() if type(each).__name__ == 'Mine'})\nmeet()";
        let [_, second] = at_once(&interpreter, [keeps, looks]).await;
        assert_eq!(second.output, "{'secret'}\n", "kept apart: take it off the list");
    });
}

/// Paths reach C code as they are, unless they are literals or the library is known.
#[test]
fn c_code_is_given_paths_as_they_are() {
    alone("c_code_is_given_paths_as_they_are", async {
        let folder = tempfile::tempdir().expect("a folder");
        let original = folder.path().join("given.txt");
        fs::write(&original, "old").expect("a file");
        let code = "import ctypes\nlibrary = ctypes.CDLL(None)\n\
                    print(library.access(b'/mnt/' + b'data/given.txt', 0), library.access(b'/mnt/data/given.txt', 0))\n\
                    library.truncate(b'given.txt', 0)\nNone";
        let outcome = complete(&plain(Isolation::Thread), Request::new(code).input_file("given", &original)).await;
        assert_eq!(outcome.output, "-1 0\n", "it is translated: take it off the list");
        assert_eq!(fs::read_to_string(&original).expect("a file"), "", "it is protected: take it off the list");
        assert_eq!(outcome.notes, ["The original of 'given.txt' changed while the code ran."]);
    });
}
