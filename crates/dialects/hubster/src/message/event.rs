//! Events of activities (hubster.md §5.4).

use hub::Signalled;
use model::event::ActivityKind;
use serde_json::Value;
use wire::sunshine::limits::DISPLAY_NAME_CHARS_MAX;

use super::{known_type, object};
use crate::guid::Named;
use crate::read::{Check, Fields};

/// What an agent or bot says to take control of a conversation; our own name (§9.9).
const TAKEOVER: &str = "hubster.takeover";
/// The same to hand it over.
const HANDOVER: &str = "hubster.handover";

/// An event that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The other side's messages were read.
    Seen,
    /// Somebody begins to type.
    TypingOn,
    /// Somebody stops.
    TypingOff,
    /// Something of the sender's own.
    Payload,
    /// Control is taken.
    Takeover,
    /// Control is handed over: to this integration, or to whoever comes next.
    Handover(Option<Named>),
}

impl Event {
    /// What the core makes of it; `body` is the event as it came.
    pub(crate) fn signalled(self, body: &Value) -> Signalled {
        match self {
            Event::Seen => Signalled::Activity(ActivityKind::Read),
            Event::TypingOn => Signalled::Activity(ActivityKind::TypingStart),
            Event::TypingOff => Signalled::Activity(ActivityKind::TypingStop),
            Event::Payload | Event::Takeover | Event::Handover(_) => Signalled::Own(body.clone()),
        }
    }
}

/// Reads an event.
pub(crate) fn read(check: &mut Check, value: &Value, place: &str) -> Option<Event> {
    let fields = Fields::at(object(check, value, place)?, place.to_owned());
    let kind = known_type(check, &fields, &["seen", "typing_on", "typing_off", "payload"])?;
    match kind {
        "seen" => Some(Event::Seen),
        "typing_on" => Some(Event::TypingOn),
        "typing_off" => Some(Event::TypingOff),
        _ => payload(check, &fields),
    }
}

fn payload(check: &mut Check, fields: &Fields<'_>) -> Option<Event> {
    let kind = check.required_text(fields, "payloadType", DISPLAY_NAME_CHARS_MAX);
    if !fields.has("payload") {
        check.missing(fields, "payload");
        return None;
    }
    let payload = check.object(fields, "payload");
    let (kind, payload) = (kind?, payload?);
    if kind.eq_ignore_ascii_case(TAKEOVER) {
        return Some(Event::Takeover);
    }
    if !kind.eq_ignore_ascii_case(HANDOVER) {
        return Some(Event::Payload);
    }
    if !payload.has("integrationId") {
        return Some(Event::Handover(None));
    }
    check.guid(&payload, "integrationId").map(|named| Event::Handover(Some(named)))
}
