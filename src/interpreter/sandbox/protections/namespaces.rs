//! Namespaces: whether a sandbox is in its own, and why that may not be.
//!
//! They are made by the zygote and by each sandbox; this is what is known of them.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::Network;

/// The kinds of which a sandbox has its own, as `/proc/self/ns` calls them.
const KINDS: [&str; 6] = ["user", "pid", "mnt", "net", "ipc", "uts"];

/// Init and the sandbox itself: more processes are not to be seen.
const PROCESSES: usize = 2;

/// Advice where `AppArmor` is in the way.
const APPARMOR: &str = "AppArmor restricts user namespaces here; allow them with \
    `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or give the program a profile with the rule `userns,`.";

/// Advice where a container is.
const IN_CONTAINER: &str = "The container that this program runs in forbids it; start it with a seccomp profile that \
    allows `unshare`, `mount`, `umount2`, `pivot_root` and `setns` (with Docker `--security-opt seccomp=… --security-opt \
    apparmor=unconfined --security-opt systempaths=unconfined`).";

/// Advice where both may be.
const IN_CONTAINER_OF_APPARMOR: &str = "The container that this program runs in forbids it, or AppArmor does; start the \
    container with `--security-opt seccomp=… --security-opt apparmor=unconfined --security-opt systempaths=unconfined`, \
    and allow user namespaces on the host with `sysctl kernel.apparmor_restrict_unprivileged_userns=0`.";

/// In which namespaces a process is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Namespaces(Vec<String>);

impl Namespaces {
    /// Those of this process.
    ///
    /// # Errors
    /// When `/proc` does not tell.
    pub(crate) fn current() -> io::Result<Self> {
        let name = |kind| Ok(fs::read_link(format!("/proc/self/ns/{kind}"))?.to_string_lossy().into_owned());
        KINDS.into_iter().map(name).collect::<io::Result<_>>().map(Self)
    }
}

/// Looks for the program's namespaces (`outside`), other processes and network devices.
///
/// # Errors
/// What can be seen that should not.
pub(crate) fn verify(outside: &Namespaces, network: Network) -> Result<(), String> {
    let told = |error: io::Error| format!("It could not be tried what a sandbox sees: {error}.");
    let inside = Namespaces::current().map_err(told)?;
    let same: Vec<_> = inside.0.iter().filter(|name| outside.0.contains(name)).cloned().collect();
    if !same.is_empty() {
        return Err(format!("The sandbox is in the program's own namespaces {}.", same.join(", ")));
    }
    let processes = fs::read_dir("/proc").map_err(told)?;
    let processes = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let count = processes.count();
    if count > PROCESSES {
        return Err(format!("The sandbox sees {count} processes."));
    }
    let devices = fs::read_to_string("/proc/self/net/dev").map_err(told)?;
    let devices: Vec<_> = devices.lines().filter_map(|line| Some(line.split_once(':')?.0.trim())).collect();
    if network == Network::Off && devices.iter().any(|device| *device != "lo") {
        return Err(format!("The sandbox sees the network devices {}.", devices.join(", ")));
    }
    Ok(())
}

/// Why namespaces could not be made, and what to allow. `step` is what failed, such as `unshare` or `mount`.
pub(crate) fn why_not(step: &str, error: &io::Error) -> String {
    why_not_on(step, error, |path| fs::read_to_string(path).ok())
}

pub(crate) fn why_not_on(step: &str, error: &io::Error, read: impl Fn(&Path) -> Option<String>) -> String {
    let number = |path: &str| read(Path::new(path))?.trim().parse::<i64>().ok();
    let seccomp = read(Path::new("/proc/self/status")).is_some_and(|status| status.contains("\nSeccomp:\t2"));
    let advice = if number("/proc/sys/kernel/unprivileged_userns_clone") == Some(0) {
        "This system forbids user namespaces to ordinary users; allow them with \
         `sysctl kernel.unprivileged_userns_clone=1`."
    } else if number("/proc/sys/user/max_user_namespaces") == Some(0) {
        "This system allows no user namespaces; allow them with `sysctl user.max_user_namespaces=10000`."
    } else if number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == Some(1) {
        if seccomp { IN_CONTAINER_OF_APPARMOR } else { APPARMOR }
    } else if seccomp {
        IN_CONTAINER
    } else {
        match error.raw_os_error() {
            Some(libc::ENOSPC | libc::EUSERS) => {
                "Too many namespaces are in use or nested; raise `user.max_user_namespaces` and its neighbours."
            }
            Some(libc::EINVAL | libc::ENOSYS) => {
                "The kernel lacks them; it needs CONFIG_USER_NS, CONFIG_PID_NS, CONFIG_NET_NS, CONFIG_IPC_NS and \
                 CONFIG_UTS_NS."
            }
            _ => "A security module or a changed root folder (chroot) may forbid it; the system's log may tell.",
        }
    };
    format!("Namespaces could not be made ({step}: {error}). {advice}")
}
