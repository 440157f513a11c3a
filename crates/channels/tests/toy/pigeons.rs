//! A fourth channel, built by `docs/adding-a-channel.md`: carrier pigeons. Notes have 40 characters and no
//! buttons; the loft calls us back with its ring number. Called function by function in `toy_channel.rs`; a
//! message goes through the whole server in `tests/tests/channels/pigeons.rs`.

use crosspoint_channels::kit::crypto::{same, single_header};
use crosspoint_channels::kit::inbound::{Part, Reading};
use crosspoint_channels::kit::outbound::plain_words;
use crosspoint_channels::kit::provider::{endpoint, json, refusal, retry_after, text, unsupported_type};
use crosspoint_channels::kit::text::fallback::{Numbering, blocks};
use crosspoint_channels::kit::text::{Unit, pieces};
use crosspoint_channels::{
    Account, Answer, Channel, Descriptor, HookError, HookRequest, Hooked, MediaStep, Outgoing, Plan,
    Provision, Recipient, Rendered, Verdict,
};
use http::StatusCode;
use model::channel::{Feature, Person, SendError, Support};
use model::content::{Content, Metadata};
use serde_json::{Map, Value, json as value};

/// The channel; its descriptor names the loft.
pub struct Pigeons(pub &'static Descriptor);

const NOTE_MAX: usize = 40;

/// What the API calls an integration of it: a type of the vendor's that nobody else speaks here.
pub const KIND: &str = "viber";

pub static DESCRIPTOR: Descriptor = Descriptor {
    kind: KIND,
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
    senders: &[],
    may_begin: true,
    settings: &["ring"],
    signature_header: RING,
};

const RING: &str = "x-ring";

impl Channel for Pigeons {
    fn descriptor(&self) -> &'static Descriptor {
        self.0
    }

    fn verify(&self, account: &Account<'_>, request: &HookRequest<'_>, _: i64) -> Result<(), HookError> {
        let ring = single_header(request.headers, RING).unwrap_or_default();
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
            serial: 0,
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
            out.send(Plan::json(endpoint(account, self.0.base_url, "/flights"), body));
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
                Provision::Call(Plan::json(endpoint(account, self.0.base_url, "/rings"), body))
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
