//! Resource limits: upper bounds that the kernel keeps for each process.
//!
//! Hard limits equal soft ones, so code cannot raise them. No limit of the address space is among them: OpenBLAS and
//! Arrow reserve far more than they use, and break.

use std::{fs, io};

use rustix::process::{Resource, Rlimit, getpriority_process, getrlimit, setpriority_process, setrlimit};
use serde::{Deserialize, Serialize};

/// How much nicer than the program a sandbox is: beside a busy one the bot still answers at once.
const NICENESS: i32 = 10;

/// The stack of each further thread, in bytes. It is reserved memory, which counts, so threads with stacks as large as
/// the main one's would be few.
const THREAD_STACK_BYTES: usize = 8 << 20;

/// When memory runs out, the kernel's killer takes a sandbox before anything else.
const FIRST_TO_BE_KILLED: &str = "1000";

/// What one sandbox may have of the kernel's resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResourceLimits {
    /// Descriptors open at once. Each pipe or socket also costs up to 200 KiB of the kernel's memory.
    pub(crate) open_files: u64,
    /// Bytes in one file. Beyond it writing fails with `EFBIG`, as the signal is ignored.
    pub(crate) file_bytes: u64,
    /// Threads at once, the first included. Counted for the sandbox's own user namespace since Linux 5.14; before,
    /// for all processes of the user together.
    pub(crate) threads: u64,
    /// Bytes of the main thread's stack. Others have what was set when the process started.
    pub(crate) stack_bytes: u64,
}

impl Default for ResourceLimits {
    fn default() -> Self {
        Self { open_files: 256, file_bytes: 500 << 20, threads: 64, stack_bytes: 64 << 20 }
    }
}

impl ResourceLimits {
    fn table(&self) -> [(&'static str, Resource, u64); 11] {
        [
            ("open files", Resource::Nofile, self.open_files),
            ("size of a file", Resource::Fsize, self.file_bytes),
            ("threads", Resource::Nproc, self.threads),
            ("stack", Resource::Stack, self.stack_bytes),
            // A core dump holds all that was in memory, and fills the disk. (Bytes.)
            ("core dumps", Resource::Core, 0),
            // Memory that is locked cannot be swapped out when the machine needs it. (Bytes.)
            ("locked memory", Resource::Memlock, 0),
            // Message queues outlive processes and are not counted as their memory. (Bytes.)
            ("message queues", Resource::Msgqueue, 0),
            // Signals that wait, and timers, are memory of the kernel. (Their number.)
            ("waiting signals", Resource::Sigpending, 64),
            // Nobody gets faster than he was made: 20 is niceness 0, and 0 forbids every step back.
            ("priority", Resource::Nice, 0),
            // A thread with real-time priority stops all others. (The highest priority.)
            ("real-time priority", Resource::Rtprio, 0),
            // Microseconds of processor time for such a thread.
            ("real-time processor time", Resource::Rttime, 0),
        ]
    }
}

/// Puts the limits in force. Where a lower one holds already, it stays.
///
/// In the sandbox's own user namespace: the limit of threads that holds when one is made is the limit of all such
/// namespaces below the same one together.
///
/// # Errors
/// Which limit could not be set.
pub(crate) fn apply(limits: &ResourceLimits) -> Result<(), String> {
    for (name, resource, most) in limits.table() {
        lower(resource, most).map_err(|error| format!("The limit of {name} could not be set: {error}."))?;
    }
    // Readable as far as `/proc` is there; without it the kernel's choice may be another, which endangers nobody.
    let _ = fs::write("/proc/self/oom_score_adj", FIRST_TO_BE_KILLED);
    be_nice().map_err(|error| format!("The priority could not be lowered: {error}."))
}

/// Lets this process go after the program's own threads.
///
/// # Errors
/// When the system refuses it.
pub(crate) fn be_nice() -> io::Result<()> {
    let niceness = getpriority_process(None).unwrap_or(0).max(NICENESS);
    Ok(setpriority_process(None, niceness)?)
}

/// Gives threads stacks of the usual size, where the limit at the start of the process gives them larger ones.
#[cfg(target_env = "gnu")]
pub(crate) fn limit_thread_stacks() {
    unsafe extern "C" {
        fn pthread_setattr_default_np(attributes: *const libc::pthread_attr_t) -> libc::c_int;
    }
    let mut attributes = std::mem::MaybeUninit::uninit();
    // SAFETY: the attributes are made before they are used and given back after it; others are not touched. Should a
    // call refuse, threads have the stacks they had.
    unsafe {
        if libc::pthread_attr_init(attributes.as_mut_ptr()) == 0 {
            libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), THREAD_STACK_BYTES);
            pthread_setattr_default_np(attributes.as_ptr());
            libc::pthread_attr_destroy(attributes.as_mut_ptr());
        }
    }
}

/// Elsewhere they are small anyway.
#[cfg(not(target_env = "gnu"))]
pub(crate) fn limit_thread_stacks() {}

/// Lets the process's own memory grow by so many bytes from now, not counting what is shared. Beyond it Python raises
/// `MemoryError`.
///
/// The limit counts memory that is private and writable, reserved or used, and the zygote's share of it was inherited.
///
/// # Errors
/// When the present size is not known, or the limit could not be set.
pub(crate) fn limit_growth(bytes: u64) -> Result<(), String> {
    let now = data_size().map_err(|error| format!("The size of the process is not known: {error}."))?;
    lower(Resource::Data, now.saturating_add(bytes))
        .map_err(|error| format!("The limit of memory could not be set: {error}."))
}

/// `VmData`, in bytes.
fn data_size() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:")?.trim().strip_suffix(" kB"));
    let kilobytes: u64 = line.and_then(|number| number.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(kilobytes * 1024)
}

fn lower(resource: Resource, most: u64) -> io::Result<()> {
    let most = getrlimit(resource).maximum.map_or(most, |present| present.min(most));
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

/// Tries to raise each limit.
///
/// # Errors
/// Which one could be raised, or is higher than it should be.
pub(crate) fn verify(limits: &ResourceLimits) -> Result<(), String> {
    for (name, resource, most) in limits.table() {
        let is_low = getrlimit(resource).maximum.is_some_and(|present| present <= most);
        let raised = Rlimit { current: Some(most + 1), maximum: Some(most + 1) };
        if !is_low || setrlimit(resource, raised).is_ok() {
            return Err(format!("The limit of {name} is not in force."));
        }
    }
    if getrlimit(Resource::Data).maximum.is_none() {
        return Err("The limit of memory is not in force.".to_owned());
    }
    Ok(())
}
