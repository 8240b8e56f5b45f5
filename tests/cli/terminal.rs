//! What a person at a terminal sees: a spinner, colours, Ctrl-C (issue 2, part 11).

use std::{
    io::{Read, Write},
    num::NonZero,
    process::Child,
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use pty_process::{
    Size,
    blocking::{self, Command, Pty},
};
use rustix::{
    process::{Pid, Signal, kill_process},
    termios::{LocalModes, tcgetattr},
};
use taipan::config::ALL;
use vt100::{Color, Parser};

use super::program::Folder;

const ROWS: NonZero<u16> = NonZero::new(100).expect("a working machine");
const COLUMNS: NonZero<u16> = NonZero::new(80).expect("a working machine");
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in a terminal of 100 lines of 80 characters.
pub(crate) struct Terminal {
    child: Child,
    keyboard: Arc<Pty>,
    screen: Arc<Mutex<Parser>>,
    /// Everything the program has written so far.
    received: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Terminal {
    pub(crate) fn open(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let (pty, pts) = blocking::open().expect("a working machine");
        pty.resize(Size::new(ROWS.get(), COLUMNS.get())).expect("a working machine");
        let mut command = Command::new(env!("CARGO_BIN_EXE_taipan")).args(arguments).current_dir(folder.path());
        for name in ALL.iter().map(|setting| setting.name).chain(["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"]) {
            command = command.env_remove(name);
        }
        let child = command
            .env("TERM", "xterm-256color")
            .envs(environment.iter().copied())
            .spawn(pts)
            .expect("a working machine");
        let keyboard = Arc::new(pty);
        let screen = Arc::new(Mutex::new(Parser::new(ROWS, COLUMNS, 0)));
        let received = Arc::new(Mutex::new(String::new()));
        let reader = thread::spawn({
            let (pty, screen, received) = (Arc::clone(&keyboard), Arc::clone(&screen), Arc::clone(&received));
            move || {
                let mut bytes = [0; 4096];
                // Linux answers with an error when the program is gone.
                while let Ok(count @ 1..) = (&*pty).read(&mut bytes) {
                    received.lock().expect("no panic").push_str(&String::from_utf8_lossy(&bytes[..count]));
                    screen.lock().expect("a working machine").process(&bytes[..count]);
                }
            }
        });
        Self { child, keyboard, screen, received, reader }
    }

    pub(crate) fn text(&self) -> String {
        self.screen.lock().expect("a working machine").screen().contents()
    }

    /// Waits until the visible text, without spaces at its end, is as wanted.
    pub(crate) fn wait_for(&self, wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(self.text().trim_end()) {
            assert!(Instant::now() < deadline, "the screen shows:\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn press(&self, keys: &[u8]) {
        (&*self.keyboard).write_all(keys).expect("a working machine");
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a working machine");
    }

    /// Waits until the terminal edits lines by itself, as it does where no program says otherwise.
    pub(crate) fn wait_until_given_back(&self) {
        let wanted = LocalModes::ICANON | LocalModes::ECHO;
        let deadline = Instant::now() + PATIENCE;
        while !tcgetattr(&*self.keyboard).expect("a terminal").local_modes.contains(wanted) {
            assert!(Instant::now() < deadline, "the program has kept the terminal");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The exit code and the last screen.
    pub(crate) fn end(mut self) -> (Option<i32>, Parser) {
        let code = self.child.wait().expect("a working machine").code();
        self.reader.join().expect("a working machine");
        (code, Arc::into_inner(self.screen).expect("a working machine").into_inner().expect("a working machine"))
    }
}

#[test]
fn a_spinner_says_what_goes_on_and_leaves_nothing_behind() {
    let folder = Folder::new();
    let go = folder.path().join("go");
    let code = format!(
        "import os, time\nwhile not os.path.exists({:?}): time.sleep(0.01)\nprint('done')",
        go.display().to_string()
    );
    let terminal = Terminal::open(&folder, &["run", "-c", &code], &[]);
    terminal.wait_for(|text| text.ends_with(" running 1 s"));
    folder.write("go", "");
    let (code, parser) = terminal.end();
    assert_eq!((code, parser.screen().contents().as_str()), (Some(0), "done"));
}

#[test]
fn the_spinner_never_touches_a_line_the_code_has_not_finished() {
    let folder = Folder::new();
    let code = "import time\nprint('50 %', end='', flush=True)\ntime.sleep(1)\nprint(' 100 %')";
    let (code, parser) = Terminal::open(&folder, &["run", "-c", code], &[]).end();
    assert_eq!((code, parser.screen().contents().as_str()), (Some(0), "50 % 100 %"));
}

#[test]
fn a_traceback_is_red_and_starts_on_a_line_of_its_own() {
    let folder = Folder::new();
    let (code, parser) = Terminal::open(&folder, &["run", "-c", "print('half', end='')\n1 / 0"], &[]).end();
    assert_eq!(code, Some(1));
    let text = parser.screen().contents();
    assert_eq!(text.lines().take(2).collect::<Vec<_>>(), ["half", "Traceback (most recent call last):"]);
    assert_eq!(parser.screen().cell(0, 0).unwrap().fgcolor(), Color::Default);
    assert_eq!(parser.screen().cell(1, 0).unwrap().fgcolor(), Color::Idx(1));
}

#[test]
fn no_color_is_respected() {
    let folder = Folder::new();
    let (code, parser) = Terminal::open(&folder, &["run", "-c", "1 / 0"], &[("NO_COLOR", "1")]).end();
    assert_eq!(code, Some(1));
    assert_eq!(parser.screen().cell(0, 0).unwrap().contents(), "T");
    assert_eq!(parser.screen().cell(0, 0).unwrap().fgcolor(), Color::Default);
}

#[test]
fn ctrl_c_at_the_keyboard_cancels_and_lists_what_was_made() {
    let folder = Folder::new();
    let code = "with open('a.txt', 'w') as f: f.write('made')\nprint('ready')\nwhile True: pass";
    let terminal = Terminal::open(&folder, &["run", "-c", code], &[]);
    terminal.wait_for(|text| text.starts_with("ready"));
    terminal.press(b"\x03");
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(130));
    let text = parser.screen().contents();
    let (before, after) = (
        "ready\nThe run was cancelled. Output and files until then are kept.\n",
        "📎 1 file in taipan-out:\n  📝 a.txt  4 B",
    );
    assert!(text.starts_with(before) && text.ends_with(after), "{text}");
}

#[test]
fn ctrl_c_beside_the_spinner_leaves_nothing_of_either_behind() {
    let folder = Folder::new();
    let terminal = Terminal::open(&folder, &["run", "-c", "import time\nwhile True: time.sleep(0.01)"], &[]);
    terminal.wait_for(|text| text.ends_with(" running 0 s"));
    terminal.press(b"\x03");
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(130));
    let first = parser.screen().rows(0, COLUMNS.get()).next().unwrap();
    assert_eq!(first, "The run was cancelled. Output and files until then are kept.");
}

#[test]
fn while_a_run_is_being_stopped_the_second_ctrl_c_is_explained() {
    let folder = Folder::new();
    let code = "import time\nprint('ready')\nwhile True:\n    try:\n        while True: time.sleep(0.01)\n    \
                except BaseException: pass";
    let terminal = Terminal::open(&folder, &["run", "-c", code], &[]);
    terminal.wait_for(|text| text.starts_with("ready"));
    terminal.press(b"\x03");
    terminal.wait_for(|text| text.contains("The run was cancelled."));
    let received = terminal.received.lock().unwrap().clone();
    assert!(received.contains(" stopping; Ctrl-C again ends at once"), "{received}");
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(130));
    assert!(!parser.screen().contents().contains("stopping"), "{}", parser.screen().contents());
}

#[test]
fn doctor_marks_in_colours() {
    let folder = Folder::new();
    let terminal = Terminal::open(&folder, &["doctor", "--offline"], &[("TAIPAN_VENV", "/no/such/venv")]);
    let (code, parser) = terminal.end();
    assert_eq!(code, Some(3));
    let row = parser.screen().rows(0, COLUMNS.get()).position(|line| line.starts_with("  ✗ environment")).unwrap();
    let cell = parser.screen().cell(u16::try_from(row).unwrap(), 2).unwrap();
    assert_eq!((cell.contents(), cell.fgcolor()), ("✗", Color::Idx(1)));
}
