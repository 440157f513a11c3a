//! The channel of `docs/adding-a-channel.md`, function by function.
#![allow(clippy::expect_used, clippy::panic)]

use crosspoint_channels::table::shown;
use crosspoint_channels::{
    Account, Answer, Channel, HookError, HookRequest, Outgoing, Provision, Recipient, Verdict,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use model::Id;
use model::channel::{Feature, InboundEvent, chosen_by_text};
use model::content::Metadata;
use serde_json::{Map, Value, json as value};

use pigeons::{DESCRIPTOR, Pigeons};

#[path = "toy/pigeons.rs"]
mod pigeons;

const PIGEONS: Pigeons = Pigeons(&DESCRIPTOR);

fn with_ring<T>(ring: &str, run: impl FnOnce(&Account<'_>) -> T) -> T {
    let secrets = Map::from_iter([("ring".to_owned(), Value::from(ring))]);
    run(&Account {
        integration_id: Id::MIN,
        config: &Metadata::new(),
        secrets: &secrets,
        hook_url: "https://hub.example.com/hooks/pigeon/1",
        base_url: Some("http://127.0.0.1:9"),
    })
}

#[test]
fn the_loft_is_told_where_we_live() {
    with_ring("", |account| {
        let Provision::Call(plan) = PIGEONS.provision(account, &[], "r1ng") else { panic!("a call") };
        assert_eq!(plan.url, "http://127.0.0.1:9/rings");
        let done = PIGEONS.provision(account, &[(StatusCode::OK, Value::Null)], "r1ng");
        assert!(matches!(done, Provision::Done { secrets, .. } if secrets["ring"] == "r1ng"));
        let full = PIGEONS.provision(account, &[(StatusCode::CONFLICT, Value::Null)], "r1ng");
        assert_eq!(full, Provision::Refused("the loft is full".to_owned()));
    });
}

#[test]
fn a_pigeon_comes_in_and_is_answered() {
    let headers =
        HeaderMap::from_iter([("x-ring".parse().expect("a name"), HeaderValue::from_static("r1ng"))]);
    let body = br#"{"flight":"F1","from":"Ann","note":"2"}"#;
    let request = HookRequest { method: &Method::POST, query: "", headers: &headers, body };
    with_ring("r1ng", |account| {
        assert_eq!(PIGEONS.verify(account, &request, 0), Ok(()));
        let hooked = PIGEONS.parse(account, &request).expect("a flight");
        let [event] = hooked.events.as_slice() else { panic!("one event") };
        assert_eq!((event.dedupe_key.as_str(), event.person.external_id.as_str()), ("F1", "Ann"));
        assert!(matches!(&event.event, InboundEvent::Message(message) if message.external_id == "F1"));
    });
    for ring in ["", "other"] {
        let refused = Err(HookError::Unverified(StatusCode::UNAUTHORIZED));
        assert_eq!(with_ring(ring, |account| PIGEONS.verify(account, &request, 0)), refused);
    }
}

#[test]
fn a_note_goes_out_in_pieces_with_numbered_choices() {
    let content = value!({ "type": "text", "text": "Which colour do you want your shoes to have?", "actions": [
        { "type": "reply", "text": "Red", "payload": "R" }, { "type": "reply", "text": "Blue", "payload": "B" }] });
    let content = serde_json::from_value(content).expect("a content");
    let message = Outgoing { content, raw: None, quoted: None };
    let to = Recipient { external_id: "Ann", raw: None };
    let rendered = with_ring("r", |account| PIGEONS.render(account, to, &message)).expect("notes");
    assert_eq!(rendered.requests.len(), 2);
    assert_eq!(chosen_by_text(&rendered.choices, "2").map(|choice| choice.payload.as_str()), Some("B"));
    let flown = Answer { status: StatusCode::OK, headers: &HeaderMap::new(), body: br#"{"flight":"F2"}"# };
    assert_eq!(
        with_ring("r", |account| PIGEONS.judge(account, to, &flown)),
        Verdict::Accepted(vec!["F2".to_owned()])
    );
}

#[test]
fn the_descriptor_tells_the_truth() {
    for (feature, support) in DESCRIPTOR.support {
        assert_eq!(shown(&PIGEONS, "Ann", *feature).support(), *support, "{}", feature.name());
    }
    assert_eq!(DESCRIPTOR.support.iter().map(|(feature, _)| *feature).collect::<Vec<_>>(), Feature::ALL);
}
