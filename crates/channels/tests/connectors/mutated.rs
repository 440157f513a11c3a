//! Whatever comes gives a value or an error, never a panic.

use crosspoint_channels::{HookRequest, all, parsers};
use http::{HeaderMap, Method};
use proptest::prelude::*;

use super::fixtures::fixtures;
use super::mutation::mutated;
use super::support::{Settings, answer, channel, headers, post, to};

/// Parses a callback and carries out everything that its values are for.
fn take(kind: &str, body: &[u8]) {
    let settings = Settings::of(kind);
    let account = settings.account();
    let none = HeaderMap::new();
    let Ok(hooked) = channel(kind).parse(&account, &post(&none, body)) else { return };
    let mut keys: Vec<&str> = hooked.events.iter().map(|event| event.dedupe_key.as_str()).collect();
    keys.sort_unstable();
    let count = keys.len();
    keys.dedup();
    // One Telegram update is one thing; a batch of Meta may hold the same thing twice.
    assert!(kind == "messenger" || keys.len() == count, "{kind}: two events with one key");
    for event in &hooked.events {
        assert!(!event.person.external_id.is_empty() && !event.dedupe_key.is_empty());
        channel(kind).ask_profile(&account, &event.person.external_id);
        if let model::channel::InboundEvent::Message(message) = &event.event {
            for medium in &message.media {
                channel(kind).fetch(&account, &medium.reference, None);
            }
        }
    }
}

#[test]
fn mutated_fixtures_do_not_panic() {
    for kind in all().iter().map(|channel| channel.descriptor().kind) {
        let bodies: Vec<Vec<u8>> = fixtures(kind).into_iter().map(|(_, body)| body).collect();
        for body in mutated(&bodies) {
            take(kind, &body);
            parsers::callback(kind, &body);
            parsers::answer(kind, &body);
            parsers::text(&body);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_taken(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        json in "(\\{\"(update_id|object|entry|message)\":)?[\\[\\]{}\",:a-z0-9 ]{0,80}",
        form in "(MessageSid=1&From=2&)?[A-Za-z0-9%&=+]{0,80}",
        header in "[ -~]{0,40}",
        query in "[ -~]{0,60}",
    ) {
        for channel in all() {
            let kind = channel.descriptor().kind;
            let settings = Settings::of(kind);
            let account = settings.account();
            let names = [channel.descriptor().signature_header, "retry-after"];
            let headers = headers(&names.map(|name| (name, header.as_str())));
            for body in [body.as_slice(), json.as_bytes(), form.as_bytes()] {
                for method in [Method::POST, Method::GET] {
                    let request = HookRequest { method: &method, query: &query, headers: &headers, body };
                    prop_assert!(channel.verify(&account, &request, 0).is_err());
                    let _ = channel.handshake(&account, &request);
                    let _ = channel.parse(&account, &request);
                }
                take(kind, body);
                for status in [200, 400, 500] {
                    let text = String::from_utf8_lossy(body);
                    let answer = answer(status, &headers, &text);
                    channel.judge(&account, to("1"), &answer);
                    channel.read_profile(&answer);
                    channel.fetch(&account, &serde_json::json!({ "fileId": "1" }), Some(&answer));
                }
            }
        }
    }
}
