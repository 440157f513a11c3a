//! Whatever comes gives a value or an error, never a panic.

use crosspoint_channels::{HookRequest, all, parsers};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::Value;

use super::fixtures::fixtures;
use super::support::{Settings, answer, channel, headers, post, to};

/// Numbers that repeat with the seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Another value in place of one inside.
fn change(value: &mut Value, numbers: &mut Numbers) {
    let others =
        [Value::Null, "x".into(), (-1).into(), u64::MAX.into(), Value::Array(vec![]), serde_json::json!({})];
    match value {
        Value::Array(entries) if !entries.is_empty() && numbers.below(4) > 0 => {
            let at = numbers.below(entries.len());
            change(&mut entries[at], numbers);
        }
        Value::Object(fields) if !fields.is_empty() && numbers.below(6) > 0 => {
            let at = numbers.below(fields.len());
            if let Some(inner) = fields.values_mut().nth(at) {
                change(inner, numbers);
            }
        }
        other => *other = others[numbers.below(others.len())].clone(),
    }
}

/// A byte changed, inserted or taken away, or the end cut off.
fn damage(body: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(body.len());
    match numbers.below(4) {
        0 => body.truncate(at),
        1 => body.insert(at, numbers.below(256) as u8),
        2 => drop(body.drain(at..(at + 1).min(body.len()))),
        _ => body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << numbers.below(8)),
    }
}

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
        let fixtures = fixtures(kind);
        let mut numbers = Numbers(7);
        for round in 0..200 {
            let (_, body) = &fixtures[round % fixtures.len()];
            let mut body = body.clone();
            match serde_json::from_slice::<Value>(&body) {
                Ok(mut value) if numbers.below(2) == 0 => {
                    change(&mut value, &mut numbers);
                    body = value.to_string().into_bytes();
                }
                _ => damage(&mut body, &mut numbers),
            }
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
            let names = ["x-twilio-signature", "x-hub-signature-256", "x-telegram-bot-api-secret-token", "retry-after"];
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
