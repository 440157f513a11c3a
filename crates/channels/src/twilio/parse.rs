//! What Twilio tells: a message, or what became of one (channels.md §5.1, §5.2, §6).

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::channel::{Inbound, InboundEvent, InboundMedia, Person};
use model::content::Metadata;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{WHATSAPP, status};
use crate::channel::{HookError, Hooked};
use crate::kit::inbound::{Part, Reading, name};
use crate::kit::provider::fact;

/// Words by which a person asks to hear nothing more, as Twilio knows them.
const OPT_OUT: &[&str] = &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"];
/// Words by which a person asks to hear from us again.
const OPT_IN: &[&str] = &["START", "YES", "UNSTOP"];
/// Media of one message.
const MEDIA_MAX: usize = 10;
/// Facts about the person that are kept.
const FACTS: &[&str] = &[
    "From",
    "To",
    "FromCity",
    "FromState",
    "FromZip",
    "FromCountry",
    "ProfileName",
    "WaId",
    "MessagingServiceSid",
];

/// A decoded form. The first of several values of one name counts.
pub(super) struct Form<'a>(BTreeMap<Cow<'a, str>, Cow<'a, str>>);

impl<'a> Form<'a> {
    fn read(bytes: &'a [u8]) -> Form<'a> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            fields.entry(name).or_insert(value);
        }
        Form(fields)
    }

    /// A value that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Cow::as_ref).filter(|value| !value.is_empty())
    }

    /// The whole form, for messages that the core cannot say.
    fn whole(&self) -> Value {
        self.0
            .iter()
            .map(|(name, value)| (name.to_string(), Value::from(value.as_ref())))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// A callback.
pub(super) fn callback(bytes: &[u8]) -> Result<Hooked, HookError> {
    let form = Form::read(bytes);
    let sid = form.get("MessageSid").or_else(|| form.get("SmsSid"));
    let events = match sid {
        Some(sid) if form.get("MessageStatus").is_some() => status::receipts(&form, sid),
        Some(sid) => received(&form, sid).ok_or(HookError::Unreadable("no From"))?,
        // A number's callback also tells of its calls, which are none of ours.
        None if form.get("CallSid").is_some() => Vec::new(),
        None => return Err(HookError::Unreadable("no MessageSid")),
    };
    Ok(Hooked { events, refused: status::refused(&form), ..Hooked::default() })
}

/// What a person sent: the message, and what it means beside.
fn received(form: &Form<'_>, sid: &str) -> Option<Vec<Inbound>> {
    let person = person(form)?;
    let aside = |key: &str, event| Inbound {
        dedupe_key: format!("{sid}:{key}"),
        serial: 0,
        at: None,
        person: person.clone(),
        event,
    };
    let mut events = Vec::new();
    events.extend(referral(form).map(|referral| aside("referral", InboundEvent::Referral(referral))));
    if let Some(event) = reaction(form) {
        events.push(aside("reaction", event));
        return Some(events);
    }
    let reading = Reading {
        external_id: sid.to_owned(),
        dedupe_key: sid.to_owned(),
        serial: 0,
        at: None,
        person: person.clone(),
        quoted: form.get("OriginalRepliedMessageSid").map(str::to_owned),
    };
    events.extend(reading.messages(parts(form)));
    events.extend(consent(form).map(|given| aside("consent", InboundEvent::Consent { given })));
    Some(events)
}

fn person(form: &Form<'_>) -> Option<Person> {
    let external_id = form.get("From")?.to_owned();
    let facts = FACTS.iter().filter_map(|name| Some(((*name).to_owned(), fact(form.get(name)?))));
    let raw: Metadata = facts.collect();
    Some(Person { external_id, display_name: name(form.get("ProfileName")), raw, ..Person::default() })
}

fn parts(form: &Form<'_>) -> Vec<Part> {
    let body = form.get("Body");
    if let Some(part) = button(form).or_else(|| location(form)) {
        return vec![part];
    }
    let media = media(form);
    match (media.is_empty(), body) {
        (true, Some(body)) => vec![Part::text(body)],
        (true, None) => vec![Part::unsupported(form.get("MessageType").unwrap_or("empty"), form.whole())],
        (false, _) => {
            let captions = std::iter::once(body).chain(std::iter::repeat(None));
            media
                .into_iter()
                .zip(captions)
                .map(|(medium, caption)| Part::media(medium, caption, None))
                .collect()
        }
    }
}

/// A pressed quick reply or a chosen row of a list.
fn button(form: &Form<'_>) -> Option<Part> {
    let payload = form.get("ButtonPayload").or_else(|| form.get("ListId"))?;
    let label = form.get("ButtonText").or_else(|| row(form)).or_else(|| form.get("Body"));
    Some(Part::answer(label.unwrap_or(payload), payload))
}

/// What a row of a list says: its second line has the whole of a label that the first one cuts.
fn row<'a>(form: &'a Form<'_>) -> Option<&'a str> {
    let title = form.get("ListTitle")?;
    let whole = form
        .get("ListDescription")
        .filter(|whole| title.strip_suffix('…').is_some_and(|begin| whole.starts_with(begin)));
    whole.or(Some(title))
}

fn location(form: &Form<'_>) -> Option<Part> {
    let degrees = |name: &str| form.get(name)?.parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    Some(Part::location(degrees("Latitude")?, degrees("Longitude")?, form.get("Label"), form.get("Address")))
}

fn media(form: &Form<'_>) -> Vec<InboundMedia> {
    let medium = |number: usize| {
        let url = form.get(&format!("MediaUrl{number}"))?;
        let media_type = form.get(&format!("MediaContentType{number}")).map(str::to_owned);
        Some(InboundMedia { reference: json!({ "url": url }), name: None, media_type, size: None })
    };
    (0..MEDIA_MAX).map_while(medium).collect()
}

/// A reaction of WhatsApp: the emoji is the body, and empty when it is taken away.
fn reaction(form: &Form<'_>) -> Option<InboundEvent> {
    let is_reaction = form.get("MessageType") == Some("reaction");
    let external_id = form.get("OriginalRepliedMessageSid").filter(|_| is_reaction)?.to_owned();
    Some(InboundEvent::Reaction { external_id, emoji: form.get("Body").map(str::to_owned) })
}

/// An advertisement or post that the person came from.
fn referral(form: &Form<'_>) -> Option<Value> {
    let fields = form.0.iter().filter(|(name, value)| name.starts_with("Referral") && !value.is_empty());
    let mut referral: Map<String, Value> =
        fields.map(|(name, value)| (name.to_string(), Value::from(value.as_ref()))).collect();
    if referral.is_empty() {
        return None;
    }
    referral.insert("source".to_owned(), "whatsapp".into());
    Some(referral.into())
}

/// Twilio says it where the number has its own words; otherwise its usual words count, for SMS.
fn consent(form: &Form<'_>) -> Option<bool> {
    match form.get("OptOutType") {
        Some("STOP") => return Some(false),
        Some("START") => return Some(true),
        Some(_) => return None,
        None if form.get("From").is_some_and(|from| from.starts_with(WHATSAPP)) => return None,
        None => {}
    }
    let word = form.get("Body")?.trim().to_uppercase();
    if OPT_OUT.contains(&word.as_str()) {
        Some(false)
    } else {
        OPT_IN.contains(&word.as_str()).then_some(true)
    }
}
