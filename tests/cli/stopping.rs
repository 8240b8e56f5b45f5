//! Ctrl-C: cancels a run and keeps what was made; a second one ends at once (issue 2, part 11; X9, X11).

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::program::{Ended, Folder};

/// Starts code and waits until it has printed its first line.
fn start(folder: &Folder, environment: &[(&str, &str)], code: &str) -> Child {
    let mut command = folder.command(&["run", "--timeout", "60", "-c", code]);
    command.envs(environment.iter().copied());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a working machine");
    let mut ready = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a working machine"));
    stdout.read_line(&mut ready).expect("a working machine");
    assert_eq!(ready, "ready\n");
    child.stdout = Some(stdout.into_inner());
    child
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("a working machine");
}

#[test]
fn the_first_ctrl_c_cancels_and_keeps_output_and_files() {
    let folder = Folder::new();
    let code = "with open('a.txt', 'w') as f: f.write('made')\nprint('ready')\nwhile True: pass";
    let child = start(&folder, &[], code);
    let asked = Instant::now();
    signal(&child, Signal::INT);
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(130), ""));
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.first(), Some(&"The run was cancelled. Output and files until then are kept."));
    assert_eq!(lines[lines.len() - 2..], ["📎 1 file in taipan-out:", "  📝 a.txt  4 B"]);
    assert_eq!(folder.read("taipan-out/a.txt"), "made");
}

#[test]
fn a_request_to_terminate_does_the_same() {
    let folder = Folder::new();
    let child = start(&folder, &[], "print('ready')\nimport time\nwhile True: time.sleep(0.01)");
    signal(&child, Signal::TERM);
    assert_eq!(Ended::from(child.wait_with_output().unwrap()).code, Some(130));
}

/// Output that nobody reads holds the program up after the first; nothing holds the second up.
#[test]
fn the_second_ctrl_c_ends_the_program_at_once() {
    let folder = Folder::new();
    let code = "print('ready')\nprint('x' * 500_000)\nwhile True: pass";
    let mut child = start(&folder, &[("MAX_OUTPUT_KB", "1000")], code);
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None);
    let asked = Instant::now();
    signal(&child, Signal::INT);
    let status = child.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
    assert_eq!(status.code(), Some(130));
}

#[test]
fn a_cancelled_run_has_a_json_document_too() {
    let folder = Folder::new();
    let made = folder.path().join("made");
    let code = format!("open({:?}, 'w').close()\nprint('half')\nwhile True: pass", made.display().to_string());
    let mut command = folder.command(&["run", "--json", "--timeout", "60", "-c", &code]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !made.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::INT);
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(130), ""));
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["ending"], "cancelled");
    assert_eq!(document["error"]["kind"], "cancelled");
    assert_eq!(document["error"]["message"], "The run was cancelled. Output and files until then are kept.");
}
