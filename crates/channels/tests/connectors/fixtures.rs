//! Every fixture parsed, against the committed expectation beside it (`NAME.expected.json`).
//! `CROSSPOINT_GENERATE=1` writes the expectations again; read the difference before you commit it.

use std::path::PathBuf;

use crosspoint_channels::{Hooked, all};
use http::HeaderMap;
use model::channel::{Inbound, InboundEvent, InboundMessage, Person, ReceiptScope, ReceiptState};
use serde_json::{Value, json};

use super::support::{Settings, channel, post, shown};

/// Fixtures of a channel: name and body. Answers to our own requests are left to another test.
pub fn fixtures(kind: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let entries = std::fs::read_dir(&folder).expect("the fixtures");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.contains(".expected.") && !name.starts_with("answer_")
    });
    paths.sort();
    let read = |path: PathBuf| {
        let body = std::fs::read_to_string(&path).expect("a fixture");
        (path, body.trim_end().as_bytes().to_vec())
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_fixture_says_what_is_expected() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for kind in all().iter().map(|channel| channel.descriptor().kind) {
        let settings = Settings::of(kind);
        for (path, body) in fixtures(kind) {
            count += 1;
            let headers = HeaderMap::new();
            let hooked = channel(kind).parse(&settings.account(), &post(&headers, &body));
            let said = hooked
                .map_or_else(|error| json!({ "error": format!("{error:?}") }), |hooked| hooked_json(&hooked));
            let text = format!("{}\n", serde_json::to_string_pretty(&said).expect("JSON"));
            let expected = path.with_extension("expected.json");
            if std::env::var_os("CROSSPOINT_GENERATE").is_some() {
                std::fs::write(&expected, text).expect("writing");
            } else if std::fs::read_to_string(&expected).ok().as_deref() != Some(&text) {
                wrong.push(format!("{}:\n{text}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 60, "{count} fixtures were found");
}

fn hooked_json(hooked: &Hooked) -> Value {
    let events: Vec<Value> = hooked.events.iter().map(inbound_json).collect();
    let mut json = json!({ "events": events });
    for elsewhere in &hooked.elsewhere {
        let events: Vec<Value> = elsewhere.events.iter().map(inbound_json).collect();
        json["elsewhere"] = json!({ "settings": elsewhere.settings, "events": events });
    }
    if hooked.ignored > 0 {
        json["ignored"] = hooked.ignored.into();
    }
    if let Some(refused) = &hooked.refused {
        json["refused"] = refused.as_str().into();
    }
    if !hooked.follow_ups.is_empty() {
        json["followUps"] = hooked.follow_ups.iter().map(shown).collect();
    }
    json
}

fn inbound_json(inbound: &Inbound) -> Value {
    json!({
        "dedupeKey": inbound.dedupe_key,
        "serial": inbound.serial,
        "at": inbound.at.map(|at| at.0),
        "person": person_json(&inbound.person),
        "event": event_json(&inbound.event),
    })
}

fn person_json(person: &Person) -> Value {
    let all = json!({
        "externalId": person.external_id,
        "displayName": person.display_name,
        "givenName": person.given_name,
        "surname": person.surname,
        "avatarUrl": person.avatar_url,
        "locale": person.locale,
        "info": person.info,
        "raw": person.raw,
    });
    without_nothing(all)
}

fn without_nothing(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let is_something = |value: &Value| !value.is_null() && value != &json!({}) && value != &json!([]);
    fields.into_iter().filter(|(_, value)| is_something(value)).collect::<serde_json::Map<_, _>>().into()
}

fn message_json(message: &InboundMessage) -> Value {
    without_nothing(json!({
        "externalId": message.external_id,
        "content": message.content,
        "media": message.media,
        "quoted": message.quoted,
        "original": message.original,
    }))
}

fn event_json(event: &InboundEvent) -> Value {
    match event {
        InboundEvent::Message(message) => json!({ "message": message_json(message) }),
        InboundEvent::Echo(message) => json!({ "echo": message_json(message) }),
        InboundEvent::Edit { external_id, content, media } => {
            json!({ "edit": { "externalId": external_id, "content": content, "media": media } })
        }
        InboundEvent::Delete { external_id } => json!({ "delete": external_id }),
        InboundEvent::Postback { payload, label } => {
            json!({ "postback": { "payload": payload, "label": label } })
        }
        InboundEvent::Reaction { external_id, emoji } => {
            json!({ "reaction": { "externalId": external_id, "emoji": emoji } })
        }
        InboundEvent::Receipt { messages, state } => {
            json!({ "receipt": [scope_json(messages), state_json(state)] })
        }
        InboundEvent::Typing { starts } => json!({ "typing": starts }),
        InboundEvent::Blocked => json!("blocked"),
        InboundEvent::Consent { given } => json!({ "consent": given }),
        InboundEvent::Referral(value) => json!({ "referral": value }),
        InboundEvent::Moved { to } => json!({ "movedTo": to }),
    }
}

fn scope_json(scope: &ReceiptScope) -> Value {
    match scope {
        ReceiptScope::Messages(ids) => json!(ids),
        ReceiptScope::UpTo(at) => json!({ "upTo": at }),
    }
}

fn state_json(state: &ReceiptState) -> Value {
    match state {
        ReceiptState::Delivered => json!("delivered"),
        ReceiptState::Read => json!("read"),
        ReceiptState::Failed(error) => json!({ "failed": error }),
    }
}
