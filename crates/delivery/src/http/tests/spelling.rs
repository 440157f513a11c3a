//! The guard's verdicts over the URL parser that targets pass through.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// The host as the hub sees it when a webhook is created.
fn host_of(url: &str) -> String {
    url::Url::parse(url).unwrap().host_str().unwrap().to_owned()
}

const INTERNAL_SPELLINGS: &[&str] = &[
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1:8080/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0X7F.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://%31%32%37.0.0.1/",
    "http://127%2e0%2e0%2e1/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://user:password@127.0.0.1/",
    "http:127.0.0.1",
    "http:\\\\127.0.0.1\\",
    "http://1\t27.0.\n0.1/",
    "https://10.1/",
    "https://192.168.257/",
    "https://172.16.0.1/",
    "https://0xa9fea9fe/latest/meta-data/",
    "https://100.64.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0::0:1]:80/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::7f00:1]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fd12:3456::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
];

const INTERNAL_NAMES: &[&str] = &[
    "http://localhost/",
    "http://LOCALHOST:3000/",
    "http://localhost./",
    "http://api.localhost/",
    "http://a.b.LocalHost./",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://local%68ost/",
];

#[test]
fn creation_refuses_every_spelling_of_an_internal_address() {
    for url in INTERNAL_SPELLINGS.iter().chain(INTERNAL_NAMES) {
        assert!(guard::literal_is_internal(&host_of(url)), "{url}");
    }
}

#[tokio::test]
async fn delivery_refuses_every_spelling_without_a_question_or_a_packet() {
    let (client, network) = client(Network::default());
    for url in INTERNAL_SPELLINGS {
        assert_eq!(kind_of(&client, post(url)).await, HttpErrorKind::Refused, "{url}");
    }
    assert!(network.asked().is_empty());
    assert!(network.dialed().is_empty());
}

#[test]
fn public_targets_pass_at_creation() {
    for url in
        ["https://example.com/", "http://8.8.8.8/", "http://[2606:4700::1111]/", "http://127.0.0.1.nip.io/"]
    {
        assert!(!guard::literal_is_internal(&host_of(url)), "{url}");
    }
}

#[test]
fn urls_that_cannot_be_called_are_bad() {
    for url in [
        "",
        "/hook",
        "hook.example/path",
        "ftp://hook.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ws://hook.example/",
        "http://",
        "http://exa mple.com/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://0x100000000/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://hook.example:99999/",
    ] {
        assert_eq!(Target::parse(url).unwrap_err().kind, HttpErrorKind::BadUrl, "{url}");
    }
    let long = format!("http://hook.example/{}", "a".repeat(70_000));
    assert_eq!(Target::parse(&long).unwrap_err().kind, HttpErrorKind::BadUrl);
}

proptest! {
    #[test]
    fn check_agrees_with_what_creation_says(bits: u32, high: u128) {
        let v4 = Ipv4Addr::from_bits(bits);
        let url = format!("http://{bits}/");
        prop_assert_eq!(guard::literal_is_internal(&host_of(&url)), guard::check(v4.into()).is_err());
        let v6 = Ipv6Addr::from_bits(high);
        let url = format!("http://[{v6}]/");
        prop_assert_eq!(guard::literal_is_internal(&host_of(&url)), guard::check(v6.into()).is_err());
    }

    #[test]
    fn admit_keeps_exactly_what_passes(all in prop::collection::vec(any::<IpAddr>(), 0..6)) {
        let passing: Vec<IpAddr> = all.iter().copied().filter(|address| guard::check(*address).is_ok()).collect();
        match guard::admit(all.clone()) {
            Ok(kept) => prop_assert!(kept == passing && (all.is_empty() || !kept.is_empty())),
            Err(_) => prop_assert!(passing.is_empty() && !all.is_empty()),
        }
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "(http://)?\\PC{0,40}") {
        if let Ok(target) = Target::parse(&text) {
            prop_assert!(target.uri().host().is_some());
        }
    }
}
