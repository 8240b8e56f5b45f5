//! Memory of threads that are gone, back to the system.

/// Gives back what the C allocator keeps. glibc has an arena for each of several threads, and what a stopped worker's
/// arena holds would otherwise stay until another thread happens to get it.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back() {
    // SAFETY: `malloc_trim` takes the allocator's own locks and may be called by any thread at any time.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators look after this themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back() {}
