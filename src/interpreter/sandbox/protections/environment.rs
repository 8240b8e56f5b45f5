//! The environment: what a sandbox, and the zygote it is a copy of, know of the program's settings. Nothing.

use std::{collections::BTreeSet, env, fs};

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

/// Takes variables out of this process's environment, and their values out of the memory where they stood: code that
/// runs in this process could read both. Only as long as there is one thread; otherwise nothing is done.
#[cfg(feature = "bot")]
#[expect(clippy::disallowed_methods, reason = "this removes settings that have been read")]
pub fn forget_variables<'n>(names: impl IntoIterator<Item = &'n str>) {
    let threads = fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    for name in names {
        let Ok(c_name) = std::ffi::CString::new(name) else { continue };
        // SAFETY: only reads; should another thread change the environment now, what was found is not looked into.
        let value = unsafe { libc::getenv(c_name.as_ptr()) };
        if value.is_null() {
            continue;
        }
        if threads != 1 {
            tracing::warn!(name, "a secret stays in the environment, since other threads run already");
            continue;
        }
        // SAFETY: there is no other thread that could read or change the environment. The value is a text that ends
        // with a zero and belongs to this process; its bytes become zeros as far as that.
        unsafe {
            libc::memset(value.cast(), 0, libc::strlen(value));
            env::remove_var(name);
        }
    }
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
