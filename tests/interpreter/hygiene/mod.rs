//! Runs are kept apart (X14, and the table of isolations in DESIGN 3): in turn on one worker, in both isolations; and at
//! once on two workers where these share one process, that is in isolation `thread`.

mod files;
mod libraries;
mod limits;
mod logs;
mod modules;
mod originals;
mod processes;
mod programs;
mod put_back;
mod streams;
mod system;
mod texts;
mod threads;

use std::{
    os::{fd::AsRawFd, unix::net::UnixStream},
    time::Duration,
};

use taipan::{Ending, Interpreter, Isolation, Outcome, Request};

use crate::interpreters::{plain, settings};

/// How long one of two runs waits for the other before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A state of the interpreter that runs must not share.
struct State {
    /// Sets it to something.
    change: &'static str,
    /// Sets it to something else.
    other: &'static str,
    /// Prints it in one line.
    look: &'static str,
    /// What is printed before any change, after `change` and after `other`.
    shown: [&'static str; 3],
}

impl State {
    /// Shows that a run sees its own change alone.
    async fn is_kept_apart(&self, isolation: Isolation) {
        self.is_kept_apart_in_turn(&plain(isolation)).await;
        if isolation == Isolation::Thread {
            self.is_kept_apart_at_once(&two_workers()).await;
        }
    }

    /// Runs on one worker, one after another: each begins as the first did.
    async fn is_kept_apart_in_turn(&self, interpreter: &Interpreter) {
        let Self { change, other, look, shown: [fresh, changed, changed_otherwise] } = self;
        let [first, second, third] =
            [format!("{look}\n{change}\n{look}"), format!("{look}\n{other}\n{look}"), (*look).to_owned()];
        assert_eq!(printed(interpreter, &first).await, format!("{fresh}\n{changed}\n"));
        assert_eq!(printed(interpreter, &second).await, format!("{fresh}\n{changed_otherwise}\n"));
        assert_eq!(printed(interpreter, &third).await, format!("{fresh}\n"));
    }

    /// Two runs at once in one process: one changes the state while the other looks, then the other changes it too.
    async fn is_kept_apart_at_once(&self, interpreter: &Interpreter) {
        let Self { change, other, look, shown: [fresh, changed, changed_otherwise] } = self;
        let first = format!("{change}\nmeet()\nmeet()\n{look}\nmeet()");
        let second = format!("meet()\n{look}\n{other}\nmeet()\nmeet()\n{look}");
        let [first, second] = at_once(interpreter, [&first, &second]).await;
        assert_eq!((first.ending, first.output.as_str()), (Ending::Completed, &*format!("{changed}\n")));
        assert_eq!(
            (second.ending, second.output.as_str()),
            (Ending::Completed, &*format!("{fresh}\n{changed_otherwise}\n"))
        );
    }
}

/// Runs code to its end; gives what it has printed.
async fn printed(interpreter: &Interpreter, code: &str) -> String {
    let outcome = interpreter.execute(Request::new(code)).await.expect("an outcome");
    assert_eq!((outcome.ending, outcome.stderr.as_str()), (Ending::Completed, ""), "{}", outcome.output);
    outcome.output
}

/// Two workers of isolation `thread`: two threads of one interpreter, in which runs can meet.
fn two_workers() -> Interpreter {
    settings(Isolation::Thread).workers(2).build().expect("an interpreter")
}

/// Runs two pieces of code at once; each waits in `meet()` for the other to call it too. They meet by descriptors of
/// this process, so both must be in it.
async fn at_once(interpreter: &Interpreter, codes: [&str; 2]) -> [Outcome; 2] {
    let (one, other) = UnixStream::pair().expect("a socket");
    let mut runs = Vec::new();
    for (number, (code, end)) in codes.into_iter().zip([&one, &other]).enumerate() {
        end.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let meet = "import os as _os\ndef meet():\n    _os.write(END, b'.')\n    assert _os.read(END, 1)\n";
        let code = format!("{}{code}", meet.replace("END", &end.as_raw_fd().to_string()));
        let request = Request::new(code).owner(format!("owner-{number}"));
        runs.push(interpreter.start(request).await.expect("a run"));
    }
    let second = runs.pop().expect("two runs").outcome();
    let first = runs.pop().expect("two runs").outcome();
    let (first, second) = tokio::join!(first, second);
    [first.expect("an outcome"), second.expect("an outcome")]
}
