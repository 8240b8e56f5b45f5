//! A program that works until it is killed: this test program, started once more.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use super::{
    told::{SAYS, Told},
    work::{self, Work},
};

/// Says what the program is to do.
const WORK: &str = "TAIPAN_TEST_CHAOS_WORK";
/// Longer than anything takes.
const LONGEST_SILENCE: Duration = Duration::from_secs(180);

/// Does the work if this is the program; the test is over then.
pub(super) fn is_program() -> bool {
    let Ok(text) = env::var(WORK) else { return false };
    work::go(&serde_json::from_str::<Work>(&text).unwrap());
    true
}

/// The program as a test follows it.
pub(super) struct Program {
    process: Child,
    lines: Receiver<String>,
}

impl Program {
    /// Starts a test once more to do the work, with a folder for temporary files.
    pub(super) fn start(test: &str, work: &Work, temporary: &Path) -> Self {
        let mut program = Command::new(env::current_exe().unwrap());
        program.args(["--exact", test, "--nocapture"]).env(WORK, serde_json::to_string(work).unwrap());
        program.env("TMPDIR", temporary).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        // It ends with the program's output.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some(said) = line.strip_prefix(SAYS) {
                    let _ = sender.send(said.trim_start().to_owned());
                }
            }
        });
        Self { process, lines }
    }

    /// Waits until it has told so many things more, or all of them.
    pub(super) fn follow(&mut self, lines: usize, told: &mut Told) {
        for _ in 0..lines {
            match self.lines.recv_timeout(LONGEST_SILENCE) {
                Ok(line) => told.take_in(&line),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => panic!("the program has not told anything for minutes"),
            }
        }
    }

    /// Kills it, and takes in what it has told by then.
    pub(super) fn kill(mut self, told: &mut Told) {
        self.process.kill().unwrap();
        let ended = self.process.wait().unwrap();
        while let Ok(line) = self.lines.recv_timeout(LONGEST_SILENCE) {
            told.take_in(&line);
        }
        assert!(told.is_done || !ended.success() && ended.code().is_none(), "the program ended by itself: {ended}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
