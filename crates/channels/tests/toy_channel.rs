//! A fourth channel, built by `docs/adding-a-channel.md`: carrier pigeons. Notes have 40 characters and no
//! buttons; the loft calls us back with its ring number.
#![allow(clippy::expect_used, clippy::panic)]

use crosspoint_channels::kit::crypto::{same, single_header};
use crosspoint_channels::kit::inbound::{Part, Reading};
use crosspoint_channels::kit::outbound::plain_words;
use crosspoint_channels::kit::provider::{endpoint, json, refusal, retry_after, text, unsupported_type};
use crosspoint_channels::kit::text::fallback::{Numbering, blocks};
use crosspoint_channels::kit::text::{Unit, pieces};
use crosspoint_channels::table::shown;
use crosspoint_channels::{
    Account, Answer, Channel, Descriptor, HookError, HookRequest, Hooked, MediaStep, Outgoing, Plan,
    Provision, Recipient, Rendered, Verdict,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use model::Id;
use model::channel::{Feature, InboundEvent, Person, SendError, Support, chosen_by_text};
use model::content::{Content, Metadata};
use serde_json::{Map, Value, json as value};

struct Pigeons;

const NOTE_MAX: usize = 40;

static DESCRIPTOR: Descriptor = Descriptor {
    kind: "pigeon",
    base_url_word: "PIGEON",
    base_url: "https://loft.example",
    hook_bytes_max: 1 << 10,
    sends_per_second: 1,
    sends_per_second_to_one: 1,
    support: &[
        (Feature::Text, Support::Native),
        (Feature::RichText, Support::Fallback),
        (Feature::Image, Support::Refused),
        (Feature::File, Support::Refused),
        (Feature::Carousel, Support::Refused),
        (Feature::List, Support::Refused),
        (Feature::Form, Support::Refused),
        (Feature::Location, Support::Refused),
        (Feature::Template, Support::Refused),
        (Feature::Buy, Support::Fallback),
        (Feature::Link, Support::Fallback),
        (Feature::LocationRequest, Support::Fallback),
        (Feature::Postback, Support::Fallback),
        (Feature::Reply, Support::Fallback),
        (Feature::Webview, Support::Fallback),
        (Feature::Quote, Support::Fallback),
        (Feature::Typing, Support::Refused),
        (Feature::Read, Support::Refused),
    ],
    may_begin: true,
};

impl Channel for Pigeons {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, _: i64) -> Result<(), HookError> {
        let ring = single_header(request.headers, "x-ring").unwrap_or_default();
        match same(account.text("ring").as_bytes(), ring) {
            true => Ok(()),
            false => Err(HookError::Unverified(StatusCode::UNAUTHORIZED)),
        }
    }

    fn parse(&self, _: &Account<'_>, request: &HookRequest<'_>) -> Result<Hooked, HookError> {
        let flight = json(request.body);
        let (Some(id), Some(from)) = (text(&flight, "/flight"), text(&flight, "/from")) else {
            return Err(HookError::Unreadable("no flight"));
        };
        let reading = Reading {
            external_id: id.to_owned(),
            dedupe_key: id.to_owned(),
            at: None,
            person: Person { external_id: from.to_owned(), ..Person::default() },
            quoted: None,
        };
        let part = match text(&flight, "/note") {
            Some(note) => Part::text(note),
            None => Part::unsupported("feather", flight.clone()),
        };
        Ok(Hooked { events: reading.messages(vec![part]), ..Hooked::default() })
    }

    fn render(
        &self,
        account: &Account<'_>,
        to: Recipient<'_>,
        message: &Outgoing,
    ) -> Result<Rendered, SendError> {
        let Content::Text(note) = &message.content else { return Err(unsupported_type("other than text")) };
        let mut numbering = Numbering::default();
        let buttons = numbering.all("content.actions", &note.actions);
        if note.html_text.is_some() {
            numbering.lose("content.htmlText", "plain text");
        }
        if message.quoted.is_some() {
            numbering.lose("quotedMessage", "left out");
        }
        let words = blocks(&plain_words(note.text.as_deref(), note.html_text.as_deref()), &buttons);
        let mut out = Rendered::default();
        out.take(numbering);
        for note in pieces(&words, NOTE_MAX, Unit::Characters) {
            let body = value!({ "to": to.external_id, "note": note });
            out.send(Plan::json(endpoint(account, DESCRIPTOR.base_url, "/flights"), body));
        }
        Ok(out)
    }

    fn judge(&self, _: &Account<'_>, _: Recipient<'_>, answer: &Answer<'_>) -> Verdict {
        let body = json(answer.body);
        match (text(&body, "/flight"), text(&body, "/lost")) {
            (Some(flight), _) => Verdict::Accepted(vec![flight.to_owned()]),
            (None, Some("hawk")) => {
                Verdict::Retry { after_ms: retry_after(answer.headers), reason: "hawk".to_owned() }
            }
            (None, reason) => Verdict::Permanent(refusal(answer.status, reason.unwrap_or("no word"))),
        }
    }

    fn provision(&self, account: &Account<'_>, answers: &[(StatusCode, Value)], secret: &str) -> Provision {
        match answers {
            [] => {
                let body = value!({ "home": account.hook_url, "ring": secret });
                Provision::Call(Plan::json(endpoint(account, DESCRIPTOR.base_url, "/rings"), body))
            }
            [(status, _)] if !status.is_success() => Provision::Refused("the loft is full".to_owned()),
            _ => {
                let secrets = Map::from_iter([("ring".to_owned(), Value::from(secret))]);
                Provision::Done { config: Metadata::new(), secrets }
            }
        }
    }

    fn withdraw(&self, _: &Account<'_>, _: &[(StatusCode, Value)]) -> Provision {
        Provision::Done { config: Metadata::new(), secrets: Map::new() }
    }

    fn fetch(&self, _: &Account<'_>, _: &Value, _: Option<&Answer<'_>>) -> MediaStep {
        MediaStep::Gone("pigeons carry notes".to_owned())
    }
}

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
        let Provision::Call(plan) = Pigeons.provision(account, &[], "r1ng") else { panic!("a call") };
        assert_eq!(plan.url, "http://127.0.0.1:9/rings");
        let done = Pigeons.provision(account, &[(StatusCode::OK, Value::Null)], "r1ng");
        assert!(matches!(done, Provision::Done { secrets, .. } if secrets["ring"] == "r1ng"));
        let full = Pigeons.provision(account, &[(StatusCode::CONFLICT, Value::Null)], "r1ng");
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
        assert_eq!(Pigeons.verify(account, &request, 0), Ok(()));
        let hooked = Pigeons.parse(account, &request).expect("a flight");
        let [event] = hooked.events.as_slice() else { panic!("one event") };
        assert_eq!((event.dedupe_key.as_str(), event.person.external_id.as_str()), ("F1", "Ann"));
        assert!(matches!(&event.event, InboundEvent::Message(message) if message.external_id == "F1"));
    });
    for ring in ["", "other"] {
        let refused = Err(HookError::Unverified(StatusCode::UNAUTHORIZED));
        assert_eq!(with_ring(ring, |account| Pigeons.verify(account, &request, 0)), refused);
    }
}

#[test]
fn a_note_goes_out_in_pieces_with_numbered_choices() {
    let content = value!({ "type": "text", "text": "Which colour do you want your shoes to have?", "actions": [
        { "type": "reply", "text": "Red", "payload": "R" }, { "type": "reply", "text": "Blue", "payload": "B" }] });
    let content = serde_json::from_value(content).expect("a content");
    let message = Outgoing { content, raw: None, quoted: None };
    let to = Recipient { external_id: "Ann", raw: None };
    let rendered = with_ring("r", |account| Pigeons.render(account, to, &message)).expect("notes");
    assert_eq!(rendered.requests.len(), 2);
    assert_eq!(chosen_by_text(&rendered.choices, "2").map(|choice| choice.payload.as_str()), Some("B"));
    let flown = Answer { status: StatusCode::OK, headers: &HeaderMap::new(), body: br#"{"flight":"F2"}"# };
    assert_eq!(
        with_ring("r", |account| Pigeons.judge(account, to, &flown)),
        Verdict::Accepted(vec!["F2".to_owned()])
    );
}

#[test]
fn the_descriptor_tells_the_truth() {
    for (feature, support) in DESCRIPTOR.support {
        assert_eq!(shown(&Pigeons, "Ann", *feature).support(), *support, "{}", feature.name());
    }
    assert_eq!(DESCRIPTOR.support.iter().map(|(feature, _)| *feature).collect::<Vec<_>>(), Feature::ALL);
}
