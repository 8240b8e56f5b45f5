//! Messages that carry descriptors: one packet each on a Unix socket that keeps packets apart.

use std::{
    io::{self, IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use serde::{Serialize, de::DeserializeOwned};

/// The longest packet, in bytes: well below what a socket takes by default.
const LONGEST: usize = 128 * 1024;
/// How many descriptors go with one packet.
pub(crate) const MOST_DESCRIPTORS: usize = 4;

/// Two ends of a socket that keeps packets apart.
pub(crate) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Sends a message with descriptors.
///
/// # Errors
/// When the other end is gone, or the message is too long for a packet.
pub(crate) fn send<M: Serialize>(socket: impl AsFd, message: &M, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    if bytes.len() > LONGEST {
        return Err(io::Error::other(format!("a message of {} bytes is too long", bytes.len())));
    }
    send_bytes(socket, &bytes, descriptors)
}

/// Sends bytes with descriptors.
pub(crate) fn send_bytes(socket: impl AsFd, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !ancillary.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::Error::other("too many descriptors for one message"));
    }
    sendmsg(socket, &[IoSlice::new(bytes)], &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Waits for a message and its descriptors; `None` when the other end is gone.
///
/// # Errors
/// When what came is no message.
pub(crate) fn receive<M: DeserializeOwned>(socket: impl AsFd) -> io::Result<Option<(M, Vec<OwnedFd>)>> {
    let mut bytes = vec![0; LONGEST];
    let (count, descriptors) = receive_bytes(socket, &mut bytes)?;
    if count == 0 {
        return Ok(None);
    }
    let message = postcard::from_bytes(&bytes[..count]).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(Some((message, descriptors)))
}

/// Waits for bytes on a socket, and takes the descriptors that come with them.
pub(crate) fn receive_bytes(socket: impl AsFd, bytes: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        match recvmsg(&socket, &mut [IoSliceMut::new(bytes)], &mut ancillary, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            received => break received?,
        }
    };
    let mut descriptors = Vec::new();
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            descriptors.extend(received);
        }
    }
    Ok((received.bytes, descriptors))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::{Read as _, Write as _},
    };

    use super::*;

    #[test]
    fn a_message_arrives_with_its_descriptors() {
        let (here, there) = pair().unwrap();
        let (reading, writing) = std::io::pipe().unwrap();
        send(&here, &"a pipe", &[writing.as_fd()]).unwrap();
        drop(writing);
        let (text, mut descriptors) = receive::<String>(&there).unwrap().unwrap();
        assert_eq!((text.as_str(), descriptors.len()), ("a pipe", 1));
        File::from(descriptors.remove(0)).write_all(b"through it").unwrap();
        let mut read = String::new();
        { reading }.read_to_string(&mut read).unwrap();
        assert_eq!(read, "through it");
        drop(here);
        assert!(receive::<String>(&there).unwrap().is_none());
    }
}
