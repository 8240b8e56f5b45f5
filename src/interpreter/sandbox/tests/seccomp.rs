//! What seccomp stops: programs, processes, sockets and the rarely used parts of the kernel.

use std::{io, process::Command, thread};

use libc::{c_int, c_long};

use super::{
    super::{
        Layer, Network,
        protections::{
            seccomp::{self, Filters},
            system_calls::{REFUSED, REFUSED_HERE},
        },
    },
    own_child::{Told, alone, in_child, in_force},
};

/// Locks this process in and nothing else; whether it could.
fn lock(network: Network) -> Result<bool, String> {
    Ok(in_force(Layer::Seccomp, Filters::compile(network)?.apply()))
}

/// What a call is answered: 0, or the number of an error.
fn call(number: c_long, arguments: [c_long; 4]) -> c_int {
    let [first, second, third, fourth] = arguments;
    // SAFETY: the tests below pass no pointers but null, or calls that are refused before they look at them.
    match unsafe { libc::syscall(number, first, second, third, fourth) } {
        -1 => io::Error::last_os_error().raw_os_error().unwrap_or(0),
        _ => 0,
    }
}

fn socket(family: c_int, kind: c_int, protocol: c_int) -> c_int {
    call(libc::SYS_socket, [family.into(), kind.into(), protocol.into(), 0])
}

fn pair(family: c_int, kind: c_int) -> c_int {
    let mut ends = [0; 2];
    // SAFETY: there is room for both ends.
    match unsafe { libc::socketpair(family, kind, 0, ends.as_mut_ptr()) } {
        0 => 0,
        _ => io::Error::last_os_error().raw_os_error().unwrap_or(0),
    }
}

#[test]
fn programs_and_processes_cannot_be_started_but_threads_can() {
    alone(|| {
        assert!(Command::new("true").status()?.success());
        assert_eq!(in_child(|| Ok(())), Ok(()));
        if !lock(Network::Off)? {
            return Ok(());
        }
        assert_eq!(Command::new("true").status().map_err(|error| error.kind()), Err(io::ErrorKind::PermissionDenied));
        // SAFETY: refused; were it not, the copy would end at once.
        let copy = unsafe { libc::fork() };
        if copy == 0 {
            // SAFETY: as above.
            unsafe { libc::_exit(0) };
        }
        assert_eq!((copy, io::Error::last_os_error().raw_os_error()), (-1, Some(libc::EPERM)));
        assert_eq!(thread::Builder::new().spawn(|| 42)?.join().ok(), Some(42));
        let namespaces = libc::CLONE_NEWUSER | libc::CLONE_THREAD | libc::CLONE_VM | libc::CLONE_SIGHAND;
        assert_eq!(call(libc::SYS_clone, [namespaces.into(), 0, 0, 0]), libc::EPERM);
        Ok(())
    });
}

#[test]
fn without_network_there_are_no_sockets_but_pairs() {
    alone(|| {
        assert_eq!(socket(libc::AF_INET, libc::SOCK_STREAM, 0), 0);
        assert_eq!(socket(libc::AF_UNIX, libc::SOCK_STREAM, 0), 0);
        if !lock(Network::Off)? {
            return Ok(());
        }
        for family in [libc::AF_INET, libc::AF_INET6, libc::AF_UNIX, libc::AF_NETLINK, libc::AF_PACKET, libc::AF_VSOCK]
        {
            assert_eq!(socket(family, libc::SOCK_STREAM, 0), libc::EPERM);
            assert_eq!(socket(family, libc::SOCK_DGRAM, 0), libc::EPERM);
        }
        assert_eq!(pair(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC), 0);
        assert_eq!(pair(libc::AF_UNIX, libc::SOCK_DGRAM), libc::EPERM);
        assert_eq!(call(libc::SYS_sendto, [-1, 0, 0, libc::MSG_OOB.into()]), libc::EPERM);
        assert_eq!(call(libc::SYS_sendto, [-1, 0, 0, 0]), libc::EBADF);
        seccomp::verify(Network::Off)?;
        Ok(())
    });
}

#[test]
fn with_network_connections_go_outward_only() {
    alone(|| {
        if !lock(Network::On)? {
            return Ok(());
        }
        for family in [libc::AF_INET, libc::AF_INET6] {
            assert_eq!(socket(family, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, libc::IPPROTO_TCP), 0);
            assert_eq!(socket(family, libc::SOCK_DGRAM | libc::SOCK_NONBLOCK, 0), 0);
            assert_eq!(socket(family, libc::SOCK_STREAM, libc::IPPROTO_MPTCP), libc::EPERM);
            assert_eq!(socket(family, libc::SOCK_DGRAM, libc::IPPROTO_ICMP), libc::EPERM);
            assert_eq!(socket(family, libc::SOCK_RAW, 0), libc::EPERM);
        }
        for family in [libc::AF_UNIX, libc::AF_NETLINK, libc::AF_PACKET, libc::AF_VSOCK] {
            assert_eq!(socket(family, libc::SOCK_DGRAM, 0), libc::EPERM);
        }
        assert_eq!(call(libc::SYS_connect, [-1, 0, 0, 0]), libc::EBADF);
        assert_eq!(call(libc::SYS_bind, [-1, 0, 0, 0]), libc::EPERM);
        assert_eq!(call(libc::SYS_listen, [-1, 0, 0, 0]), libc::EPERM);
        seccomp::verify(Network::On)?;
        Ok(())
    });
}

/// Every known call that is not allowed, and numbers that no kernel has yet.
#[test]
fn what_is_refused_says_eperm_and_what_is_unknown_says_enosys() {
    alone(|| {
        if !lock(Network::Off)? {
            return Ok(());
        }
        for number in REFUSED.iter().chain(REFUSED_HERE) {
            assert_eq!(call(*number, [-1, 0, 0, 0]), libc::EPERM, "call {number}");
        }
        let io_uring = [libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];
        for number in io_uring.into_iter().chain([libc::SYS_clone3]).chain(463..1024) {
            assert_eq!(call(number, [-1, 0, 0, 0]), libc::ENOSYS, "call {number}");
        }
        Ok(())
    });
}

/// The calls of x32 do the same under other numbers; those of 32-bit programs come in by another door.
#[cfg(target_arch = "x86_64")]
#[test]
fn calls_of_other_kinds_of_programs_are_no_way_around() {
    const X32: c_long = 0x4000_0000;
    alone(|| {
        let by_interrupt = || -> Told {
            if !lock(Network::Off)? {
                return Ok(());
            }
            // SAFETY: the number is that of `getpid` for 32-bit programs, which takes nothing.
            unsafe {
                std::arch::asm!("int 0x80", inout("rax") 20_u64 => _, out("r8") _, out("r9") _, out("r10") _, out("r11") _);
            }
            Ok(())
        };
        let ended = in_child(by_interrupt);
        let allowed = [format!("signal {}", libc::SIGSYS), format!("signal {}", libc::SIGSEGV)];
        assert!(ended.is_err_and(|ended| allowed.contains(&ended)));
        if !lock(Network::Off)? {
            return Ok(());
        }
        for number in [libc::SYS_getpid, libc::SYS_ptrace, libc::SYS_execve, libc::SYS_socket] {
            assert_eq!(call(X32 | number, [0; 4]), libc::ENOSYS);
        }
        Ok(())
    });
}

#[test]
fn calls_that_are_many_in_one_are_allowed_in_part() {
    const TIOCSTI: c_long = 0x5412;
    alone(|| {
        if !lock(Network::Off)? {
            return Ok(());
        }
        assert_eq!(call(libc::SYS_ioctl, [-1, TIOCSTI, 0, 0]), libc::EPERM);
        assert_eq!(call(libc::SYS_ioctl, [-1, 0x541b, 0, 0]), libc::EBADF);
        assert_eq!(call(libc::SYS_prctl, [libc::PR_SET_DUMPABLE.into(), 1, 0, 0]), libc::EPERM);
        assert_eq!(call(libc::SYS_prctl, [libc::PR_GET_DUMPABLE.into(), 0, 0, 0]), 0);
        assert_eq!(call(libc::SYS_fcntl, [-1, libc::F_SETLEASE.into(), 0, 0]), libc::EPERM);
        assert_eq!(call(libc::SYS_fcntl, [-1, libc::F_SETPIPE_SZ.into(), 1 << 20, 0]), libc::EPERM);
        assert_eq!(call(libc::SYS_fcntl, [-1, libc::F_GETFD.into(), 0, 0]), libc::EBADF);
        let device = c_long::from(libc::S_IFCHR | 0o600);
        assert_eq!(call(libc::SYS_mknodat, [-1, 0, device, 0]), libc::EPERM);
        Ok(())
    });
}
