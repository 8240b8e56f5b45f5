//! Runs a program within a deadline and with bounded output, and ends it with all its children.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::interpreter::packages::failure::Failure;

/// How much of each output stream is kept; the rest is read and dropped.
const MAX_OUTPUT_BYTES: u64 = 256 * 1024;
/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// How often its use of the disk is looked at.
const LOOK_AT_DISK: Duration = Duration::from_millis(500);

/// What may end an installation early.
pub(crate) struct Watch<'a> {
    /// When the time is up.
    pub(crate) deadline: Instant,
    /// How long the time was, for the message.
    pub(crate) timeout: Duration,
    /// Set from anywhere when nobody wants the result any more.
    pub(crate) cancelled: &'a AtomicBool,
}

impl Watch<'_> {
    /// Whether the installation should end now.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Failure::Cancelled);
        }
        if Instant::now() >= self.deadline {
            return Err(Failure::TimedOut(self.timeout));
        }
        Ok(())
    }
}

/// What a program that ran to its end printed.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) succeeded: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a command to its end, unless the watch or `disk` (asked now and then) ends it before.
pub(crate) fn run(
    mut command: Command,
    watch: &Watch<'_>,
    disk: &dyn Fn() -> Result<(), Failure>,
) -> Result<Finished, Failure> {
    watch.check()?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let child = command.spawn().map_err(|error| Failure::NoInstaller(error.to_string()))?;
    let mut group = Group(child);
    let stdout = read_aside(group.0.stdout.take())?;
    let stderr = read_aside(group.0.stderr.take())?;
    let mut next_look_at_disk = Instant::now() + LOOK_AT_DISK;
    let status = loop {
        if let Some(status) = group.0.try_wait()? {
            break status;
        }
        watch.check()?;
        if Instant::now() >= next_look_at_disk {
            disk()?;
            next_look_at_disk = Instant::now() + LOOK_AT_DISK;
        }
        thread::sleep(LOOK);
    };
    let text =
        |reader: thread::JoinHandle<Vec<u8>>| String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned();
    Ok(Finished { succeeded: status.success(), stdout: text(stdout), stderr: text(stderr) })
}

/// A program and whatever it started; dropping it ends them all.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // Once the child has been waited for, its number may belong to somebody else.
        if matches!(self.0.try_wait(), Ok(None)) {
            if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process_group(group, Signal::KILL);
            }
            let _ = self.0.wait();
        }
    }
}

/// Reads a stream on a thread of its own, so that a full pipe never stops the program.
fn read_aside(stream: Option<impl Read + Send + 'static>) -> io::Result<thread::JoinHandle<Vec<u8>>> {
    thread::Builder::new().name("taipan-install-output".into()).spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.by_ref().take(MAX_OUTPUT_BYTES).read_to_end(&mut kept);
            let _ = io::copy(&mut stream, &mut io::sink());
        }
        kept
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicBool};

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    fn within(timeout: Duration, cancelled: &AtomicBool) -> Watch<'_> {
        Watch { deadline: Instant::now() + timeout, timeout, cancelled }
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn a_program_gives_its_output_and_whether_it_succeeded() {
        let never = AtomicBool::new(false);
        let finished = run(shell("echo out; echo err >&2; exit 3"), &within(LONG, &never), &|| Ok(())).expect("an end");
        assert_eq!((finished.succeeded, &*finished.stdout, &*finished.stderr), (false, "out\n", "err\n"));
    }

    #[test]
    fn a_flood_of_output_neither_blocks_nor_fills_memory() {
        let never = AtomicBool::new(false);
        let finished = run(shell("yes | head -c 10000000"), &within(LONG, &never), &|| Ok(())).expect("an end");
        assert_eq!(finished.stdout.len() as u64, MAX_OUTPUT_BYTES);
    }

    #[test]
    fn at_the_deadline_the_program_and_its_children_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let pid_file = folder.path().join("pid");
        let script = format!("sleep 60 & echo $! > {}; wait", pid_file.display());
        let never = AtomicBool::new(false);
        let timeout = Duration::from_millis(300);
        let failure = run(shell(&script), &within(timeout, &never), &|| Ok(())).expect_err("no end");
        assert_eq!(failure, Failure::TimedOut(timeout));
        let grandchild = std::fs::read_to_string(pid_file).expect("written");
        assert!(has_ended(grandchild.trim()), "the grandchild {grandchild} lives");
    }

    #[test]
    fn cancelling_ends_the_program_at_once() {
        let cancelled = Arc::new(AtomicBool::new(false));
        let other = Arc::clone(&cancelled);
        let stopper = thread::Builder::new().spawn(move || {
            thread::sleep(Duration::from_millis(100));
            other.store(true, Ordering::Relaxed);
        });
        let started = Instant::now();
        let failure = run(shell("sleep 60"), &within(LONG, &cancelled), &|| Ok(())).expect_err("no end");
        stopper.expect("a thread").join().expect("joined");
        assert_eq!(failure, Failure::Cancelled);
        assert!(started.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn a_full_disk_ends_the_program() {
        let never = AtomicBool::new(false);
        let failure = run(shell("sleep 60"), &within(LONG, &never), &|| Err(Failure::DiskFull)).expect_err("no end");
        assert_eq!(failure, Failure::DiskFull);
    }

    #[test]
    fn a_program_that_is_not_there_is_named_as_such() {
        let never = AtomicBool::new(false);
        let failure = run(Command::new("/no/such/uv"), &within(LONG, &never), &|| Ok(())).expect_err("no start");
        assert_eq!(failure, Failure::NoInstaller("No such file or directory (os error 2)".into()));
    }

    /// Whether a process is gone, or dead and only not yet collected by whoever inherited it.
    fn has_ended(pid: &str) -> bool {
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end {
            match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
                Ok(stat) if !stat.contains(") Z ") => thread::sleep(LOOK),
                _ => return true,
            }
        }
        false
    }
}
