#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

fn reason(address: &str) -> Option<Internal> {
    internal(address.parse().unwrap())
}

#[test]
fn every_internal_range_is_known_at_both_ends() {
    use Internal::*;
    for (first, last, expected) in [
        ("0.0.0.1", "0.255.255.255", ThisNetwork),
        ("10.0.0.0", "10.255.255.255", Private),
        ("100.64.0.0", "100.127.255.255", CarrierNat),
        ("127.0.0.0", "127.255.255.255", Loopback),
        ("169.254.0.0", "169.254.255.255", LinkLocal),
        ("172.16.0.0", "172.31.255.255", Private),
        ("192.0.0.0", "192.0.0.255", Reserved),
        ("192.0.2.0", "192.0.2.255", Documentation),
        ("192.88.99.0", "192.88.99.255", Reserved),
        ("192.168.0.0", "192.168.255.255", Private),
        ("198.18.0.0", "198.19.255.255", Benchmarking),
        ("198.51.100.0", "198.51.100.255", Documentation),
        ("203.0.113.0", "203.0.113.255", Documentation),
        ("224.0.0.0", "239.255.255.255", Multicast),
        ("240.0.0.0", "255.255.255.254", Reserved),
        ("::2:0:0", "::fffe:ffff:ffff", Reserved),
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", Private),
        ("100::", "100::ffff:ffff:ffff:ffff", Reserved),
        ("2001:1::", "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", Reserved),
        ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", Benchmarking),
        ("2001:2:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Reserved),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Documentation),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Documentation),
        ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Reserved),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Private),
        ("fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Reserved),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", LinkLocal),
        ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Private),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Multicast),
    ] {
        assert_eq!(reason(first), Some(expected), "{first}");
        assert_eq!(reason(last), Some(expected), "{last}");
    }
}

#[test]
fn single_addresses_have_their_own_reason() {
    for (address, expected) in [
        ("0.0.0.0", Internal::Unspecified),
        ("::", Internal::Unspecified),
        ("::1", Internal::Loopback),
        ("255.255.255.255", Internal::Broadcast),
        ("169.254.169.254", Internal::Metadata),
        ("100.100.100.200", Internal::Metadata),
        ("168.63.129.16", Internal::Metadata),
        ("192.0.0.192", Internal::Metadata),
        ("fd00:ec2::254", Internal::Metadata),
        ("fd20:ce::254", Internal::Metadata),
        ("::ffff:169.254.169.254", Internal::Metadata),
        ("::127.0.0.1", Internal::Loopback),
        ("::8.8.8.8", Internal::Reserved),
        ("::ffff:0:127.0.0.1", Internal::Loopback),
        ("::ffff:0:8.8.8.8", Internal::Reserved),
        ("64:ff9b::10.0.0.1", Internal::Private),
        ("2002:7f00:1::1", Internal::Loopback),
        // Teredo with an internal server, then with an internal client (192.168.0.1)
        ("2001:0:7f00:1::f7f7:f7f7", Internal::Loopback),
        ("2001:0:808:808::3f57:fffe", Internal::Private),
        ("2001:0:808:808::f7f7:f7f7", Internal::Reserved),
    ] {
        assert_eq!(reason(address), Some(expected), "{address}");
    }
}

#[test]
fn the_neighbours_of_the_ranges_are_public() {
    for address in [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2000::",
        "2001:200::",
        "2001:db7:ffff::",
        "2001:db9::",
        "2606:4700::1111",
        "2a00::1",
        "3ffe::1",
        "3fff:1000::",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ] {
        assert_eq!(reason(address), None, "{address}");
    }
}

#[test]
fn internal_hosts_are_found_in_every_spelling() {
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.b.localhost",
        "a.LocalHost..",
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "2130706433.",
        "0x7f000001",
        "0X7F000001",
        "0x7f.1",
        "0x7f.0x0.0x0.0x1",
        "017700000001",
        "0177.0.0.1",
        "00177.0.0.01",
        "0177.0x0.1",
        "0",
        "0x",
        "0.0.0.0",
        "10.1",
        "192.168.257",
        "172.1048577",
        "169.254.43518",
        "2852039166",
        "0xa9fea9fe",
        "255.255.255.255",
        "4294967295",
        "[::1]",
        "::1",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::FFFF:A9FE:A9FE]",
        "[fe80::1%25eth0]",
        "[fd00::1]",
        "[fec0::1]",
        "[64:ff9b::7f00:1]",
        "[2002:c0a8:1::]",
    ] {
        assert!(literal_is_internal(host), "{host}");
    }
}

#[test]
fn names_and_public_addresses_are_not_literal_internal() {
    for host in [
        "",
        ".",
        "example.com",
        "localhost.example.com",
        "notlocalhost",
        "local",
        "127.0.0.1.example.com",
        "127.0.0.1.nip.io",
        "8.8.8.8",
        "134744072",
        "010.010.010.010",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "+127.0.0.1",
        "127.+0.0.1",
        "-1",
        "0x7g",
        "08.0.0.1",
        // no addresses at all
        "127.0.0.256",
        "127.0.0.0.1",
        "256.1",
        "4294967296",
        "99999999999999999999999999",
        "127..1",
        "[::1",
        "::1]",
        "[127.0.0.1::]",
    ] {
        assert!(!literal_is_internal(host), "{host}");
    }
}

/// All ways in which the URL standard lets an IPv4 address be written.
fn spellings(address: Ipv4Addr) -> Vec<String> {
    let bits = address.to_bits();
    let [a, b, c, d] = address.octets();
    let (tail3, tail2) = (bits & 0xff_ffff, bits & 0xffff);
    vec![
        address.to_string(),
        format!("{address}."),
        format!("{bits}"),
        format!("{bits:#x}"),
        format!("0X{bits:X}"),
        format!("0{bits:o}"),
        format!("{a}.{tail3}"),
        format!("{a:#x}.{tail3:#x}"),
        format!("{a}.{b}.{tail2}"),
        format!("{a}.0{b:o}.{tail2:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("000{a:o}.{b:#06x}.{c}.{d}"),
        format!("[::ffff:{address}]"),
        format!("[0:0:0:0:0:FFFF:{:X}:{tail2:X}]", bits >> 16),
        format!("[64:ff9b::{address}]"),
        format!("[2002:{:x}:{tail2:x}::1]", bits >> 16),
    ]
}

proptest! {
    #[test]
    fn the_spelling_never_changes_the_verdict(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        let expected = internal(IpAddr::V4(address)).is_some();
        for spelling in spellings(address) {
            prop_assert_eq!(literal_is_internal(&spelling), expected, "{}", spelling);
        }
    }

    #[test]
    fn internal_addresses_stay_internal_in_every_spelling(
        head in prop::sample::select(vec![0u32, 10, 127, 224, 240]), tail in 0u32..1 << 24,
    ) {
        let address = Ipv4Addr::from_bits(head << 24 | tail);
        for spelling in spellings(address) {
            prop_assert!(literal_is_internal(&spelling), "{}", spelling);
        }
    }

    #[test]
    fn what_the_standard_library_calls_internal_is_internal(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let known = v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_multicast()
            || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
        prop_assert!(!known || internal(IpAddr::V4(v4)).is_some());
    }

    #[test]
    fn only_global_unicast_and_carried_addresses_of_ipv6_are_public(bits: u128) {
        let v6 = Ipv6Addr::from_bits(bits);
        let known = v6.is_loopback() || v6.is_multicast() || v6.is_unspecified()
            || v6.is_unique_local() || v6.is_unicast_link_local();
        prop_assert!(!known || internal(IpAddr::V6(v6)).is_some());
        prop_assert!(internal(IpAddr::V6(v6)).is_some() || bits >> 125 == 1 || bits >> 96 == 0x64_ff9b << 64
            || v6.to_ipv4_mapped().is_some());
    }

    #[test]
    fn no_text_makes_it_panic(host in "\\PC{0,40}") {
        literal_is_internal(&host);
    }

    #[test]
    fn numbers_and_dots_never_make_it_panic(host in "[0-9a-fx.:%\\[\\]]{0,40}") {
        literal_is_internal(&host);
    }
}
