//! Who the zygote is: an ordinary user with namespaces of its own.

use std::{fs, io};

use rustix::{
    mount::{MountPropagationFlags, mount_change},
    process::{DumpableBehavior, getegid, geteuid, set_dumpable_behavior},
    thread::UnshareFlags,
};

use super::super::{
    mounting::{Failure, Saying as _},
    protections::namespaces::why_not,
};

/// The user that sandboxes of a program run by root have on the host: one that owns nothing.
pub(super) const SANDBOX_USER: u32 = 61_517;
/// The user that code sees itself as.
pub(in super::super) const INNER_USER: u32 = 1000;

/// With which rights the mounter shows files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rights {
    /// Root's own, in mounts of its own.
    Roots,
    /// Those of an ordinary user, in a user namespace.
    Users,
}

/// Gives this process mounts of its own, seen by nobody else.
pub(super) fn own_mounts() -> Result<Rights, Failure> {
    let rights = if geteuid().is_root() {
        match unshare(UnshareFlags::NEWNS) {
            Ok(()) => Rights::Roots,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                become_ordinary()?;
                users_mounts()?
            }
            Err(error) => return Err(error).saying("own mounts"),
        }
    } else {
        users_mounts()?
    };
    // Some security modules let namespaces be made, and forbid what is done in them.
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)
        .map_err(|error| no_namespaces("mount", &error.into()))?;
    Ok(rights)
}

fn users_mounts() -> Result<Rights, Failure> {
    // Read before: inside the new namespace this process has no name yet.
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS).map_err(|error| no_namespaces("unshare", &error))?;
    map_ids((user, user), (group, group))?;
    Ok(Rights::Users)
}

/// Root becomes a user that owns nothing, before anything else happens. Root of a user namespace without such a user,
/// as in a container of an ordinary user, is an ordinary user already.
pub(super) fn become_ordinary() -> Result<(), Failure> {
    let id = SANDBOX_USER;
    if !["/proc/self/uid_map", "/proc/self/gid_map"].iter().all(|map| has_number(map, id)) {
        return Ok(());
    }
    // SAFETY: plain system calls without pointers but the empty list; this process has one thread.
    let refused = unsafe {
        libc::setgroups(0, std::ptr::null()) != 0
            || libc::setresgid(id, id, id) != 0
            || libc::setresuid(id, id, id) != 0
    };
    if refused {
        return Err(io::Error::last_os_error()).saying("becoming a user without rights");
    }
    Ok(())
}

/// Whether a map of a user namespace has this number; each line is the first inside, the first outside, and how many.
fn has_number(map: &str, id: u32) -> bool {
    let Ok(map) = fs::read_to_string(map) else { return true };
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u32>);
        let (Some(Ok(first)), Some(Ok(count))) = (numbers.next(), numbers.nth(1)) else { return false };
        id >= first && id - first < count
    })
}

/// Gives this process namespaces of its own for everything; its next child is the first process in them.
pub(super) fn own_namespaces() -> Result<(), Failure> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    let flags = UnshareFlags::NEWUSER
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWNS
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWCGROUP
        | UnshareFlags::NEWNET;
    unshare(flags).map_err(|error| no_namespaces("unshare", &error))?;
    map_ids((INNER_USER, user), (INNER_USER, group))
}

/// Gives this process a user namespace alone, in which it has no rights over anything that exists.
pub(in super::super) fn own_users() -> Result<(), Failure> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    unshare(UnshareFlags::NEWUSER).map_err(|error| why_not("unshare", &error))?;
    map_ids((INNER_USER, user), (INNER_USER, group))
}

pub(in super::super) fn unshare(flags: UnshareFlags) -> io::Result<()> {
    // SAFETY: this process has one thread, and no Rust object depends on what is no longer shared.
    unsafe { rustix::thread::unshare_unsafe(flags) }.map_err(Into::into)
}

/// Says who is who: inside, and outside.
fn map_ids(user: (u32, u32), group: (u32, u32)) -> Result<(), Failure> {
    // Whoever changes who he is loses his files in `/proc` to root until he says otherwise.
    set_dumpable_behavior(DumpableBehavior::Dumpable).saying("a readable /proc/self")?;
    let write = |file: &str, text: &str| fs::write(file, text).saying(file);
    write("/proc/self/setgroups", "deny")?;
    write("/proc/self/uid_map", &format!("{} {} 1", user.0, user.1))?;
    write("/proc/self/gid_map", &format!("{} {} 1", group.0, group.1))
}

/// What to allow on a machine where this does not work.
fn no_namespaces(step: &str, error: &io::Error) -> Failure {
    let told = why_not(step, error);
    let mut letters = told.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str().trim_end_matches('.')
}
