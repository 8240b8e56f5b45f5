//! Which addresses the code of a sandbox may connect to: those of the public internet that are not the host's own.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use super::own_addresses;

/// Why an address may not be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Networks of the host, of its neighbours, of documents and experiments: all that is not the public internet.
    #[error("the address does not belong to the public internet")]
    NotPublic,
    /// A public address, but of this very host.
    #[error("the address is one of this host's own")]
    OwnAddress,
}

/// What is judged by.
#[derive(Debug, Clone)]
pub(in crate::interpreter::sandbox) struct OutwardRules {
    own: Vec<IpAddr>,
    /// Allowed whatever else holds: for tests, which have no internet.
    exceptions: Vec<SocketAddr>,
    /// Asked instead of the resolvers of the host.
    resolvers: Option<Vec<SocketAddr>>,
}

impl OutwardRules {
    /// The rules for this host, with the addresses that its interfaces have now.
    ///
    /// # Errors
    /// When the interfaces cannot be listed.
    pub(in crate::interpreter::sandbox) fn of_this_host() -> io::Result<Self> {
        Ok(Self { own: own_addresses::read()?, exceptions: Vec::new(), resolvers: None })
    }

    /// The same rules with the addresses that the interfaces have by now.
    pub(super) fn refreshed(&self) -> io::Result<Self> {
        Ok(Self { own: own_addresses::read()?, ..self.clone() })
    }

    /// The resolvers to ask instead of the host's.
    pub(super) fn resolvers(&self) -> Option<&[SocketAddr]> {
        self.resolvers.as_deref()
    }

    #[cfg(test)]
    pub(super) fn for_tests(own: Vec<IpAddr>, exceptions: Vec<SocketAddr>, resolvers: Vec<SocketAddr>) -> Self {
        Self { own, exceptions, resolvers: Some(resolvers) }
    }
}

/// Judges an address. Who connects must connect to this very value, not to what it was read from.
///
/// # Errors
/// Why the address may not be connected to.
pub(super) fn allowed(address: SocketAddr, rules: &OutwardRules) -> Result<(), Refusal> {
    if rules.exceptions.contains(&address) {
        return Ok(());
    }
    let meant = meant(address.ip());
    if rules.own.iter().any(|own| own.to_canonical() == meant) {
        return Err(Refusal::OwnAddress);
    }
    let public = match meant {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    };
    if public { Ok(()) } else { Err(Refusal::NotPublic) }
}

/// Where packets to an address end up: the address itself, or the one that is written into it.
fn meant(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => through_nat64(address).map_or(IpAddr::V6(address), IpAddr::V4),
        address @ IpAddr::V4(_) => address,
    }
}

/// The address at the other side of a translator with the well-known prefix `64:ff9b::/96` (RFC 6052).
fn through_nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let (prefix, embedded) = (address.to_bits() >> 32, address.to_bits() & u128::from(u32::MAX));
    if prefix != 0x64_ff9b_u128 << 64 {
        return None;
    }
    u32::try_from(embedded).ok().map(Ipv4Addr::from_bits)
}

/// Blocks without public hosts, from the IANA IPv4 Special-Purpose Address Registry and RFC 5771 (multicast).
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),            // this network; 0.0.0.0 means the host itself
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // a provider's own network
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, and the metadata of cloud machines
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // relays from IPv6 to IPv4, given up
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // measuring devices
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),      // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),      // reserved, and broadcast
    (Ipv4Addr::new(168, 63, 129, 16), 32), // not special by any standard: the host of an Azure machine
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC_V4.iter().any(|&(block, bits)| (address.to_bits() ^ block.to_bits()) >> (32 - bits) == 0)
}

/// Blocks without public hosts within `2000::/3`, from the IANA IPv6 Special-Purpose Address Registry.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo tunnels among them
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4 tunnels, which lead to any IPv4 address
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Public hosts have addresses within `2000::/3`; loopback, link-local, private, multicast and mapped ones lie outside.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |block: Ipv6Addr, bits: u32| (address.to_bits() ^ block.to_bits()) >> (128 - bits) == 0;
    within(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
        && !NOT_PUBLIC_V6.iter().any(|&(block, bits)| within(block, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A public address of each kind, for hosts that have one.
    const OWN: [&str; 2] = ["9.9.9.9", "2620:fe::fe"];

    fn judged(address: &str) -> Result<(), Refusal> {
        let own = OWN.iter().map(|own| own.parse().unwrap()).collect();
        let rules = OutwardRules::for_tests(own, vec!["127.0.0.1:4000".parse().unwrap()], Vec::new());
        let address: IpAddr = address.parse().unwrap();
        allowed(SocketAddr::new(address, 443), &rules)
    }

    #[test]
    fn public_addresses_are_allowed_also_at_the_edges_of_other_blocks() {
        let edges_v4 = "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
                        169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 \
                        192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 \
                        198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 168.63.129.15";
        let edges_v6 = "2000:: 2001:200:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: 2003:: \
                        2606:4700:4700::1111 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000:: \
                        ::ffff:1.1.1.1 64:ff9b::1.1.1.1";
        for address in edges_v4.split_whitespace().chain(edges_v6.split_whitespace()) {
            assert_eq!(judged(address), Ok(()), "{address}");
        }
    }

    #[test]
    fn whatever_is_not_public_is_refused_at_its_edges_too() {
        let v4 = "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.0.0.1 \
                  127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 \
                  192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 \
                  198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 \
                  240.0.0.0 255.255.255.255 168.63.129.16";
        for address in v4.split_whitespace() {
            assert_eq!(judged(address), Err(Refusal::NotPublic), "{address}");
            for form in ["::ffff:", "::", "64:ff9b::", "64:ff9b:1::"] {
                let address = format!("{form}{address}");
                assert_eq!(judged(&address), Err(Refusal::NotPublic), "{address}");
            }
        }
        let v6 = ":: ::1 ::1.1.1.1 100:: 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:: \
                  2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: \
                  2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2002:: \
                  2002:7f00:1:: 2002:808:808:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: \
                  3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff 4000:: 5f00:: fc00:: fd00:ec2::254 \
                  fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80:: fe80::1 febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff \
                  fec0:: ff00:: ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff \
                  64:ff9b:0:0:0:1:101:101 ::ffff:0:1.1.1.1";
        for address in v6.split_whitespace() {
            assert_eq!(judged(address), Err(Refusal::NotPublic), "{address}");
        }
    }

    #[test]
    fn the_hosts_own_addresses_are_refused_in_every_form() {
        for address in ["9.9.9.9", "::ffff:9.9.9.9", "64:ff9b::9.9.9.9", "2620:fe::fe"] {
            assert_eq!(judged(address), Err(Refusal::OwnAddress), "{address}");
        }
    }

    #[test]
    fn an_exception_holds_for_its_port_alone() {
        let rules = OutwardRules::for_tests(Vec::new(), vec!["127.0.0.1:4000".parse().unwrap()], Vec::new());
        assert_eq!(allowed("127.0.0.1:4000".parse().unwrap(), &rules), Ok(()));
        for other in ["127.0.0.1:4001", "127.0.0.2:4000", "[::ffff:127.0.0.1]:4000"] {
            assert_eq!(allowed(other.parse().unwrap(), &rules), Err(Refusal::NotPublic), "{other}");
        }
    }
}
