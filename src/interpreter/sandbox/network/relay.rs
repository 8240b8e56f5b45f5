//! Answers at the made-up nameserver: takes questions about names over TCP, and asks the resolvers of the host as the
//! C library would, over UDP first.
//!
//! It does not read what it passes on, but for its length, its number, and whether the answer was cut off.

use std::{
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::fd::{AsFd, OwnedFd},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec},
    io::Errno,
    net::{self, Shutdown},
};

/// A sandbox may use one connection to its nameserver for so long.
const CONNECTION: Duration = Duration::from_secs(30);

/// The other end of a sandbox's connection is there at once, or never.
const MEETING: Duration = Duration::from_secs(1);

/// Each resolver is given so long, in turn, and so often. With three of them it stays below the sandbox's own patience.
const PATIENCE: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 2;

/// For asking again over TCP, when an answer was cut off.
const RECONNECTING: Duration = Duration::from_secs(1);

/// How long it may take until a relay notices that it was given up.
const SLICE: Duration = Duration::from_millis(50);

/// Questions are far shorter; answers may be as long as a length of two bytes can say.
const MAX_QUESTION: usize = 1024;
const MAX_ANSWER: usize = 65_535;

/// A message begins with its number, then flags: that it is an answer, that it was cut off (RFC 1035, 4.1.1).
const HEADER: usize = 12;
const IS_ANSWER: u8 = 0x80;
const CUT_OFF: u8 = 0x02;

/// Connects a sandbox's socket to this process, and gives this end and what `connect` said.
///
/// The two meet at a port of the loopback interface that exists for this one connection.
pub(super) fn meet(socket: &OwnedFd, given_up: &AtomicBool) -> Result<(TcpStream, Result<(), Errno>), Errno> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| errno(&error))?;
    let place = listener.local_addr().map_err(|error| errno(&error))?;
    let outcome = net::connect(socket, &place);
    if !matches!(outcome, Ok(()) | Err(Errno::INPROGRESS)) {
        return Err(outcome.err().unwrap_or(Errno::IO));
    }
    let patience = Patience { until: Instant::now() + MEETING, given_up };
    match accept(&listener, socket, &patience) {
        Ok(stream) => Ok((stream, outcome)),
        Err(error) => {
            // It must not go on connecting to a port that somebody else may have next.
            let _ = net::shutdown(socket, Shutdown::Both);
            Err(errno(&error))
        }
    }
}

/// Takes the connection of this socket. Others on this host can connect too; they are turned away.
fn accept(listener: &TcpListener, socket: &OwnedFd, patience: &Patience<'_>) -> io::Result<TcpStream> {
    listener.set_nonblocking(true)?;
    let expected = SocketAddr::try_from(net::getsockname(socket)?)?;
    loop {
        patience.wait(listener, PollFlags::IN)?;
        match listener.accept() {
            Ok((stream, peer)) if peer == expected => {
                stream.set_nonblocking(true)?;
                return Ok(stream);
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// Answers questions that come over a connection, one after another, until it ends or is given up.
pub(super) fn serve(mut asking: TcpStream, resolvers: &[SocketAddr], given_up: &AtomicBool) {
    let patience = Patience { until: Instant::now() + CONNECTION, given_up };
    // The other end is gone, or no resolver answers, which the end of the connection tells.
    while serve_one(&mut asking, resolvers, &patience).is_ok() {}
}

fn serve_one(asking: &mut TcpStream, resolvers: &[SocketAddr], patience: &Patience<'_>) -> io::Result<()> {
    let question = read_message(asking, MAX_QUESTION, patience)?;
    let answer = ask(resolvers, &question, patience.given_up)?;
    write_message(asking, &answer, patience)
}

/// Asks the resolvers in turn.
fn ask(resolvers: &[SocketAddr], question: &[u8], given_up: &AtomicBool) -> io::Result<Vec<u8>> {
    for resolver in resolvers.iter().cycle().take(resolvers.len() * ROUNDS) {
        let patience = Patience { until: Instant::now() + PATIENCE, given_up };
        match ask_by_datagram(*resolver, question, &patience) {
            Ok(answer) if answer[2] & CUT_OFF == 0 => return Ok(answer),
            // What was cut off is better than nothing.
            Ok(answer) => return Ok(ask_by_stream(*resolver, question, given_up).unwrap_or(answer)),
            Err(_) if given_up.load(Ordering::Acquire) => break,
            Err(_) => {}
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn ask_by_datagram(resolver: SocketAddr, question: &[u8], patience: &Patience<'_>) -> io::Result<Vec<u8>> {
    let any = if resolver.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.set_nonblocking(true)?;
    socket.connect(resolver)?;
    socket.send(question)?;
    let mut answer = vec![0; MAX_ANSWER];
    loop {
        patience.wait(&socket, PollFlags::IN)?;
        let length = socket.recv(&mut answer)?;
        if is_answer(&answer[..length], question) {
            answer.truncate(length);
            return Ok(answer);
        }
    }
}

fn ask_by_stream(resolver: SocketAddr, question: &[u8], given_up: &AtomicBool) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&resolver, RECONNECTING)?;
    stream.set_nonblocking(true)?;
    let patience = Patience { until: Instant::now() + PATIENCE, given_up };
    write_message(&mut stream, question, &patience)?;
    let answer = read_message(&mut stream, MAX_ANSWER, &patience)?;
    if is_answer(&answer, question) { Ok(answer) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn is_answer(message: &[u8], question: &[u8]) -> bool {
    message.len() >= HEADER && message[..2] == question[..2] && message[2] & IS_ANSWER != 0
}

/// Reads a message with its length before it (RFC 1035, 4.2.2).
fn read_message(stream: &mut TcpStream, most: usize, patience: &Patience<'_>) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    read_exact(stream, &mut length, patience)?;
    let length = usize::from(u16::from_be_bytes(length));
    if !(HEADER..=most).contains(&length) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    read_exact(stream, &mut message, patience)?;
    Ok(message)
}

fn read_exact(stream: &mut TcpStream, mut into: &mut [u8], patience: &Patience<'_>) -> io::Result<()> {
    while !into.is_empty() {
        patience.wait(stream.as_fd(), PollFlags::IN)?;
        match stream.read(into) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => into = &mut into[read..],
            Err(error) if passes(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn write_message(stream: &mut TcpStream, message: &[u8], patience: &Patience<'_>) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    let whole = [&length.to_be_bytes(), message].concat();
    let mut rest = whole.as_slice();
    while !rest.is_empty() {
        patience.wait(stream.as_fd(), PollFlags::OUT)?;
        match stream.write(rest) {
            Ok(written) => rest = &rest[written..],
            Err(error) if passes(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn passes(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn errno(error: &io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

/// How long to wait, unless it is given up before.
struct Patience<'a> {
    until: Instant,
    given_up: &'a AtomicBool,
}

impl Patience<'_> {
    fn wait(&self, descriptor: impl AsFd, events: PollFlags) -> io::Result<()> {
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.given_up.load(Ordering::Acquire) {
                return Err(Errno::TIMEDOUT.into());
            }
            let slice = Timespec::try_from(left.min(SLICE)).map_err(|_| io::ErrorKind::InvalidInput)?;
            match rustix::event::poll(&mut [PollFd::new(&descriptor, events)], Some(&slice)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(errno) => return Err(errno.into()),
            }
        }
    }
}
