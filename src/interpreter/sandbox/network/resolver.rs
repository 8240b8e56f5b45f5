//! The made-up nameserver of sandboxes, and the resolvers of the host that stand behind it.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
};

use super::own_addresses;

/// The port of nameservers.
const PORT: u16 = 53;

/// Where sandboxes ask for names. An address for documents (RFC 5737), so nothing real can be behind it.
pub(super) const NAMESERVER: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 53), PORT));

/// As many resolvers of the host are asked as the C library would ask (`MAXNS` of resolv.h).
const MAX_RESOLVERS: usize = 3;

/// What `/etc/resolv.conf` of a sandbox says.
///
/// `use-vc` lets the C library ask over TCP: a datagram socket could send to whom it likes. Where the host has no
/// public IPv6 address, `no-aaaa` (glibc 2.36, unknown words are passed over) leaves out addresses that nobody reaches.
/// To be asked for where the interfaces of the host are seen, not in a network namespace of one's own.
pub(in crate::interpreter::sandbox) fn resolv_conf() -> String {
    let has_ipv6 = own_addresses::read().is_ok_and(|own| own.into_iter().any(is_global_v6));
    let no_ipv6 = if has_ipv6 { "" } else { " no-aaaa" };
    format!("nameserver {}\noptions use-vc timeout:10 attempts:1{no_ipv6}\n", NAMESERVER.ip())
}

fn is_global_v6(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.segments()[0] >> 13 == 1)
}

/// The resolvers of the host, read anew, since a host changes its networks.
pub(super) fn of_this_host() -> io::Result<Vec<SocketAddr>> {
    let mut resolvers = named_in(&fs::read_to_string("/etc/resolv.conf")?);
    if resolvers.is_empty() {
        // What the C library does with a file that names none.
        resolvers.push(SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)));
    }
    Ok(resolvers)
}

/// The nameservers that a `resolv.conf` names, as resolv.conf(5) has them written.
fn named_in(text: &str) -> Vec<SocketAddr> {
    let named = text.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next()).flatten()
    });
    named.filter_map(resolver_at).take(MAX_RESOLVERS).collect()
}

fn resolver_at(text: &str) -> Option<SocketAddr> {
    let Some((address, interface)) = text.split_once('%') else {
        return Some(SocketAddr::new(text.parse().ok()?, PORT));
    };
    let scope = interface.parse().ok().or_else(|| interface_number(interface))?;
    Some(SocketAddr::V6(SocketAddrV6::new(address.parse().ok()?, PORT, 0, scope)))
}

fn interface_number(name: &str) -> Option<u32> {
    fs::read_to_string(format!("/sys/class/net/{name}/ifindex")).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nameservers_are_read_as_the_c_library_reads_them() {
        let text = "# nameserver 9.9.9.9\nsearch home\nnameserver 127.0.0.53 # stub\n nameserver\nnameserver nowhere\n\
                    nameserver fe80::1%7\nnameserver\t10.0.0.1\nnameserver 8.8.8.8\noptions edns0\n";
        let expected = ["127.0.0.53:53", "[fe80::1%7]:53", "10.0.0.1:53"];
        assert_eq!(named_in(text).iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_file_without_nameservers_names_none() {
        assert_eq!(named_in("options ndots:2\n; nameserver 1.1.1.1\n"), []);
    }
}
