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
