//! Which addresses may be called (可达范围). Pure.
//!
//! Whoever names a receiver could otherwise make the server look into its own network: its database, the metadata of its
//! machine (server-side request forgery, OWASP API7:2023). So the address that a name leads to is judged, not the name,
//! and the very address that was judged is called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far calls may go (可达范围), parameter `outbox_reach` of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only.
    Public,
    /// These, and the machine itself where it is written so (`localhost`, `127.0.0.1`, `[::1]`).
    Loopback,
    /// These, and the private networks of RFC 1918, RFC 6598 and RFC 4193.
    Private,
}

impl Reach {
    /// Reads the parameter.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Self::Public),
            "loopback" => Some(Self::Loopback),
            "private" => Some(Self::Private),
            _ => None,
        }
    }

    /// Whether this address may be called; `named_loopback`: the receiver's own words say that it is this machine.
    ///
    /// Rule `outbox.addresses`: link-local addresses, those of machines' metadata, and those that stand for several or
    /// for nobody are never called.
    #[must_use]
    pub fn allows(self, address: IpAddr, named_loopback: bool) -> bool {
        match kind(address) {
            Kind::Public => true,
            Kind::Loopback => named_loopback && self != Self::Public,
            Kind::Private => self == Self::Private,
            Kind::Never => false,
        }
    }
}

/// Whether a host's own words say that it is this machine.
#[must_use]
pub fn is_loopback_name(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| kind(address) == Kind::Loopback)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    Loopback,
    Private,
    Never,
}

fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(|| kind_v6(address), kind_v4),
    }
}

/// The special ranges of the IANA IPv4 registry.
fn kind_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        [127, ..] => Kind::Loopback,
        // Metadata of machines rented at Alibaba Cloud, in the middle of a private range.
        [100, 100, 100, 200] => Kind::Never,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Kind::Private,
        // This network, link-local (machines' metadata), IETF, documentation, 6to4 relays, benchmarks, multicast, reserved.
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [224..=255, ..] => Kind::Never,
        _ => Kind::Public,
    }
}

/// Of IPv6 only the global unicast range 2000::/3 is public, without those of its ranges that wrap an IPv4 address.
fn kind_v6(address: Ipv6Addr) -> Kind {
    if address == Ipv6Addr::LOCALHOST {
        return Kind::Loopback;
    }
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Kind::Private,
        // Teredo and the other protocol assignments, documentation, 6to4.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, ..] => Kind::Never,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `outbox.addresses`
    #[test]
    fn which_addresses_may_be_called_under_each_reach() {
        // address | named as this machine | public | loopback | private
        let rows = [
            ("1.1.1.1", false, true, true, true),
            ("2606:4700::1111", false, true, true, true),
            ("127.0.0.1", true, false, true, true),
            ("::1", true, false, true, true),
            // A name that leads to the machine itself is not one that says so.
            ("127.0.0.1", false, false, false, false),
            ("::ffff:127.0.0.1", false, false, false, false),
            ("10.1.2.3", false, false, false, true),
            ("172.31.0.1", false, false, false, true),
            ("172.32.0.1", false, true, true, true),
            ("192.168.1.1", false, false, false, true),
            ("100.64.0.1", false, false, false, true),
            ("::ffff:10.0.0.1", false, false, false, true),
            ("fd00::1", false, false, false, true),
            ("169.254.169.254", true, false, false, false),
            ("::ffff:169.254.169.254", true, false, false, false),
            ("100.100.100.200", true, false, false, false),
            ("0.0.0.0", true, false, false, false),
            ("255.255.255.255", true, false, false, false),
            ("224.0.0.1", true, false, false, false),
            ("fe80::1", true, false, false, false),
            ("::", true, false, false, false),
            ("64:ff9b::7f00:1", true, false, false, false),
            ("2002:7f00:1::", true, false, false, false),
        ];
        for (address, named, public, loopback, private) in rows {
            let ip: IpAddr = address.parse().unwrap();
            let found = [Reach::Public, Reach::Loopback, Reach::Private].map(|reach| reach.allows(ip, named));
            assert_eq!(found, [public, loopback, private], "{address}");
        }
    }

    #[test]
    fn only_these_words_name_the_machine_itself() {
        for (host, is) in [("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("[::1]", true)] {
            assert_eq!(is_loopback_name(host), is, "{host}");
        }
        for host in ["localhost.example.com", "127.0.0.1.example.com", "0.0.0.0", "10.0.0.1", "2130706433"] {
            assert!(!is_loopback_name(host), "{host}");
        }
    }
}
