//! Exit codes: one for each way a run ends (DESIGN 3, "Command line").

use std::path::Path;

use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

#[apply(in_both)]
#[test]
fn done_is_0(isolation: Isolation) {
    assert_eq!(Folder::of(isolation).taipan(&["run", "-c", "x = 1"]), Ended::with(0, "", ""));
}

#[apply(in_both)]
#[test]
fn an_exception_is_1_with_its_traceback_on_standard_error(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "print('before')\n1 / 0"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "before\n"));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(
        lines[..3],
        ["Traceback (most recent call last):", "  File \"main.py\", line 2, in <module>", "    1 / 0"]
    );
    assert_eq!(lines.last(), Some(&"ZeroDivisionError: division by zero"));
}

#[apply(in_both)]
#[test]
fn a_syntax_error_is_1_and_shows_its_place(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "x = (1,\nprint(x"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert_eq!(ended.stderr.lines().last(), Some("SyntaxError: '(' was never closed"));
}

#[apply(in_both)]
#[test]
fn the_codes_own_number_is_kept_as_the_system_keeps_it(isolation: Isolation) {
    for (call, code) in [("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit(0)", 0), ("sys.exit(-1)", 255)] {
        let ended = Folder::of(isolation).taipan(&["run", "-c", &format!("import sys\n{call}")]);
        assert_eq!(ended, Ended::with(code, "", ""), "{call}");
    }
}

#[apply(in_both)]
#[test]
fn sys_exit_with_a_text_is_1_and_the_text_is_on_standard_error(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&["run", "-c", "import sys\nsys.exit('no more')"]);
    assert_eq!(ended, Ended::with(1, "", "no more\n"));
}

#[apply(in_both)]
#[test]
fn the_time_limit_is_124_and_names_the_limit(isolation: Isolation) {
    let ended = Folder::of(isolation).taipan(&[
        "run",
        "--timeout",
        "0.5",
        "-c",
        "print('before', flush=True)\nwhile True: pass",
    ]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(124), "before\n"));
    assert_eq!(
        ended.stderr.lines().next(),
        Some("The code was stopped at its time limit of 0.50 s. Output and files until then are kept.")
    );
}

#[apply(in_both)]
#[test]
fn the_setting_limits_the_time_where_no_option_does(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let mut command = folder.command(&["run", "-c", "while True: pass"]);
    let ended = Ended::from(command.env("CODE_EXECUTION_TIMEOUT", "0.25").output().unwrap());
    assert_eq!(ended.code, Some(124));
    assert_eq!(
        ended.stderr.lines().next(),
        Some("The code was stopped at its time limit of 0.25 s. Output and files until then are kept.")
    );
}

#[test]
fn no_python_environment_is_3_and_says_what_to_do() {
    let folder = Folder::new();
    let output = folder.command(&["run", "-c", "1"]).env("TAIPAN_VENV", "/no/such/venv").output().unwrap();
    let sentence = "error: There is no Python environment at /no/such/venv. Run `make venv`, or name one with \
                    TAIPAN_VENV.\n";
    assert_eq!(Ended::from(output), Ended::with(3, "", sentence));
}

#[test]
fn an_environment_for_another_python_is_3_and_names_both_versions() {
    let folder = Folder::new();
    folder.write("venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.8.1\n");
    folder.write("venv/bin/python", "");
    let venv = folder.path().join("venv");
    let output = folder.command(&["run", "-c", "1"]).env("TAIPAN_VENV", &venv).output().unwrap();
    let built = env!("TAIPAN_BUILD_PYTHON_VERSION");
    assert_eq!(Ended::from(output), Ended::with(3, "", &other_python(&venv, built)));
}

fn other_python(venv: &Path, built: &str) -> String {
    let venv = venv.display();
    format!(
        "error: The Python environment at {venv} is for Python 3.8, but this Taipan was built with Python {built}. \
         Make the environment anew (`make venv`), or build Taipan with PYO3_PYTHON={venv}/bin/python.\n"
    )
}

/// X9: each way to lose a process, with the sentence that says so, also where it asks for the exit code of a success.
#[test]
fn code_that_was_killed_is_137_and_the_sentence_says_by_what() {
    let kept = "Output and files until then are kept.";
    let cases = [
        ("import os\nos._exit(0)", format!("The process of the code ended before the code did. {kept}")),
        ("import os\nos.abort()", format!("The process of the code was killed by signal 6 (SIGABRT). {kept}")),
        (
            "import ctypes\nctypes.string_at(0)",
            format!("The process of the code was killed by signal 11 (SIGSEGV). {kept}"),
        ),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            format!("The process of the code was killed by signal 9 (SIGKILL). {kept}"),
        ),
    ];
    for (code, sentence) in cases {
        let folder = Folder::of(Isolation::Process);
        let code = format!("open('a.txt', 'w').write('made')\nprint('before', flush=True)\n{code}");
        let ended = folder.taipan(&["run", "-c", &code]);
        let note = if code.contains("_exit") {
            "ℹ️ The code ended its process by itself: nothing after that was run.\n"
        } else {
            ""
        };
        let stderr = format!("{sentence}\n📎 1 file in taipan-out:\n  📝 a.txt  4 B\n{note}");
        assert_eq!(ended, Ended::with(137, "before\n", &stderr));
        assert_eq!(folder.read("taipan-out/a.txt"), "made");
    }
}

/// What code takes past Python's own `MemoryError`: shared memory, which the limit of the process does not count.
const GREEDY: &str = "import mmap\nprint('before', flush=True)\nmemory = mmap.mmap(-1, 300 << 20)\n\
                      for place in range(0, 300 << 20, 4096): memory[place] = 1";

/// X10: the limit that was hit is named.
#[test]
fn code_that_takes_too_much_memory_is_137_and_names_the_limit() {
    let folder = Folder::of(Isolation::Process);
    let ended = Ended::from(folder.command(&["run", "-c", GREEDY]).env("MEMORY_LIMIT_MB", "64").output().unwrap());
    let sentence = "The code was stopped at its memory limit of 64.0 MB. Output and files until then are kept.\nℹ️ The memory \
                    limit of 64 MB was hit.\n";
    assert_eq!(ended, Ended::with(137, "before\n", sentence));
}

#[test]
fn an_object_beyond_the_memory_limit_is_an_exception() {
    let folder = Folder::of(Isolation::Process);
    let mut command = folder.command(&["run", "-c", "try: bytearray(300 << 20)\nexcept MemoryError: print('no')"]);
    assert_eq!(Ended::from(command.env("MEMORY_LIMIT_MB", "64").output().unwrap()), Ended::with(0, "no\n", ""));
}
