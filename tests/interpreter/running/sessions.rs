//! Sessions: an owner's interpreter lives on between his runs (X13).

use std::time::Duration;

use taipan::{Ending, Interpreter, InterpreterError, Isolation, Outcome, Request};

use crate::interpreters::{plain, settings};

async fn run(interpreter: &Interpreter, owner: &str, code: &str) -> Outcome {
    let request = Request::new(code).owner(owner).in_session();
    interpreter.execute(request).await.expect("an outcome")
}

fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.generated_files.iter().map(|file| file.name.as_str()).collect()
}

/// X13, X14
#[tokio::test]
async fn variables_imports_and_files_live_on_for_their_owner_alone() {
    let interpreter = plain(Isolation::Process);
    let first = run(&interpreter, "ann", "import math\nx = 41\nopen('a.txt', 'w').write('a')\nprint(x)").await;
    assert_eq!((first.ending, first.output.as_str()), (Ending::Completed, "41\n"));
    assert_eq!(first.generated_files.len(), 1);
    let second = run(&interpreter, "ann", "print(x + 1, math.floor(2.5), open('a.txt').read())").await;
    assert_eq!((&second.ending, second.output.as_str()), (&Ending::Completed, "42 2 a\n"));
    assert_eq!(names(&second), [] as [&str; 0]);
    let other = run(&interpreter, "bob", "import os\nprint('x' in globals(), os.listdir())").await;
    assert_eq!(other.output, "False []\n");
    let without = interpreter.execute(Request::new("print('x' in globals())").owner("ann")).await.expect("an outcome");
    assert_eq!(without.output, "False\n");
}

/// X13: what a run has generated stays as it was, whatever the next one does to it.
#[tokio::test]
async fn a_generated_file_is_the_one_of_its_run() {
    let interpreter = plain(Isolation::Process);
    let first = run(&interpreter, "ann", "open('a.txt', 'w').write('first')").await;
    let second = run(&interpreter, "ann", "import os\nos.remove('a.txt')\nos.symlink('/etc/passwd', 'a.txt')").await;
    assert_eq!(first.generated_files[0].read().expect("a file"), b"first");
    assert_eq!(names(&second), [] as [&str; 0]);
    let third = run(&interpreter, "ann", "os.remove('a.txt')\nopen('a.txt', 'w').write('third')").await;
    assert_eq!(third.generated_files[0].read().expect("a file"), b"third");
    assert_eq!(first.generated_files[0].read().expect("a file"), b"first");
}

/// X13, X9: a function of an earlier run is shown with its own lines.
#[tokio::test]
async fn a_traceback_shows_the_lines_of_the_run_each_part_is_from() {
    let interpreter = plain(Isolation::Process);
    run(&interpreter, "ann", "def fail():\n    return 1 / 0").await;
    let second = run(&interpreter, "ann", "print('here')\nfail()").await;
    let Ending::Raised(exception) = second.ending else { panic!("an exception is expected") };
    let lines: Vec<_> = exception.traceback.lines().filter(|line| !line.trim_start().starts_with(['^', '~'])).collect();
    assert_eq!(
        lines,
        [
            "Traceback (most recent call last):",
            "  File \"main-2.py\", line 2, in <module>",
            "    fail()",
            "  File \"main.py\", line 2, in fail",
            "    return 1 / 0",
            "ZeroDivisionError: division by zero",
        ]
    );
}

/// X13
#[tokio::test]
async fn an_ended_session_starts_anew() {
    let interpreter = plain(Isolation::Process);
    run(&interpreter, "ann", "x = 1").await;
    assert!(interpreter.end_session(Some("ann")));
    assert!(!interpreter.end_session(Some("ann")));
    assert!(!interpreter.end_session(None));
    let anew = run(&interpreter, "ann", "print('x' in globals())").await;
    assert_eq!((anew.output.as_str(), anew.notes), ("False\n", vec![]));
}

/// X13: idle sessions end, and say so.
#[tokio::test]
async fn a_session_that_is_not_used_ends_and_the_next_run_says_so() {
    let interpreter = settings(Isolation::Process).session_idle(Duration::from_millis(50)).build().expect("one");
    run(&interpreter, "ann", "x = 1").await;
    let anew = loop {
        let next = run(&interpreter, "ann", "print('x' in globals())").await;
        if next.output == "False\n" {
            break next;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let note = "The session before has ended because it was not used for too long; this run begins a new one.";
    assert_eq!(anew.notes, [note]);
}

/// X13: of too many sessions the one that was not used for longest ends.
#[tokio::test]
async fn of_too_many_sessions_the_longest_unused_ends() {
    let interpreter = settings(Isolation::Process).max_sessions(2).build().expect("one");
    for owner in ["ann", "bob", "eve"] {
        run(&interpreter, owner, "x = 1").await;
    }
    for (owner, has_ended) in [("bob", false), ("eve", false), ("ann", true)] {
        let next = run(&interpreter, owner, "print('x' in globals())").await;
        assert_eq!(next.output, if has_ended { "False\n" } else { "True\n" }, "{owner}");
        let note = "The session before has ended because there were too many sessions; this run begins a new one.";
        assert_eq!(next.notes, if has_ended { vec![note] } else { vec![] }, "{owner}");
    }
}

/// X13: a session ends with a run that has to be ended, and says so at once and with the next run.
#[tokio::test]
async fn a_session_that_died_says_so_and_starts_anew() {
    let interpreter = plain(Isolation::Process);
    run(&interpreter, "ann", "x = 1").await;
    let died = run(&interpreter, "ann", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)").await;
    assert_eq!(died.ending, Ending::Killed { signal: 9 });
    assert_eq!(died.notes, ["The session has ended with this run; the next one begins anew."]);
    let anew = run(&interpreter, "ann", "print('x' in globals())").await;
    assert_eq!(anew.output, "False\n");
    let note = "The session before has ended because the run before had to be ended; this run begins a new one.";
    assert_eq!(anew.notes, [note]);
}

/// X13, X10: an exception ends a run, not its session.
#[tokio::test]
async fn a_session_goes_on_after_an_exception() {
    let interpreter = plain(Isolation::Process);
    let first = run(&interpreter, "ann", "x = 1\nraise ValueError('no')").await;
    assert!(matches!(first.ending, Ending::Raised(_)));
    assert_eq!(run(&interpreter, "ann", "x").await.result.map(|value| value.text).as_deref(), Some("1"));
}

/// X13, X10: between its runs a session's process is held.
#[tokio::test]
async fn nothing_of_a_session_runs_between_its_runs() {
    let interpreter = plain(Isolation::Process);
    let code = "import _thread, time\nticks = []\ndef tick():\n    while True:\n        ticks.append(time.monotonic())\n        \
                time.sleep(0.001)\n_thread.start_new_thread(tick, ())\nlast = time.monotonic()";
    run(&interpreter, "ann", code).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let later =
        run(&interpreter, "ann", "now = time.monotonic()\nsum(last + 0.1 < tick < now - 0.01 for tick in list(ticks))")
            .await;
    assert_eq!(later.result.map(|value| value.text).as_deref(), Some("0"));
}

/// X13, X4: each run of a session has the files it was given, and no others.
#[tokio::test]
async fn each_run_of_a_session_has_its_own_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let interpreter = plain(Isolation::Process);
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let (one, two) = (write("one.txt", "1"), write("two.txt", "2"));
    let with = |code: &str, id: &str, path| Request::new(code).owner("ann").in_session().input_file(id, path);
    let execute = async |request| interpreter.execute(request).await.expect("an outcome").output;
    let first = execute(with("import os\nprint(load_file('one'), os.listdir())", "one", &one)).await;
    assert_eq!(first, "1 ['one.txt']\n");
    let second = execute(with("print(load_file('two'), os.listdir(), list(FILES))", "two", &two)).await;
    assert_eq!(second, "2 ['two.txt'] ['two']\n");
    let changed = execute(with("open('two.txt', 'a').write('+')\nprint(open('two.txt').read())", "two", &two)).await;
    assert_eq!(changed, "2+\n");
    let kept = execute(with("print(load_file('two'))", "two", &two)).await;
    assert_eq!(kept, "2+\n");
    assert_eq!(std::fs::read_to_string(&two).expect("the original"), "2");
}

/// X13: figures are shown once, by the run that drew them.
#[tokio::test]
async fn a_figure_of_one_run_is_not_shown_again_by_the_next() {
    let interpreter = plain(Isolation::Process);
    let drawn = run(&interpreter, "ann", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone").await;
    assert_eq!(names(&drawn), ["figure_1.png"]);
    assert_eq!(names(&run(&interpreter, "ann", "1 + 1").await), [] as [&str; 0]);
    let again = run(&interpreter, "ann", "plt.plot([2, 1])\nNone").await;
    assert_eq!(names(&again), ["figure_2.png"]);
}

/// X13
#[tokio::test]
async fn a_session_in_isolation_thread_is_refused() {
    let interpreter = plain(Isolation::Thread);
    let refused = interpreter.execute(Request::new("1").in_session()).await;
    let Err(InterpreterError::InvalidRequest(reason)) = refused else { panic!("a refusal is expected") };
    assert_eq!(reason, "Sessions need isolation `process`: in `thread`, nothing is kept between runs.");
}

/// X5, X14: links that code puts where the next run's files belong lead nobody out of the folder.
#[tokio::test]
async fn links_of_one_run_do_not_lead_the_files_of_the_next_elsewhere() {
    let host = tempfile::tempdir().expect("a folder");
    let (elsewhere, files) = (host.path().join("elsewhere"), host.path().join("files"));
    for folder in [&elsewhere, &files] {
        std::fs::create_dir(folder).expect("a folder");
        std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o777)).expect("rights");
    }
    let file = files.join("same.txt");
    std::fs::write(&file, "text").expect("a file");
    let interpreter = plain(Isolation::Process);
    let code = format!(
        "import os\nos.symlink({elsewhere:?}, '.files')\nos.symlink('{}/new', 'same.txt')",
        elsewhere.display()
    );
    assert_eq!(run(&interpreter, "ann", &code).await.ending, Ending::Completed);
    let request = Request::new("1").owner("ann").in_session().input_file("a", &file).input_file("b", &file);
    let refused = interpreter.execute(request).await;
    assert!(matches!(refused, Err(InterpreterError::Workspace(_))), "{refused:?}");
    assert_eq!(std::fs::read_dir(&elsewhere).expect("a folder").count(), 0);
}

/// X13: a file that cannot be read ends a run before it begins, and not its session.
#[tokio::test]
async fn a_file_that_is_missing_leaves_the_session_as_it_was() {
    let interpreter = plain(Isolation::Process);
    run(&interpreter, "ann", "x = 1").await;
    let request = Request::new("x").owner("ann").in_session().input_file("a", "/no/such/file");
    let refused = interpreter.execute(request).await;
    assert!(matches!(refused, Err(InterpreterError::InputFile { .. })), "{refused:?}");
    assert_eq!(run(&interpreter, "ann", "x").await.result.map(|value| value.text).as_deref(), Some("1"));
}

/// X13: an aside sees the session, and the session nothing of it.
#[tokio::test]
async fn an_aside_leaves_nothing_in_its_session() {
    let interpreter = plain(Isolation::Process);
    let aside = async |code: &str| {
        let request = Request::new(code).owner("ann").aside();
        interpreter.execute(request).await.expect("an outcome")
    };
    let code = "x = 41\nimport matplotlib.pyplot as plt\nopen('a.txt', 'w').write('a')\nx";
    assert_eq!(names(&run(&interpreter, "ann", code).await), ["a.txt"]);
    let answer = aside("y = x + 1\nopen('b.txt', 'w').write('b')\nplt.plot([1, 2])\ny").await;
    assert_eq!(answer.result.map(|value| value.text).as_deref(), Some("42"));
    assert_eq!(answer.generated_files, []);
    assert!(matches!(aside("1 / 0").await.ending, Ending::Raised(_)));
    let next = run(&interpreter, "ann", "print(_, 'y' in globals(), __file__)").await;
    assert_eq!((next.output.as_str(), names(&next)), ("41 False main-2.py\n", vec!["b.txt", "figure_1.png"]));
}

/// X13, X4: files of the run before are there for an aside as well.
#[tokio::test]
async fn an_aside_finds_the_files_of_the_run_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("one.txt");
    std::fs::write(&path, "1").expect("a file");
    let interpreter = plain(Isolation::Process);
    let request = Request::new("1").owner("ann").in_session().input_file("one", &path);
    interpreter.execute(request).await.expect("an outcome");
    let aside = Request::new("open('one.txt').read()").owner("ann").aside();
    let answer = interpreter.execute(aside).await.expect("an outcome");
    assert_eq!(answer.result.map(|value| value.text).as_deref(), Some("'1'"));
}
