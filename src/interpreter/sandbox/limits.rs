//! How much a sandbox may take.

use std::fs;

use serde::{Deserialize, Serialize};

/// Where the memory a container may take is written, by either version of control groups.
const CONTAINER_LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// How much one sandbox may take of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Memory beyond what a waiting sandbox has, in bytes.
    pub(crate) memory_bytes: u64,
    /// What the files in its folder may take together, in bytes.
    pub(crate) workspace_bytes: u64,
    /// Files and folders in its folder.
    pub(crate) workspace_entries: u64,
    /// What `/tmp` and `/dev/shm` hold, in bytes each.
    pub(crate) temporary_bytes: u64,
    /// Files and folders in each of them.
    pub(crate) temporary_entries: u64,
}

/// Copies of the files a run was given do not count as its own (X5), nor does the file with too much output, as far as
/// they fit in here, in bytes.
const COPIES_BYTES: u64 = 256 * 1024 * 1024;

impl Limits {
    /// With these two, which are settings, and usual sizes for the rest.
    pub(crate) fn new(memory_bytes: u64, workspace_bytes: u64) -> Self {
        Self {
            memory_bytes,
            workspace_bytes,
            workspace_entries: 100_000,
            temporary_bytes: 128 * 1024 * 1024,
            temporary_entries: 10_000,
        }
    }

    /// How much the folder's file system holds, in bytes. What a run makes beyond its limit is named by those who
    /// collect its files; beyond this the code gets an error.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.workspace_bytes.saturating_add(COPIES_BYTES)
    }
}

/// How much memory a run with these limits may take at the most, its files included, in bytes.
#[cfg(feature = "bot")]
pub(crate) fn most_memory(memory_bytes: u64, workspace_bytes: u64) -> u64 {
    let limits = Limits::new(memory_bytes, workspace_bytes);
    let files = [limits.disk_bytes(), limits.temporary_bytes, limits.temporary_bytes];
    files.into_iter().fold(limits.memory_bytes, u64::saturating_add)
}

/// How much memory this machine has, or the container this program runs in, in bytes.
pub(crate) fn machine_memory() -> u64 {
    let machine = rustix::system::sysinfo();
    let total = machine.totalram.saturating_mul(machine.mem_unit.into());
    let limits = CONTAINER_LIMITS.iter().filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok());
    limits.fold(total, u64::min)
}
