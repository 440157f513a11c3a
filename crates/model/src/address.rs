//! Which network addresses are internal, so that the server never calls them for a stranger.
//!
//! The special-purpose registries of IANA (RFC 6890 and its successors) and the metadata services
//! of the clouds. An address that carries an IPv4 address inside is judged by that one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is internal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Internal {
    /// 127/8, `::1`, `localhost`.
    #[error("a loopback address")]
    Loopback,
    /// 0.0.0.0 and `::`, which reach the machine itself.
    #[error("the unspecified address")]
    Unspecified,
    /// The rest of 0/8.
    #[error("an address of this network")]
    ThisNetwork,
    /// RFC 1918, RFC 4193 (`fc00::/7`), site-local `fec0::/10`, local NAT64 `64:ff9b:1::/48`.
    #[error("a private address")]
    Private,
    /// 100.64/10 behind a carrier's NAT (RFC 6598).
    #[error("an address of carrier NAT")]
    CarrierNat,
    /// 169.254/16 and `fe80::/10`.
    #[error("a link-local address")]
    LinkLocal,
    /// Where a cloud tells its machines their secrets.
    #[error("an address of a metadata service")]
    Metadata,
    /// 224/4 and `ff00::/8`.
    #[error("a multicast address")]
    Multicast,
    /// 255.255.255.255.
    #[error("the broadcast address")]
    Broadcast,
    /// The three IPv4 test networks, `2001:db8::/32` and `3fff::/20`.
    #[error("an address for documentation")]
    Documentation,
    /// 198.18/15 and `2001:2::/48`.
    #[error("an address for benchmarks")]
    Benchmarking,
    /// 240/4, protocol assignments and all of IPv6 that is not unicast of the Internet.
    #[error("a reserved address")]
    Reserved,
}

/// Why `address` must not be called; `None` for an address of the Internet.
pub fn internal(address: IpAddr) -> Option<Internal> {
    match address {
        IpAddr::V4(v4) => internal_v4(v4),
        IpAddr::V6(v6) => internal_v6(v6),
    }
}

fn internal_v4(address: Ipv4Addr) -> Option<Internal> {
    Some(match address.octets() {
        [0, 0, 0, 0] => Internal::Unspecified,
        [0, ..] => Internal::ThisNetwork,
        [127, ..] => Internal::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Internal::Private,
        // Alibaba; then Amazon, Google, Microsoft and most others; Oracle; Microsoft's agent
        [100, 100, 100, 200] | [169, 254, 169, 254] | [192, 0, 0, 192] | [168, 63, 129, 16] => {
            Internal::Metadata
        }
        [100, 64..=127, ..] => Internal::CarrierNat,
        [169, 254, ..] => Internal::LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Internal::Documentation,
        [198, 18..=19, ..] => Internal::Benchmarking,
        // protocol assignments, and the withdrawn relays of 6to4
        [192, 0, 0, _] | [192, 88, 99, _] => Internal::Reserved,
        [224..=239, ..] => Internal::Multicast,
        [255, 255, 255, 255] => Internal::Broadcast,
        [240..=255, ..] => Internal::Reserved,
        _ => return None,
    })
}

fn internal_v6(address: Ipv6Addr) -> Option<Internal> {
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Internal::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Internal::Loopback,
        // mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96): in use, so a public one inside is fine
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return internal_v4(embedded(high, low));
        }
        // compatible (::/96) and translated (::ffff:0:0:0/96): withdrawn, so never fine
        [0, 0, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => {
            internal_v4(embedded(high, low)).unwrap_or(Internal::Reserved)
        }
        [0x64, 0xff9b, 1, ..] => Internal::Private,
        // 6to4
        [0x2002, high, low, ..] => return internal_v4(embedded(high, low)),
        // Teredo: the server's address, and the client's with all bits turned round
        [0x2001, 0, high, low, _, _, client_high, client_low] => internal_v4(embedded(high, low))
            .or_else(|| internal_v4(embedded(!client_high, !client_low)))
            .unwrap_or(Internal::Reserved),
        [0x2001, 2, 0, ..] => Internal::Benchmarking,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Internal::Documentation,
        // 2001::/23 belongs to protocols, not to hosts
        [0x2001, 0..=0x1ff, ..] => Internal::Reserved,
        [0x2000..=0x3fff, ..] => return None,
        // the metadata services of Amazon and of Google
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => Internal::Metadata,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Internal::Private,
        [0xfe80..=0xfebf, ..] => Internal::LinkLocal,
        [0xff00..=0xffff, ..] => Internal::Multicast,
        _ => Internal::Reserved,
    })
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

/// Whether the host of a URL names an internal address by itself, without asking a name server:
/// an address in any spelling (`127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433`, `[::1]`), `localhost`
/// or a name below it, each with or without dots at the end (decision 41).
///
/// Spellings that are not ASCII (full-width digits, percent signs) are the URL parser's to undo:
/// hand in the host as it comes out of one. A number that is no address is false here; no parser
/// lets it through.
pub fn literal_is_internal(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    is_localhost(host) || parse_literal(host).is_some_and(|address| internal(address).is_some())
}

fn is_localhost(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

/// The address that a host spells; `None` for a name. IPv6 with or without brackets and zone.
fn parse_literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    if bare.contains(':') {
        let without_zone = bare.split('%').next().unwrap_or(bare);
        return without_zone.parse().ok().map(IpAddr::V6);
    }
    parse_v4(bare).map(IpAddr::V4)
}

/// An IPv4 address as the C library and the URL standard read it: up to four numbers, decimal,
/// octal or hexadecimal, of which the last fills all bytes that are left.
fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let mut bits: u64 = 0;
    let mut parts = text.split('.').peekable();
    let mut bytes_left: u32 = 4;
    while let Some(part) = parts.next() {
        let number = parse_number(part)?;
        let bytes = if parts.peek().is_none() { bytes_left } else { 1 };
        if bytes == 0 || number >> (8 * bytes) != 0 {
            return None;
        }
        bits = bits << (8 * bytes) | number;
        bytes_left -= bytes;
    }
    (bytes_left == 0).then(|| u32::try_from(bits).ok()).flatten().map(Ipv4Addr::from_bits)
}

fn parse_number(part: &str) -> Option<u64> {
    let (digits, radix) = match part.as_bytes() {
        [b'0', b'x' | b'X', ..] => (part.get(2..)?, 16),
        [b'0', _, ..] => (part.get(1..)?, 8),
        _ => (part, 10),
    };
    if digits.is_empty() {
        // `0x` alone is zero, nothing at all is no number
        return (radix == 16).then_some(0);
    }
    // refuses the sign that `from_str_radix` would take
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
