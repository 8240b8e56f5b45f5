//! Who the zygote is: an ordinary user with namespaces of its own.

use std::{fs, io};

use rustix::{
    io::Errno,
    mount::MountPropagationFlags,
    process::{DumpableBehavior, getegid, geteuid, set_dumpable_behavior},
    thread::UnshareFlags,
};

use super::super::mounting::{Failure, Saying as _, spread};

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
    spread("/".as_ref(), MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    Ok(rights)
}

fn users_mounts() -> Result<Rights, Failure> {
    // Read before: inside the new namespace this process has no name yet.
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS).map_err(|error| no_namespaces(&error))?;
    map_ids((user, user), (group, group))?;
    Ok(Rights::Users)
}

/// Root becomes a user that owns nothing, before anything else happens.
pub(super) fn become_ordinary() -> Result<(), Failure> {
    let id = SANDBOX_USER;
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
    unshare(flags).map_err(|error| no_namespaces(&error))?;
    map_ids((INNER_USER, user), (INNER_USER, group))
}

/// Gives this process a user namespace alone, in which it has no rights over anything that exists.
pub(in super::super) fn own_users() -> Result<(), Failure> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    unshare(UnshareFlags::NEWUSER).saying("a user namespace")?;
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
fn no_namespaces(error: &io::Error) -> Failure {
    let allow = match error.raw_os_error().map(Errno::from_raw_os_error) {
        Some(Errno::NOSPC | Errno::USERS) => "raise the setting user.max_user_namespaces",
        _ => {
            "allow user namespaces: in a container start it with a seccomp profile that permits `unshare`, elsewhere \
             set kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0"
        }
    };
    format!("this machine gives no user namespaces ({error}); {allow}")
}
