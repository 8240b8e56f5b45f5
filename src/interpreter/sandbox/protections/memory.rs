//! The memory watch: how much a sandbox has grown, seen from outside.
//!
//! `RLIMIT_DATA` makes honest code fail with `MemoryError`, but counts neither shared memory nor page tables. This
//! counts both, so that whoever gets around the limit is ended.

use std::{
    fs::{self, File},
    io,
    num::NonZeroI32,
    os::unix::fs::FileExt,
};

use rustix::process::Pid;

/// The lines of `/proc/PID/status` that count, all in kB. `RssFile` does not: libraries and inputs are the page
/// cache's. `VmPTE` does: reading one byte in each 2 MiB of a huge mapping costs nothing but page tables, 4 KiB each.
const COUNTED: [&str; 4] = ["RssAnon:", "RssShmem:", "VmSwap:", "VmPTE:"];

/// Tells how much the memory of one process has grown since the gauge was made.
#[derive(Debug)]
pub(crate) struct MemoryGauge {
    /// Stays this process's: when it has ended, reading fails, even if another one has its number.
    status: File,
    process: NonZeroI32,
    baseline: u64,
}

impl MemoryGauge {
    /// For a process in the caller's PID namespace, starting now.
    ///
    /// # Errors
    /// When there is no such process.
    pub(crate) fn new(process: Pid) -> io::Result<Self> {
        let status = File::open(format!("/proc/{}/status", process.as_raw_nonzero()))?;
        let baseline = counted(&status)?;
        Ok(Self { status, process: process.as_raw_nonzero(), baseline })
    }

    /// The process.
    pub(crate) fn process(&self) -> NonZeroI32 {
        self.process
    }

    /// Whether the process and all its threads are held by a signal, or gone.
    pub(crate) fn is_stopped(&self) -> bool {
        let Ok(threads) = fs::read_dir(format!("/proc/{}/task", self.process)) else { return true };
        threads.flatten().all(|thread| {
            let state = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            // The state follows the name, which stands in brackets and may hold anything.
            let state = state.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
            state.is_none_or(|state| matches!(state, 'T' | 't' | 'Z' | 'X'))
        })
    }

    /// By how many bytes the process's own memory has grown: anonymous, shared, swapped out, and page tables.
    /// Takes some 20 µs.
    ///
    /// # Errors
    /// When the process has ended.
    pub(crate) fn grown(&self) -> io::Result<u64> {
        Ok(counted(&self.status)?.saturating_sub(self.baseline))
    }
}

fn counted(status: &File) -> io::Result<u64> {
    let mut text = [0; 4096];
    let length = status.read_at(&mut text, 0)?;
    let text = String::from_utf8_lossy(&text[..length]);
    let found: Vec<u64> = text.lines().filter_map(kilobytes).collect();
    // A process that has ended and was not waited for has no such lines.
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found.iter().sum::<u64>() * 1024) }
}

fn kilobytes(line: &str) -> Option<u64> {
    let counted = COUNTED.iter().find_map(|name| line.strip_prefix(name))?;
    counted.trim().strip_suffix(" kB")?.parse().ok()
}
