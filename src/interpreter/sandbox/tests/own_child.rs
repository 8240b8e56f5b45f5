//! Processes with a single thread for tests to lock in.

use std::{
    any::{Any, type_name},
    env,
    error::Error,
    io::{self, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use rustix::process::{Pid, WaitOptions, WaitStatus, waitpid};

use super::{super::Layer, own_process::in_own_process};

pub(super) type Told = Result<(), Box<dyn Error>>;

/// Layers that a machine may lack without a test failing in CI, each with the reason why.
const MAY_BE_MISSING: [(Layer, &str); 0] = [];

/// Runs a test's whole content in a process that has nothing but this to do, and a single thread.
pub(super) fn alone<T: FnOnce() -> Told>(test: T) {
    in_own_process(name_of::<T>(), || {
        let told = in_child(test);
        assert_eq!(told, Ok(()));
    });
}

/// `interpreter::sandbox::tests::landlock::this_test`, from the name of a closure in that test.
fn name_of<T>() -> &'static str {
    let path = type_name::<T>();
    let path = path.split_once("::").map_or(path, |(_, path)| path);
    path.split_once("::{{closure}}").map_or(path, |(path, _)| path)
}

/// Runs this in a copy of the process that has only the calling thread; how it ended, in words.
pub(super) fn in_child(part: impl FnOnce() -> Told) -> Result<(), String> {
    let (mut reader, writer) = io::pipe().expect("a pipe");
    // SAFETY: no other thread of this process holds a lock that the copy needs; it leaves by `_exit`.
    match unsafe { libc::fork() } {
        0 => {
            drop(reader);
            let told = catch_unwind(AssertUnwindSafe(part)).unwrap_or_else(|panic| Err(said(&*panic).into()));
            if let Err(error) = told {
                // Whoever reads is told by the end of the process as well.
                let _ = write!(&writer, "{error}");
            }
            drop(writer);
            // SAFETY: ends the copy without running what belongs to the original.
            unsafe { libc::_exit(0) }
        }
        child => {
            drop(writer);
            let mut told = String::new();
            reader.read_to_string(&mut told).expect("what the child says");
            let status = waitpid(Pid::from_raw(child), WaitOptions::empty()).expect("the end of the child");
            let signal = status.and_then(|(_, status)| WaitStatus::terminating_signal(status));
            match signal {
                Some(signal) => Err(format!("signal {signal}")),
                None if told.is_empty() => Ok(()),
                None => Err(told),
            }
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}

/// Whether a layer could be put in force. When the machine lacks it, the test ends here; in CI it fails, unless the
/// layer is listed above.
pub(super) fn in_force(layer: Layer, attempt: Result<(), String>) -> bool {
    let Err(reason) = attempt else { return true };
    let listed = MAY_BE_MISSING.iter().any(|(missing, _)| *missing == layer);
    let in_ci = env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!in_ci || listed, "{layer} is missing: {reason}");
    eprintln!("skipped, since {layer} is missing: {reason}");
    false
}
