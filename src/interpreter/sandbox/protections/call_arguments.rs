//! System calls that are many in one: which arguments a sandbox may give them.

use std::iter;

use libc::{c_int, c_long};
use seccompiler::{
    BackendError,
    SeccompCmpArgLen::Dword,
    SeccompCmpOp::{Eq, Le, MaskedEq, Ne},
    SeccompCondition, SeccompRule,
};

use super::Network;

type Rules = Vec<SeccompRule>;

/// What `pthread_create` asks for: memory, files and signals in common, one process.
const THREAD: c_int = libc::CLONE_VM
    | libc::CLONE_FS
    | libc::CLONE_FILES
    | libc::CLONE_SIGHAND
    | libc::CLONE_THREAD
    | libc::CLONE_SYSVSEM;

/// And what it may ask for besides. New namespaces are not among it.
const THREAD_SETUP: c_int = libc::CLONE_SETTLS
    | libc::CLONE_PARENT_SETTID
    | libc::CLONE_CHILD_SETTID
    | libc::CLONE_CHILD_CLEARTID
    | libc::CLONE_DETACHED;

/// Asking whether something is a terminal and how large, how much there is to read, and setting two flags.
/// Nothing that types into a terminal, and no device of its own.
const IOCTLS: [u64; 9] = [
    0x5401,      // TCGETS
    0x5413,      // TIOCGWINSZ
    0x540f,      // TIOCGPGRP
    0x541b,      // FIONREAD
    0x5421,      // FIONBIO
    0x5450,      // FIONCLEX
    0x5451,      // FIOCLEX
    0x802c_542a, // TCGETS2, which newer libraries ask first
    0x4004_9409, // FICLONE, which `pathlib` tries before it copies
];

/// The last of the old commands: copies, flags, locks, owners. Leases, which keep others from opening a file, and
/// notices of changes have numbers from 1024.
const LAST_OLD_FCNTL: c_int = 38; // F_OFD_SETLKW

/// Those by which a file sends a signal, whichever is wished for; one of them lets a held process go on.
const SIGNALLING_FCNTLS: [c_int; 3] = [
    libc::F_SETOWN,
    10, // F_SETSIG
    15, // F_SETOWN_EX
];

const FCNTLS: [c_int; 4] = [
    1027, // F_DUPFD_QUERY
    libc::F_DUPFD_CLOEXEC,
    libc::F_GETPIPE_SZ, // but not F_SETPIPE_SZ: the memory of pipes is counted for the user, not the sandbox
    libc::F_GET_SEALS,
];

/// The name of a thread, and asking. Not whether the process may be read by others (`PR_SET_DUMPABLE`), nor where its
/// parts lie in memory (`PR_SET_MM`).
const PRCTLS: [c_int; 14] = [
    libc::PR_SET_NAME,
    libc::PR_GET_NAME,
    libc::PR_GET_DUMPABLE,
    libc::PR_GET_PDEATHSIG,
    libc::PR_GET_KEEPCAPS,
    libc::PR_GET_SECCOMP,
    libc::PR_GET_SECUREBITS,
    libc::PR_GET_TIMERSLACK,
    libc::PR_GET_NO_NEW_PRIVS,
    libc::PR_SET_NO_NEW_PRIVS,
    libc::PR_GET_THP_DISABLE,
    libc::PR_CAPBSET_READ,
    51, // PR_SVE_GET_VL, on aarch64
    56, // PR_GET_TAGGED_ADDR_CTRL, on aarch64
];

/// The rules by call: it is made if one of them holds.
pub(super) fn by_arguments(network: Network) -> Result<Vec<(c_long, Rules)>, BackendError> {
    let mut old_fcntl = vec![SeccompCondition::new(1, Dword, Le, number(LAST_OLD_FCNTL))?];
    for signalling in SIGNALLING_FCNTLS {
        old_fcntl.push(SeccompCondition::new(1, Dword, Ne, number(signalling))?);
    }
    let mut rules = vec![
        (libc::SYS_clone, vec![rule([masked(0, !THREAD_SETUP, THREAD)])?]),
        (libc::SYS_ioctl, one_of(1, &IOCTLS)?),
        (libc::SYS_fcntl, with(one_of(1, &FCNTLS.map(number))?, SeccompRule::new(old_fcntl)?)),
        (libc::SYS_prctl, one_of(0, &PRCTLS.map(number))?),
        // Named pipes; devices would need a capability anyway.
        (libc::SYS_mknodat, vec![rule([kind_of_file(2, libc::S_IFIFO)])?]),
    ];
    #[cfg(target_arch = "x86_64")]
    rules.push((libc::SYS_mknod, vec![rule([kind_of_file(1, libc::S_IFIFO)])?]));
    rules.extend(pairs_of_sockets()?);
    match network {
        Network::Off => rules.push((libc::SYS_setsockopt, pair_options()?)),
        Network::On => rules.extend(sockets()?),
    }
    Ok(rules)
}

/// Two connected ends within the process, which asyncio wakes itself with. Connected for good (`SOCK_STREAM`): others
/// could be sent to any address. No out-of-band bytes, where the kernel had holes.
fn pairs_of_sockets() -> Result<Vec<(c_long, Rules)>, BackendError> {
    let pair = rule([equal(0, libc::AF_UNIX), masked(1, SOCKET_KIND, libc::SOCK_STREAM)])?;
    Ok(vec![
        (libc::SYS_socketpair, vec![pair]),
        (libc::SYS_sendto, vec![rule([masked(3, libc::MSG_OOB, 0)])?]),
        (libc::SYS_recvfrom, vec![rule([masked(3, libc::MSG_OOB, 0)])?]),
        (libc::SYS_recvmsg, vec![rule([masked(2, libc::MSG_OOB, 0)])?]),
    ])
}

/// Options of pairs: not how much the kernel holds for them, which is memory that is counted nowhere.
fn pair_options() -> Result<Rules, BackendError> {
    let [below, above] = [libc::SO_SNDBUF - 1, libc::SO_RCVBUF + 1];
    let up_to = socket_options(libc::SOL_SOCKET, below)?;
    let from = (above..=25).map(|option| rule([equal(1, libc::SOL_SOCKET), equal(2, option)]));
    iter::once(Ok(up_to)).chain(from).collect()
}

/// Connections outward over TCP and UDP: no servers, no other protocols, no raw packets, no talk with the kernel.
fn sockets() -> Result<Vec<(c_long, Rules)>, BackendError> {
    let mut socket = Rules::new();
    for family in [libc::AF_INET, libc::AF_INET6] {
        for (kind, own) in [(libc::SOCK_STREAM, libc::IPPROTO_TCP), (libc::SOCK_DGRAM, libc::IPPROTO_UDP)] {
            for protocol in [0, own] {
                socket.push(rule([equal(0, family), masked(1, SOCKET_KIND, kind), equal(2, protocol)])?);
            }
        }
    }
    let options = vec![
        socket_options(libc::SOL_SOCKET, 25)?,
        socket_options(libc::IPPROTO_IP, 24)?,
        socket_options(libc::IPPROTO_TCP, 30)?,
        socket_options(libc::IPPROTO_IPV6, 26)?,
    ];
    Ok(vec![
        (libc::SYS_socket, socket),
        (libc::SYS_connect, vec![]),
        (libc::SYS_setsockopt, options),
        (libc::SYS_sendmsg, vec![rule([masked(2, libc::MSG_OOB, 0)])?]),
        (libc::SYS_sendmmsg, vec![rule([masked(3, libc::MSG_OOB, 0)])?]),
        (libc::SYS_recvmmsg, vec![rule([masked(3, libc::MSG_OOB, 0)])?]),
    ])
}

/// The part of a socket's type that is its kind; the rest are flags.
const SOCKET_KIND: c_int = 0xf;

/// Options up to this one. Later ones attach programs to sockets, join groups, or change the protocol.
fn socket_options(level: c_int, last: c_int) -> Result<SeccompRule, BackendError> {
    rule([equal(1, level), SeccompCondition::new(2, Dword, Le, number(last))])
}

fn kind_of_file(argument: u8, kind: libc::mode_t) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Dword, MaskedEq(libc::S_IFMT.into()), kind.into())
}

/// One rule for each value.
fn one_of(argument: u8, values: &[u64]) -> Result<Rules, BackendError> {
    values.iter().map(|value| rule([SeccompCondition::new(argument, Dword, Eq, *value)])).collect()
}

fn with(mut rules: Rules, further: SeccompRule) -> Rules {
    rules.push(further);
    rules
}

/// A rule that holds when all of these do.
fn rule<const N: usize>(conditions: [Result<SeccompCondition, BackendError>; N]) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions.into_iter().collect::<Result<_, _>>()?)
}

fn equal(argument: u8, value: c_int) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Dword, Eq, number(value))
}

fn masked(argument: u8, mask: c_int, value: c_int) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, Dword, MaskedEq(number(mask)), number(value))
}

/// As the kernel sees an argument of type `int`: the lower half of the register.
fn number(value: c_int) -> u64 {
    value.cast_unsigned().into()
}
