//! Ctrl-C: cancels a run and keeps what was made; a second one ends at once (issue 2, part 11; X9, X11).

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use taipan::Isolation;

use super::program::{Ended, Folder};
use crate::interpreters::{apply, in_both};

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

/// Everything that a process has started, and what that has: number and moment of start of each.
fn family(root: u32) -> Vec<(u32, String)> {
    let entries = fs::read_dir("/proc").expect("a working machine").flatten();
    let all: Vec<_> = entries.filter_map(|entry| facts(entry.file_name().to_str()?.parse().ok()?)).collect();
    let mut family = vec![root];
    let mut found = Vec::new();
    while let Some(parent) = family.pop() {
        for (number, _, _, started) in all.iter().filter(|(_, _, its_parent, _)| *its_parent == parent) {
            family.push(*number);
            found.push((*number, started.clone()));
        }
    }
    found
}

/// Number, state, parent and moment of start (`man 5 proc_pid_stat`).
fn facts(number: u32) -> Option<(u32, String, u32, String)> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect();
    Some((number, fields[0].clone(), fields[1].parse().ok()?, fields[19].clone()))
}

/// Waits a second at the most until none of them is left. Who waits to be taken away by another has ended.
fn all_have_ended(family: &[(u32, String)]) -> bool {
    let is_alive = |(number, started): &(u32, String)| {
        facts(*number).is_some_and(|(_, state, _, its_start)| its_start == *started && state != "Z")
    };
    let until = Instant::now() + Duration::from_secs(1);
    while family.iter().any(is_alive) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    !family.iter().any(is_alive)
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("a working machine");
}

#[apply(in_both)]
#[test]
fn the_first_ctrl_c_cancels_and_keeps_output_and_files(isolation: Isolation) {
    let folder = Folder::of(isolation);
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

#[apply(in_both)]
#[test]
fn a_request_to_terminate_does_the_same(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let child = start(&folder, &[], "print('ready')\nimport time\nwhile True: time.sleep(0.01)");
    signal(&child, Signal::TERM);
    assert_eq!(Ended::from(child.wait_with_output().unwrap()).code, Some(130));
}

/// Output that nobody reads holds the program up after the first; nothing holds the second up.
#[apply(in_both)]
#[test]
fn the_second_ctrl_c_ends_the_program_at_once(isolation: Isolation) {
    let folder = Folder::of(isolation);
    let code = "print('ready')\nprint('x' * 500_000)\nwhile True: pass";
    let mut child = start(&folder, &[("MAX_OUTPUT_KB", "1000")], code);
    let output = child.stdout.as_ref().unwrap();
    while rustix::io::ioctl_fionread(output).unwrap() < 60_000 {
        std::thread::yield_now();
    }
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None);
    let asked = Instant::now();
    signal(&child, Signal::INT);
    let status = child.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
    assert_eq!(status.code(), Some(130));
}

/// Nobody outside could see how far code in a sandbox has come, since nothing is printed before the document.
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

/// X11: zygote, mounter, waiting sandboxes, the one at work, and what its code started.
#[test]
fn no_process_is_left_however_the_program_ends() {
    let busy = "import threading\nprint('ready')\nthreading.Thread(target=lambda: sum(range(10**12))).start()\n\
                while True: pass";
    for (end, code) in [(Signal::KILL, None), (Signal::INT, Some(130)), (Signal::TERM, Some(130))] {
        let folder = Folder::of(Isolation::Process);
        let mut child = start(&folder, &[("WORKERS", "2")], busy);
        let started = family(child.id());
        assert!(started.len() > 5, "{started:?}");
        signal(&child, end);
        assert_eq!(child.wait().unwrap().code(), code);
        assert!(all_have_ended(&started), "{end:?}");
    }
}

/// The second ends the program without any destructor.
#[test]
fn no_process_is_left_after_the_second_ctrl_c() {
    let folder = Folder::of(Isolation::Process);
    let code = "print('ready')\nprint('x' * 500_000)\nwhile True: pass";
    let mut child = start(&folder, &[("MAX_OUTPUT_KB", "1000")], code);
    let started = family(child.id());
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(all_have_ended(&started));
}
