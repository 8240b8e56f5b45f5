//! The public surface as DESIGN 3 fixes it.

use std::{os::unix::fs::symlink, path::Path, pin::pin, time::Duration};

use futures_util::StreamExt;
use taipan::{Ending, Event, Interpreter, Isolation, Request};

use crate::interpreters::{apply, complete, in_both, plain, settings};

/// DESIGN 3: the example, word for word but for the preload.
#[tokio::test]
async fn the_example_of_the_design_runs() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let sales = folder.path().join("sales.csv");
    std::fs::write(&sales, "month,sum\n1,10\n2,20\n").expect("a file");
    let interpreter = Interpreter::builder().workers(2).isolation(Isolation::Thread).build().expect("an interpreter");

    let outcome = interpreter.execute(Request::new("print(6 * 7)")).await.expect("an outcome");
    assert_eq!(outcome.stdout, "42\n");
    assert!(matches!(outcome.ending, Ending::Completed));
    assert!(outcome.success());

    let code = "open('copy.csv', 'w').write(open(get_file_path('sales')).read())\nprint(list_files()[0]['name'])";
    let request = Request::new(code).input_file("sales", &sales).owner("user-7").timeout(Duration::from_secs(30));
    let mut run = interpreter.start(request).await.expect("a run");
    let mut printed = String::new();
    while let Some(event) = run.next().await {
        if let Event::Stdout { text } = event {
            printed += &text;
        }
    }
    run.cancel();
    let outcome = run.outcome().await.expect("an outcome");
    assert_eq!((printed.as_str(), &outcome.ending), ("sales.csv\n", &Ending::Completed));
    let saved = outcome.generated_files[0].save_in(folder.path().join("out")).expect("a saved file");
    assert_eq!(std::fs::read(saved).expect("a file"), std::fs::read(sales).expect("a file"));
}

/// DESIGN 3: a stream of events, for those who have tools for streams.
#[apply(in_both)]
#[tokio::test]
async fn a_run_is_a_stream(isolation: Isolation) {
    let interpreter = plain(isolation);
    let run = interpreter.start(Request::new("print('a')")).await.expect("a run");
    let events: Vec<_> = pin!(run).collect().await;
    assert!(events.contains(&Event::Started));
    let mut run = interpreter.start(Request::new("print('b')")).await.expect("a run");
    let text = (&mut run).filter_map(|event| {
        std::future::ready(match event {
            Event::Stdout { text } => Some(text),
            _ => None,
        })
    });
    assert_eq!(text.collect::<String>().await, "b\n");
    // The stream has ended, and stays so.
    assert_eq!(StreamExt::next(&mut run).await, None);
    assert_eq!(run.outcome().await.expect("an outcome").output, "b\n");
}

/// DESIGN 3: whoever does not follow the events gets the outcome all the same.
#[apply(in_both)]
#[tokio::test]
async fn an_outcome_needs_no_reader_of_events(isolation: Isolation) {
    let interpreter = plain(isolation);
    let run = interpreter.start(Request::new("for n in range(10_000): display(n); print(n)")).await.expect("a run");
    let outcome = run.outcome().await.expect("an outcome");
    assert_eq!(outcome.ending, Ending::Completed);
    assert_eq!(outcome.output.lines().count(), 10_000);
}

/// Everything may be moved between threads and shared.
#[test]
fn all_of_it_may_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Interpreter>();
    crosses::<taipan::Run>();
    crosses::<taipan::CancelHandle>();
    crosses::<taipan::Outcome>();
    crosses::<taipan::InterpreterError>();
    crosses::<Request>();
}

/// X12: stdin and arguments.
#[apply(in_both)]
#[tokio::test]
async fn code_reads_its_input_and_arguments(isolation: Isolation) {
    let code = "
import sys
print(sys.argv)
print(input('name? '), sys.stdin.readline(), sys.stdin.read())
";
    let request = Request::new(code).args(["--fast", "ä"]).stdin("Ann\nb\nc");
    let outcome = plain(isolation).execute(request).await.expect("an outcome");
    assert_eq!(outcome.output, "['main.py', '--fast', 'ä']\nname? Ann b\n c\n", "{:?}", outcome.ending);
}

/// X12: the message says how to give it.
#[apply(in_both)]
#[tokio::test]
async fn input_without_any_raises_and_says_how_to_give_it(isolation: Isolation) {
    let outcome = plain(isolation).execute(Request::new("input()")).await.expect("an outcome");
    let Ending::Raised(exception) = outcome.ending else { panic!("{:?}", outcome.ending) };
    assert_eq!(exception.type_name, "EOFError");
    assert_eq!(
        exception.message,
        "This run was given no input. Give it with --stdin on the command line, as stdin in a request, or write the \
         value into the code."
    );
}

/// A sandbox has a `/tmp` of its own; an environment that lies below the machine's is seen all the same (X7).
#[tokio::test]
async fn an_environment_among_temporary_files_is_seen_by_a_sandbox() {
    let place = plain(Isolation::Process).status().python_path;
    let environment = place.parent().and_then(Path::parent).expect("an environment");
    let folder = tempfile::tempdir().expect("a folder");
    symlink(environment, folder.path().join("venv")).expect("a link");
    let settings = settings(Isolation::Process).venv(folder.path().join("venv"));
    let interpreter = settings.build().expect("an interpreter");
    assert!(interpreter.status().python_path.starts_with(folder.path()));
    let code = "import sys, os, numpy\nprint(sys.prefix, numpy.__file__.startswith(sys.prefix), os.listdir('/tmp'))";
    let outcome = complete(&interpreter, Request::new(code)).await;
    assert_eq!(outcome.stdout, "/opt/venv True []\n");
}
