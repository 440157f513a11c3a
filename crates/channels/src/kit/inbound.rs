//! From a provider's words to the core's: what all channels share.

use model::Millis;
use model::channel::{Inbound, InboundEvent, InboundMedia, InboundMessage, Person};
use model::content::{Content, Coordinates, Location, MediaContent, MediaRef, Place, Text};
use model::fallback::location_text;
use model::limits::NAME_CHARS_MAX;
use serde_json::Value;

use crate::kit::text::{Unit, cut};

/// A message while it is read; each of its parts becomes at least one of the core.
pub struct Reading {
    /// The provider's id of the message.
    pub external_id: String,
    /// Tells a redelivery from something new.
    pub dedupe_key: String,
    /// The provider's rising number that a redelivery repeats; 0 for none.
    pub serial: i64,
    /// When, by the provider's clock.
    pub at: Option<Millis>,
    /// Who.
    pub person: Person,
    /// The provider's id of the message that it answers.
    pub quoted: Option<String>,
}

/// A part of a message: a core content with its medium.
pub struct Part {
    /// What it says.
    pub content: Content,
    /// The medium behind `media:0`.
    pub medium: Option<InboundMedia>,
    /// The provider's piece, when the core cannot say it.
    pub original: Option<Value>,
}

impl Part {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Part {
        Part::content(Content::Text(Text { text: Some(text.into()), ..Text::default() }))
    }

    /// The text of a button, with its payload.
    pub fn answer(text: &str, payload: &str) -> Part {
        let (text, payload) = (Some(text.to_owned()), Some(payload.to_owned()));
        Part::content(Content::Text(Text { text, payload, ..Text::default() }))
    }

    /// A content without media.
    pub fn content(content: Content) -> Part {
        Part { content, medium: None, original: None }
    }

    /// A place.
    pub fn location(lat: f64, long: f64, name: Option<&str>, address: Option<&str>) -> Part {
        let own = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let place = Place { name: own(name), address: own(address) };
        Part::content(Content::Location(Location {
            coordinates: Coordinates { lat, long },
            location: Some(place).filter(|place| *place != Place::default()),
            text: Some(location_text(lat, long)),
            block_chat_input: None,
        }))
    }

    /// A medium; a picture when its type says so.
    pub fn media(medium: InboundMedia, caption: Option<&str>, alt_text: Option<&str>) -> Part {
        let is_image = medium.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"));
        let content = MediaContent {
            media: MediaRef::Url("media:0".to_owned()),
            media_type: medium.media_type.clone(),
            media_size: medium.size,
            alt_text: alt_text.or(medium.name.as_deref()).map(str::to_owned),
            text: caption.filter(|text| !text.is_empty()).map(str::to_owned),
            html_text: None,
            actions: Vec::new(),
            block_chat_input: None,
            attachment_id: None,
        };
        let content = if is_image { Content::Image(content) } else { Content::File(content) };
        Part { content, medium: Some(medium), original: None }
    }

    /// What the core cannot say: a text that names it, with the provider's piece.
    pub fn unsupported(what: &str, original: Value) -> Part {
        let name = cut(what, NAME_CHARS_MAX, Unit::Characters);
        Part { original: Some(original), ..Part::text(format!("Unsupported message: {name}")) }
    }

    fn message(self, external_id: String, quoted: Option<String>) -> InboundMessage {
        let media = self.medium.into_iter().collect();
        InboundMessage { external_id, content: self.content, media, quoted, original: self.original }
    }
}

impl Reading {
    /// The customer's messages.
    pub fn messages(self, parts: Vec<Part>) -> Vec<Inbound> {
        self.each(parts, InboundEvent::Message)
    }

    /// Messages of the business that did not come from us.
    pub fn echoes(self, parts: Vec<Part>) -> Vec<Inbound> {
        self.each(parts, InboundEvent::Echo)
    }

    /// One part an event; the dedupe key tells the parts apart. A text that is too long for the core stays
    /// one part: the core splits it.
    fn each(self, parts: Vec<Part>, event: fn(InboundMessage) -> InboundEvent) -> Vec<Inbound> {
        let parts = parts.into_iter().enumerate();
        parts
            .map(|(number, part)| {
                let dedupe_key = match number {
                    0 => self.dedupe_key.clone(),
                    _ => format!("{}#{number}", self.dedupe_key),
                };
                let message =
                    part.message(self.external_id.clone(), self.quoted.clone().filter(|_| number == 0));
                let (serial, at, person) = (self.serial, self.at, self.person.clone());
                Inbound { dedupe_key, serial, at, person, event: event(message) }
            })
            .collect()
    }

    /// The new state of a message.
    pub fn edit(self, part: Part) -> Inbound {
        let content = part.content;
        let event = InboundEvent::Edit {
            external_id: self.external_id.clone(),
            content,
            media: part.medium.into_iter().collect(),
        };
        let Reading { dedupe_key, serial, at, person, .. } = self;
        Inbound { dedupe_key, serial, at, person, event }
    }
}

/// A name of the core's length; none when it is empty.
pub fn name(text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    Some(cut(text, NAME_CHARS_MAX, Unit::Characters))
}

/// Given name and surname in one.
pub fn full_name(given: Option<&str>, surname: Option<&str>) -> Option<String> {
    let parts: Vec<&str> =
        [given, surname].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect();
    name(Some(&parts.join(" ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use model::limits::TEXT_CHARS_MAX;

    use super::*;

    #[test]
    fn each_part_has_a_key_and_a_long_text_is_one_part() {
        let reading = Reading {
            external_id: "m1".into(),
            dedupe_key: "k".into(),
            serial: 7,
            at: None,
            person: Person::default(),
            quoted: Some("m0".into()),
        };
        let long = Part::text("word ".repeat(TEXT_CHARS_MAX));
        let told = reading.messages(vec![long, Part::text("caption")]);
        let told: Vec<(&str, Option<&str>)> = told
            .iter()
            .map(|inbound| match &inbound.event {
                InboundEvent::Message(message) => (inbound.dedupe_key.as_str(), message.quoted.as_deref()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, [("k", Some("m0")), ("k#1", None)]);
    }
}
