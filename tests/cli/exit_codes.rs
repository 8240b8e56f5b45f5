//! Exit codes: one for each way a run ends (DESIGN 3, "Command line").

use std::path::Path;

use super::program::{Ended, Folder};

#[test]
fn done_is_0() {
    assert_eq!(Folder::new().taipan(&["run", "-c", "x = 1"]), Ended::with(0, "", ""));
}

#[test]
fn an_exception_is_1_with_its_traceback_on_standard_error() {
    let ended = Folder::new().taipan(&["run", "-c", "print('before')\n1 / 0"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), "before\n"));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(
        lines[..3],
        ["Traceback (most recent call last):", "  File \"main.py\", line 2, in <module>", "    1 / 0"]
    );
    assert_eq!(lines.last(), Some(&"ZeroDivisionError: division by zero"));
}

#[test]
fn a_syntax_error_is_1_and_shows_its_place() {
    let ended = Folder::new().taipan(&["run", "-c", "x = (1,\nprint(x"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert_eq!(ended.stderr.lines().last(), Some("SyntaxError: '(' was never closed"));
}

#[test]
fn the_codes_own_number_is_kept_as_the_system_keeps_it() {
    for (call, code) in [("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit(0)", 0), ("sys.exit(-1)", 255)] {
        let ended = Folder::new().taipan(&["run", "-c", &format!("import sys\n{call}")]);
        assert_eq!(ended, Ended::with(code, "", ""), "{call}");
    }
}

#[test]
fn sys_exit_with_a_text_is_1_and_the_text_is_on_standard_error() {
    let ended = Folder::new().taipan(&["run", "-c", "import sys\nsys.exit('no more')"]);
    assert_eq!(ended, Ended::with(1, "", "no more\n"));
}

#[test]
fn the_time_limit_is_124_and_names_the_limit() {
    let ended =
        Folder::new().taipan(&["run", "--timeout", "0.5", "-c", "print('before', flush=True)\nwhile True: pass"]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(124), "before\n"));
    assert_eq!(
        ended.stderr.lines().next(),
        Some("The code was stopped at its time limit of 0.50 s. Output and files until then are kept.")
    );
}

#[test]
fn the_setting_limits_the_time_where_no_option_does() {
    let folder = Folder::new();
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

/// X9: code that ends its process is killed code, also where it asks for the exit code of a success.
#[test]
fn a_sandbox_that_ends_before_its_code_is_137() {
    let killed = "The process of the code was killed by signal 6. Output and files until then are kept.\n";
    let ended = "The process of the code ended before the code did. Output and files until then are kept.\n\
                 ℹ️ The code ended its process by itself: nothing after that was run.\n";
    for (end, told) in [("os.abort()", killed), ("os._exit(0)", ended)] {
        let code = format!("import os; print('begun'); {end}");
        let output = Folder::new().taipan(&["run", "--isolation", "process", "-c", &code]);
        assert_eq!(output, Ended::with(137, "begun\n", told), "{end}");
    }
}
