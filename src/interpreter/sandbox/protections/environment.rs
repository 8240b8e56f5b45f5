//! The environment: what a sandbox, and the zygote it is a copy of, know of the program's settings. Nothing.

use std::{collections::BTreeSet, env, ffi::CString, fs, io};

/// The whole environment of the zygote and its sandboxes; the program that spawns it clears its own for it first.
///
/// Libraries read some of these when they are loaded, so the zygote needs them before it imports any: OpenBLAS and
/// Arrow start threads otherwise, which no copy of the process would have.
pub(crate) fn zygote_environment(time_zone: &str) -> Vec<(&'static str, String)> {
    let fixed = [
        ("HOME", "/mnt/data"),
        ("TMPDIR", "/tmp"),
        ("LANG", "C.UTF-8"),
        ("MPLCONFIGDIR", "/tmp/matplotlib"),
        ("OPENBLAS_NUM_THREADS", "1"),
        ("OMP_NUM_THREADS", "1"),
        ("MKL_NUM_THREADS", "1"),
        ("NUMEXPR_NUM_THREADS", "1"),
        ("JE_ARROW_MALLOC_CONF", "background_thread:false"),
        ("ARROW_DEFAULT_MEMORY_POOL", "system"),
    ];
    let fixed = fixed.into_iter().map(|(name, value)| (name, value.to_owned()));
    // Without one, the host's `/etc/localtime` says it, which sandboxes see as well.
    let time_zone = (!time_zone.is_empty()).then(|| ("TZ", time_zone.to_owned()));
    fixed.chain(time_zone).collect()
}

/// Makes these the only variables of this process, and wipes the memory in which the first ones were handed over.
///
/// That memory is what `/proc/self/environ` shows, and what code could read in its own address space.
/// Only in a process with a single thread: others might be reading.
///
/// # Errors
/// When a variable cannot be set, or the memory cannot be found.
pub(crate) fn replace(variables: &[(&str, String)]) -> io::Result<()> {
    // SAFETY: the caller promises that there is one thread; nothing holds pointers into the environment meanwhile.
    if unsafe { libc::clearenv() } != 0 {
        return Err(io::Error::last_os_error());
    }
    wipe_initial_block()?;
    for (name, value) in variables {
        let (name, value) = (CString::new(*name)?, CString::new(value.as_str())?);
        // SAFETY: both are C strings, and are copied.
        if unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Overwrites the block at the top of the stack with zeros.
fn wipe_initial_block() -> io::Result<()> {
    let told = fs::read_to_string("/proc/self/stat")?;
    let (start, end) = initial_block(&told).ok_or_else(|| io::Error::other("/proc/self/stat names no environment"))?;
    if start != 0 && start < end {
        // SAFETY: the kernel says that the block lies there; it is writable, and since the environment was cleared
        // nobody's.
        unsafe { std::ptr::write_bytes(start as *mut u8, 0, end - start) };
    }
    Ok(())
}

/// Where the kernel put the environment: fields 50 and 51 of `/proc/self/stat`, counted behind the program's name,
/// which may hold anything.
fn initial_block(stat: &str) -> Option<(usize, usize)> {
    let (_, behind_name) = stat.rsplit_once(") ")?;
    let mut fields = behind_name.split_ascii_whitespace().skip(50 - 3);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Looks for variables besides these, in the environment and in the memory of the first one.
///
/// # Errors
/// When there are any: their names.
#[expect(clippy::disallowed_methods, reason = "this looks for settings that should not be there, and reads none")]
pub(crate) fn verify(variables: &[(&str, String)]) -> Result<(), String> {
    let known: BTreeSet<_> = variables.iter().map(|(name, _)| *name).collect();
    let now = env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    // A process that is not dumpable cannot read this file, and nor can code.
    let first = fs::read("/proc/self/environ").unwrap_or_default();
    let first = first.split(|byte| *byte == 0).filter(|variable| !variable.is_empty());
    let first = first.map(|variable| {
        String::from_utf8_lossy(variable.split(|byte| *byte == b'=').next().unwrap_or_default()).into_owned()
    });
    let others: BTreeSet<_> = now.chain(first).filter(|name| !known.contains(name.as_str())).collect();
    if others.is_empty() {
        Ok(())
    } else {
        Err(format!("The environment also holds {}.", Vec::from_iter(others).join(", ")))
    }
}
