//! The seccomp filter of a sandbox with a network: sockets and connections are asked about, the rest of networking that
//! could go round the question is refused.
//!
//! It stands beside the sandbox's main filter. Of several filters the strictest answer holds, and an error is stricter
//! than a question: the main one must let through what this one asks about or allows.

use std::{
    io, mem,
    os::fd::{FromRawFd as _, OwnedFd, RawFd},
};

use libc::{c_long, sock_filter};

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
const ASK: u32 = libc::SECCOMP_RET_USER_NOTIF;
const REFUSE: u32 = answer(libc::EPERM);

/// The call fails with this error and does nothing.
const fn answer(error: i32) -> u32 {
    libc::SECCOMP_RET_ERRNO | error.cast_unsigned()
}

/// The architecture whose system calls this program makes, by its number in linux/audit.h.
const ARCHITECTURE: Option<u32> = if cfg!(all(target_arch = "x86_64", target_pointer_width = "64")) {
    Some(0xC000_003E)
} else if cfg!(all(target_arch = "aarch64", target_endian = "little")) {
    Some(0xC000_00B7)
} else {
    None
};

/// Marks a call of the x32 ABI of `x86_64`, which numbers calls anew.
const X32: u32 = 0x4000_0000;

/// The kind of a socket without the flags that may be mixed in.
const KIND: u32 = 0xf;

/// What one may ask a device or socket by `ioctl` is numbered by groups; these are those of sockets and of wireless
/// interfaces, which would tell of the host's.
const IOCTL_GROUP: u32 = 0xff00;
const IOCTLS_OF_NETWORKS: [c_long; 2] = [0x8900, 0x8b00];

/// What code may set on its sockets: nothing that names an address, a route or an interface, connects late
/// (`TCP_FASTOPEN_CONNECT`), makes `close` wait (`SO_LINGER`), or brings code into the kernel.
const SETTABLE: [(i32, &[i32]); 4] = [
    (
        libc::SOL_SOCKET,
        &[
            libc::SO_REUSEADDR,
            libc::SO_SNDBUF,
            libc::SO_RCVBUF,
            libc::SO_KEEPALIVE,
            libc::SO_OOBINLINE,
            libc::SO_RCVLOWAT,
            libc::SO_RCVTIMEO,
            libc::SO_SNDTIMEO,
        ],
    ),
    (
        libc::IPPROTO_TCP,
        &[
            libc::TCP_NODELAY,
            libc::TCP_MAXSEG,
            libc::TCP_CORK,
            libc::TCP_KEEPIDLE,
            libc::TCP_KEEPINTVL,
            libc::TCP_KEEPCNT,
            libc::TCP_SYNCNT,
            libc::TCP_QUICKACK,
            libc::TCP_USER_TIMEOUT,
            libc::TCP_NOTSENT_LOWAT,
        ],
    ),
    (libc::IPPROTO_IP, &[libc::IP_TOS, libc::IP_TTL, libc::IP_RECVERR]),
    (libc::IPPROTO_IPV6, &[libc::IPV6_V6ONLY, libc::IPV6_TCLASS, libc::IPV6_UNICAST_HOPS, libc::IPV6_RECVERR]),
];

/// Installs the filter in this thread and gives the descriptor through which its questions are answered.
///
/// For a process with one thread, before user code arrives and before the main filter, which denies `seccomp`. The
/// descriptor goes to the parent and must be closed here: whoever holds it may answer.
///
/// # Errors
/// On an architecture whose calls are not known here, without seccomp, or under a filter that asks already.
pub(in crate::interpreter::sandbox) fn install() -> io::Result<OwnedFd> {
    let mut program = program(ARCHITECTURE.ok_or(io::ErrorKind::Unsupported)?);
    let length = u16::try_from(program.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let program = libc::sock_fprog { len: length, filter: program.as_mut_ptr() };
    rustix::thread::set_no_new_privs(true)?;
    // SAFETY: `program` points to as many instructions as it says, which live until after the call; the kernel checks
    // and copies them.
    let listener = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    };
    match RawFd::try_from(listener) {
        // SAFETY: the call succeeded with this flag, so this is a new descriptor that nobody else owns.
        Ok(listener) if listener >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(listener) }),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The filter: what each call is answered. What is not in it is up to the main filter.
fn program(architecture: u32) -> Vec<sock_filter> {
    let mut program = vec![load(mem::offset_of!(libc::seccomp_data, arch))];
    program.extend(unless_one_of(&[architecture], REFUSE));
    program.push(load(mem::offset_of!(libc::seccomp_data, nr)));
    program.extend(if_any_bit(X32, answer(libc::ENOSYS)));
    let calls = [
        (libc::SYS_socket, socket()),
        (libc::SYS_connect, vec![give(ASK)]),
        (libc::SYS_socketpair, socketpair()),
        (libc::SYS_bind, vec![give(REFUSE)]),
        (libc::SYS_listen, vec![give(REFUSE)]),
        (libc::SYS_accept, vec![give(REFUSE)]),
        (libc::SYS_accept4, vec![give(REFUSE)]),
        (libc::SYS_sendto, sendto()),
        (libc::SYS_sendmsg, sending(2)),
        (libc::SYS_sendmmsg, sending(3)),
        (libc::SYS_setsockopt, setsockopt()),
        (libc::SYS_ioctl, ioctl()),
        (libc::SYS_io_uring_setup, vec![give(answer(libc::ENOSYS))]),
    ];
    program.extend(calls.into_iter().flat_map(|(number, body)| when(number, body)));
    program.push(give(ALLOW));
    program
}

/// TCP over IPv4 and IPv6 is asked about, all else refused.
fn socket() -> Vec<sock_filter> {
    let mut body = vec![load(argument(0))];
    body.extend(unless_one_of(&[libc::AF_INET, libc::AF_INET6].map(i32::cast_unsigned), REFUSE));
    body.extend([load(argument(1)), mask(KIND)]);
    body.extend(unless_one_of(&[libc::SOCK_STREAM.cast_unsigned()], REFUSE));
    body.push(load(argument(2)));
    body.extend(unless_one_of(&[libc::IPPROTO_IP, libc::IPPROTO_TCP].map(i32::cast_unsigned), REFUSE));
    body.push(give(ASK));
    body
}

/// No datagram sockets: they could be connected, or send, to another than their peer.
fn socketpair() -> Vec<sock_filter> {
    let mut body = vec![load(argument(1)), mask(KIND)];
    body.extend(unless_one_of(&[libc::SOCK_STREAM.cast_unsigned()], REFUSE));
    body.push(give(ALLOW));
    body
}

/// Nothing is sent to an address.
fn sendto() -> Vec<sock_filter> {
    let mut body = Vec::new();
    for half in [argument(4), argument(4) + 4] {
        body.push(load(half));
        body.extend(unless_one_of(&[0], REFUSE));
    }
    body.extend(sending(3));
    body
}

/// Sending does not connect. An address in a message means nothing to a TCP socket otherwise, nor to one of a pair.
fn sending(flags: usize) -> Vec<sock_filter> {
    let mut body = vec![load(argument(flags))];
    body.extend(if_any_bit(libc::MSG_FASTOPEN.cast_unsigned(), REFUSE));
    body.push(give(ALLOW));
    body
}

fn setsockopt() -> Vec<sock_filter> {
    let unknown = answer(libc::ENOPROTOOPT);
    let mut body = vec![load(argument(1))];
    for (level, options) in SETTABLE {
        let options: Vec<u32> = options.iter().map(|option| option.cast_unsigned()).collect();
        let mut of_level = vec![load(argument(2))];
        of_level.extend(unless_one_of(&options, unknown));
        of_level.push(give(ALLOW));
        body.extend(when(level.into(), of_level));
    }
    body.push(give(unknown));
    body
}

fn ioctl() -> Vec<sock_filter> {
    let mut body = vec![load(argument(1)), mask(IOCTL_GROUP)];
    body.extend(IOCTLS_OF_NETWORKS.into_iter().flat_map(|group| when(group, vec![give(REFUSE)])));
    body.push(give(ALLOW));
    body
}

// Instructions. A jump says how many instructions to pass over when its condition holds, and when it does not.

/// Where the lower half of an argument stands; the kernel looks at no more of those that are numbers.
const fn argument(index: usize) -> usize {
    mem::offset_of!(libc::seccomp_data, args) + index * mem::size_of::<u64>()
}

fn load(offset: usize) -> sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, u32::try_from(offset).unwrap_or(u32::MAX))
}

fn mask(bits: u32) -> sock_filter {
    statement(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, bits)
}

fn give(answer: u32) -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, answer)
}

/// Does the following when the loaded value is this; each way through `body` ends with an answer, so that whoever comes
/// behind it still has that value loaded.
fn when(value: c_long, body: Vec<sock_filter>) -> Vec<sock_filter> {
    // Numbers of system calls and options are small and not negative; were one not, its filter would be refused.
    let (value, length) = (u32::try_from(value).unwrap_or(u32::MAX), u8::try_from(body.len()).unwrap_or(u8::MAX));
    let mut block = vec![jump(libc::BPF_JEQ, value, 0, length)];
    block.extend(body);
    block
}

fn unless_one_of(values: &[u32], answer: u32) -> Vec<sock_filter> {
    let over = |index: usize| u8::try_from(values.len() - index).unwrap_or(u8::MAX);
    let mut block: Vec<_> =
        values.iter().enumerate().map(|(index, value)| jump(libc::BPF_JEQ, *value, over(index), 0)).collect();
    block.push(give(answer));
    block
}

fn if_any_bit(bits: u32, answer: u32) -> Vec<sock_filter> {
    vec![jump(libc::BPF_JSET, bits, 0, 1), give(answer)]
}

fn statement(code: u32, operand: u32) -> sock_filter {
    instruction(code, operand, 0, 0)
}

fn jump(condition: u32, operand: u32, when: u8, otherwise: u8) -> sock_filter {
    instruction(libc::BPF_JMP | libc::BPF_K | condition, operand, when, otherwise)
}

fn instruction(code: u32, operand: u32, when: u8, otherwise: u8) -> sock_filter {
    // Codes of classic BPF have 16 bits; the kernel refuses a program with another.
    sock_filter { code: u16::try_from(code).unwrap_or(u16::MAX), jt: when, jf: otherwise, k: operand }
}
