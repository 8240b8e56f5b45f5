//! Runs a piece of Python as a sandbox would: with an empty network namespace and the filter, beside a supervisor
//! whose rules make an exception for some ports of the loopback interface. For tests.

use std::{
    fs,
    io::{Read as _, Write as _},
    mem::MaybeUninit,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::{net::UnixStream, process::CommandExt as _},
    },
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
};

use rustix::{
    io::Errno,
    mount::{self, MountPropagationFlags},
    net::{
        self, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
        SendFlags,
    },
    process::{Pid, PidfdFlags},
    thread::UnshareFlags,
};

use super::{OutwardRules, Supervisor, install, resolver};

/// What the pieces of code share: `told` says what a call came to, in a word.
const PRELUDE: &str = "
import asyncio, ctypes, errno, os, socket, struct, sys, threading, time
port, other = int(sys.argv[1]), int(sys.argv[2])

def told(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return f'{type(error).__name__} {errno.errorcode.get(error.errno, error.errno)}'
    return 'done'

def connecting(address, family=socket.AF_INET):
    with socket.socket(family) as s:
        return told(s.connect, address)
";

/// A process that runs a piece of code as a sandbox would, and who answers it.
pub(super) struct Sandboxed {
    pub(super) child: Child,
    pub(super) supervisor: Option<Supervisor>,
}

impl Sandboxed {
    pub(super) fn start(code: &str, ports: [u16; 2], rules: OutwardRules) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let names = tempfile::NamedTempFile::new().unwrap();
        fs::write(names.path(), resolver::resolv_conf()).unwrap();
        let names_path = names.path().to_owned();
        let mut command = Command::new(env!("TAIPAN_BUILD_PYTHON"));
        command.args(["-I", "-S", "-c", &format!("{PRELUDE}\n{code}")]).args(ports.map(|port| port.to_string()));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let prepare = move || {
            let spaces = UnshareFlags::NEWUSER | UnshareFlags::NEWNET | UnshareFlags::NEWNS;
            // SAFETY: the process has one thread and shares its descriptors with nobody.
            unsafe { rustix::thread::unshare_unsafe(spaces) }?;
            mount::mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
            mount::mount_bind(&names_path, "/etc/resolv.conf")?;
            send(&theirs, &install()?)?;
            Ok(())
        };
        // SAFETY: between fork and exec there is one thread; what it allocates, glibc makes safe after a fork.
        let child = unsafe { command.pre_exec(prepare) }.spawn().unwrap();
        let listener = receive(&ours);
        let pid = Pid::from_child(&child);
        let process = rustix::process::pidfd_open(pid, PidfdFlags::empty()).unwrap();
        let supervisor = Supervisor::start(listener, process, Arc::new(rules)).unwrap();
        Self { child, supervisor: Some(supervisor) }
    }

    /// A line that the code prints.
    pub(super) fn line(&mut self) -> String {
        let mut line = Vec::new();
        let mut byte = [0];
        let output = self.child.stdout.as_mut().unwrap();
        while output.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        String::from_utf8(line).unwrap()
    }

    /// All that the code prints from here on.
    pub(super) fn output(mut self) -> String {
        let mut output = String::new();
        self.child.stdout.as_mut().unwrap().read_to_string(&mut output).unwrap();
        output
    }
}

impl Drop for Sandboxed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(through: &UnixStream, descriptor: &OwnedFd) -> Result<(), Errno> {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = SendAncillaryBuffer::new(&mut room);
    let descriptors = [descriptor.as_fd()];
    assert!(message.push(SendAncillaryMessage::ScmRights(&descriptors)));
    net::sendmsg(through, &[std::io::IoSlice::new(b"x")], &mut message, SendFlags::empty()).map(|_| ())
}

fn receive(through: &UnixStream) -> OwnedFd {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = RecvAncillaryBuffer::new(&mut room);
    let mut byte = [0];
    net::recvmsg(through, &mut [std::io::IoSliceMut::new(&mut byte)], &mut message, RecvFlags::CMSG_CLOEXEC).unwrap();
    let received = message.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    });
    received.unwrap()
}

/// A server that answers each connection with a greeting, a port on which nobody may connect, and rules that say so.
pub(super) fn servers() -> (TcpListener, [u16; 2], OutwardRules) {
    let allowed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let forbidden = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    forbidden.set_nonblocking(true).unwrap();
    let address = allowed.local_addr().unwrap();
    let ports = [address.port(), forbidden.local_addr().unwrap().port()];
    thread::Builder::new()
        .spawn(move || {
            for stream in allowed.incoming() {
                let _ = stream.and_then(|mut stream| stream.write_all(b"welcome"));
            }
        })
        .unwrap();
    (forbidden, ports, OutwardRules::for_tests(Vec::new(), vec![address], Vec::new()))
}

/// A port where connections are neither taken nor refused, while what is given along is kept.
pub(super) fn silence() -> (SocketAddr, impl Sized) {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = net::socket(net::AddressFamily::INET, net::SocketType::STREAM, None).unwrap();
    net::bind(&listener, &any).unwrap();
    net::listen(&listener, 0).unwrap();
    let address = SocketAddr::try_from(net::getsockname(&listener).unwrap()).unwrap();
    // They fill the queue of those that wait to be taken.
    let waiting = [(); 4].map(|()| {
        let flags = net::SocketFlags::NONBLOCK | net::SocketFlags::CLOEXEC;
        let socket = net::socket_with(net::AddressFamily::INET, net::SocketType::STREAM, flags, None).unwrap();
        let _ = net::connect(&socket, &address);
        socket
    });
    (address, (listener, waiting))
}
