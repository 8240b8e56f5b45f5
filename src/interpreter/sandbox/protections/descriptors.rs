//! Descriptors: nothing that the program has open is open in a sandbox.

use std::{fs, io, os::fd::RawFd};

use rustix::process::{Resource, getrlimit};

/// Closes every descriptor but these.
///
/// # Errors
/// When the kernel does not close them and does not list them either.
pub(crate) fn close_all_but(keep: &[RawFd]) -> io::Result<()> {
    let gaps = gaps(keep);
    if gaps.iter().all(|&(first, last)| close_range(first, last).is_ok()) {
        return Ok(());
    }
    // Linux before 5.9, or a container that does not know the call.
    for descriptor in open_descriptors()?.into_iter().filter(|descriptor| !keep.contains(descriptor)) {
        // SAFETY: whoever owned it is asked to live without it; this process calls nothing else before it is locked.
        unsafe { libc::close(descriptor) };
    }
    Ok(())
}

/// The ranges between the descriptors to keep, both ends included.
fn gaps(keep: &[RawFd]) -> Vec<(u32, u32)> {
    let mut kept: Vec<u32> = keep.iter().filter_map(|&descriptor| u32::try_from(descriptor).ok()).collect();
    kept.sort_unstable();
    let mut gaps = Vec::with_capacity(kept.len() + 1);
    let mut first = 0;
    for descriptor in kept {
        if descriptor > first {
            gaps.push((first, descriptor - 1));
        }
        first = descriptor + 1;
    }
    gaps.push((first, u32::MAX));
    gaps
}

fn close_range(first: u32, last: u32) -> io::Result<()> {
    // SAFETY: as above; the call takes numbers only.
    match unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// What is open, without the descriptor that looked.
fn open_descriptors() -> io::Result<Vec<RawFd>> {
    if let Ok(folder) = fs::read_dir("/proc/self/fd") {
        let names = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect::<Vec<RawFd>>();
        return Ok(names.into_iter().filter(|&descriptor| is_open(descriptor)).collect());
    }
    let most = getrlimit(Resource::Nofile).current.and_then(|most| RawFd::try_from(most).ok());
    let most = most.ok_or_else(|| io::Error::other("neither /proc nor a limit tells which descriptors are open"))?;
    Ok((0..most).filter(|&descriptor| is_open(descriptor)).collect())
}

fn is_open(descriptor: RawFd) -> bool {
    // SAFETY: only asks for flags.
    unsafe { libc::fcntl(descriptor, libc::F_GETFD) != -1 }
}

/// Looks for open descriptors besides these.
///
/// # Errors
/// When there are any: their numbers.
pub(crate) fn verify(keep: &[RawFd]) -> Result<(), String> {
    let open = open_descriptors().map_err(|error| format!("Open descriptors could not be listed: {error}."))?;
    let others: Vec<_> = open.into_iter().filter(|descriptor| !keep.contains(descriptor)).collect();
    if others.is_empty() { Ok(()) } else { Err(format!("Descriptors {others:?} were left open.")) }
}
