//! The addresses that this host has on its interfaces.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ptr,
};

/// Reads the addresses of all interfaces, also of those that are down.
pub(super) fn read() -> io::Result<Vec<IpAddr>> {
    let mut first = ptr::null_mut();
    // SAFETY: `first` is a place for one pointer, which stays alive during the call.
    if unsafe { libc::getifaddrs(&raw mut first) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mut addresses = Vec::new();
    let mut next = first;
    // SAFETY: `getifaddrs` succeeded, so each pointer of its list is null or an entry that lives until `freeifaddrs`.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: `ifa_addr` is null or an address as long as its family says, living as long as the entry.
        addresses.extend(unsafe { address_at(entry.ifa_addr) });
        next = entry.ifa_next;
    }
    // SAFETY: the list came from `getifaddrs`, is freed once, and nothing refers to it any more.
    unsafe { libc::freeifaddrs(first) };
    Ok(addresses)
}

/// The address of the internet at a place, if there is one.
///
/// # Safety
/// The pointer is null, or points to a socket address that is as long as its family says.
unsafe fn address_at(place: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: the caller vouches for the pointer; every socket address begins with its family.
    let family = i32::from(unsafe { place.as_ref() }?.sa_family);
    match family {
        libc::AF_INET => {
            // SAFETY: an address of this family is a `sockaddr_in`; read without regard to alignment.
            let address = unsafe { place.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Ipv4Addr::from_bits(u32::from_be(address.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: an address of this family is a `sockaddr_in6`; read without regard to alignment.
            let address = unsafe { place.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Ipv6Addr::from(address.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_address_is_one_of_the_hosts_own() {
        assert!(read().unwrap().contains(&IpAddr::V4(Ipv4Addr::LOCALHOST)));
    }
}
