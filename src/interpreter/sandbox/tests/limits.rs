//! What resource limits, dropped capabilities and the memory watch stop.

use std::{fs, io, io::Write, thread};

use rustix::{
    mm::{MapFlags, ProtFlags, mmap_anonymous},
    process::{Pid, Resource, Rlimit, getrlimit, setrlimit},
    thread::{UnshareFlags, set_thread_res_gid, set_thread_res_uid, unshare_unsafe},
};

use super::{
    super::{
        Layer, Network,
        protections::{
            capabilities,
            memory::MemoryGauge,
            resource_limits::{self, ResourceLimits, limit_growth},
        },
    },
    own_child::{Told, alone, in_child, in_force},
};

const LIMITS: ResourceLimits = ResourceLimits { open_files: 32, file_bytes: 1 << 20, threads: 8, stack_bytes: 1 << 20 };

/// One MiB in bytes.
const MIB: usize = 1 << 20;

fn apply() -> bool {
    in_force(Layer::ResourceLimits, resource_limits::apply(&LIMITS))
}

#[test]
fn descriptors_and_sizes_of_files_have_an_end() {
    alone(|| {
        // As Python does, so that writing fails instead of ending the process.
        // SAFETY: no handler is installed.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        if !apply() {
            return Ok(());
        }
        let opened: Vec<_> = (0..64).map_while(|_| fs::File::open("/dev/null").ok()).collect();
        assert!((16..32).contains(&opened.len()), "{}", opened.len());
        drop(opened);
        let mut file = tempfile::tempfile()?;
        file.write_all(&vec![0; MIB])?;
        assert_eq!(file.write_all(&[0]).map_err(|error| error.raw_os_error()), Err(Some(libc::EFBIG)));
        assert_eq!(file.set_len(1 << 40).map_err(|error| error.raw_os_error()), Err(Some(libc::EFBIG)));
        Ok(())
    });
}

/// Root and whoever may do what root may is not counted: an ordinary user in a namespace of his own is.
#[test]
fn threads_have_an_end() {
    alone(|| {
        become_ordinary_user_in_own_namespace()?;
        if !apply() {
            return Ok(());
        }
        let started: Vec<_> =
            (0..64).map_while(|_| thread::Builder::new().stack_size(MIB).spawn(thread::park).ok()).collect();
        assert_eq!(started.len(), 7);
        Ok(())
    });
}

fn become_ordinary_user_in_own_namespace() -> Told {
    let (user, group) = (rustix::process::Uid::from_raw(65_534), rustix::process::Gid::from_raw(65_534));
    if rustix::process::geteuid().is_root() {
        set_thread_res_gid(group, group, group)?;
        set_thread_res_uid(user, user, user)?;
    }
    // SAFETY: this process has one thread.
    unsafe { unshare_unsafe(UnshareFlags::NEWUSER) }?;
    // All rights in the new namespace are none in the one in which threads are counted too; here they are in the way.
    capabilities::drop_all(Network::Off)?;
    Ok(())
}

#[test]
fn limits_cannot_be_raised() {
    alone(|| {
        let told = resource_limits::verify(&LIMITS);
        assert_eq!(told, Err("The limit of open files is not in force.".to_owned()));
        if !apply() {
            return Ok(());
        }
        capabilities::drop_all(Network::Off)?;
        limit_growth(1 << 30)?;
        resource_limits::verify(&LIMITS)?;
        assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum: Some(0) });
        let more = Rlimit { current: Some(1 << 30), maximum: Some(1 << 30) };
        assert_eq!(setrlimit(Resource::Nofile, more), Err(rustix::io::Errno::PERM));
        assert_eq!(rustix::process::nice(0)?, 10);
        assert!(rustix::process::nice(-5).is_err());
        Ok(())
    });
}

#[test]
fn memory_can_grow_by_so_much_and_no_more() {
    alone(|| {
        assert!(Vec::<u8>::new().try_reserve_exact(512 * MIB).is_ok());
        limit_growth(256 << 20)?;
        let mut memory = Vec::<u8>::new();
        assert!(memory.try_reserve_exact(512 * MIB).is_err());
        assert!(memory.try_reserve_exact(200 * MIB).is_ok());
        Ok(())
    });
}

#[test]
fn no_capability_is_left_and_none_comes_back() {
    alone(|| {
        if !rustix::process::geteuid().is_root() {
            // SAFETY: this process has one thread.
            unsafe { unshare_unsafe(UnshareFlags::NEWUSER) }?;
        }
        // SAFETY: this process has one thread, and a host name of its own afterwards.
        unsafe { unshare_unsafe(UnshareFlags::NEWUTS) }?;
        rustix::system::sethostname(b"changed")?;
        // In a copy: it takes what it can get, and nothing else.
        assert_eq!(
            in_child(|| Ok(capabilities::verify(Network::Off)?)),
            Err("A capability could be taken back.".to_owned())
        );
        capabilities::drop_all(Network::Off)?;
        assert_eq!(rustix::system::sethostname(b"again"), Err(rustix::io::Errno::PERM));
        capabilities::verify(Network::Off)?;
        // What Python reads about itself is still there.
        assert!(fs::read_to_string("/proc/self/maps")?.contains("[stack]"));
        assert!(fs::read_dir("/proc/self/fd")?.count() > 2);
        fs::read_link("/proc/self/exe")?;
        Ok(())
    });
}

/// Private memory, shared memory, and a mapping of which one byte in each 2 MiB is read: nothing but page tables.
#[test]
fn the_gauge_sees_private_memory_shared_memory_and_page_tables() {
    type Use = fn() -> io::Result<()>;
    let private: Use = || write_each(64 * MIB, MapFlags::PRIVATE);
    let shared: Use = || write_each(64 * MIB, MapFlags::SHARED);
    let page_tables: Use = || read_each_2_mib(32 << 30);
    alone(move || {
        for (what, least) in [(private, 64 * MIB), (shared, 64 * MIB), (page_tables, 60 * MIB)] {
            let (mut told, tell) = io::pipe()?;
            let (go_on, mut wait) = io::pipe().map(|(wait, go_on)| (go_on, wait))?;
            // SAFETY: this process has one thread; the copy leaves by `_exit`.
            let child = unsafe { libc::fork() };
            if child == 0 {
                // Should the test fail, this ends with it.
                let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
                let used = io::Read::read_exact(&mut wait, &mut [0]).and_then(|()| what());
                let said = (&tell).write_all(&[u8::from(used.is_ok())]);
                thread::park();
                // SAFETY: ends the copy.
                unsafe { libc::_exit(i32::from(said.is_err())) };
            }
            let child = Pid::from_raw(child).ok_or("no child")?;
            let gauge = MemoryGauge::new(child)?;
            // The copy may be on its way to where it waits.
            assert!(gauge.grown()? < MIB as u64);
            (&go_on).write_all(&[0])?;
            let mut well = [0];
            io::Read::read_exact(&mut told, &mut well)?;
            let grown = gauge.grown()?;
            rustix::process::kill_process(child, rustix::process::Signal::KILL)?;
            rustix::process::waitpid(Some(child), rustix::process::WaitOptions::empty())?;
            assert_eq!(well, [1]);
            assert!((least as u64..least as u64 + (16 << 20)).contains(&grown), "{grown}");
            assert!(gauge.grown().is_err(), "the process has ended");
        }
        Ok(())
    });
}

fn map(size: usize, protection: ProtFlags, flags: MapFlags) -> io::Result<*mut u8> {
    // SAFETY: a new mapping of nothing that is there already.
    Ok(unsafe { mmap_anonymous(std::ptr::null_mut(), size, protection, flags | MapFlags::NORESERVE) }?.cast())
}

fn write_each(size: usize, flags: MapFlags) -> io::Result<()> {
    let memory = map(size, ProtFlags::READ | ProtFlags::WRITE, flags)?;
    // SAFETY: the mapping has this size.
    (0..size).step_by(4096).for_each(|place| unsafe { memory.add(place).write_volatile(1) });
    Ok(())
}

fn read_each_2_mib(size: usize) -> io::Result<()> {
    let memory = map(size, ProtFlags::READ, MapFlags::PRIVATE)?;
    for place in (0..size).step_by(2 * MIB) {
        // SAFETY: the mapping has this size.
        unsafe { memory.add(place).read_volatile() };
    }
    Ok(())
}

#[test]
fn a_process_that_is_not_there_has_no_gauge() {
    assert!(MemoryGauge::new(Pid::from_raw(i32::MAX).expect("a number")).is_err());
}
