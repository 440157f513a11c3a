//! Makes what a channel has read ready for its command: masked, cut to the core's limits, with names
//! for the files to come. All that needs no transaction.

use model::channel::{Inbound, InboundEvent, InboundMedia, InboundMessage, Person};
use model::content::{Content, Text};
use model::fit::{self, Unit};
use model::limits::{ALT_TEXT_CHARS_MAX, FILE_NAME_CHARS_MAX, NAME_CHARS_MAX, TEXT_CHARS_MAX};
use model::masking::{mask_content, mask_value};
use model::record::App;
use model::{Millis, file_name, media_type};
use sha2::{Digest, Sha256};
use store::rows::inbound_seen;

use crate::secret::attachment_token;

/// Something that a provider told, ready for the command.
pub(super) struct ReadyEvent {
    pub serial: i64,
    pub key: inbound_seen::Key,
    pub at: Option<Millis>,
    pub person: Person,
    pub what: ReadyWhat,
}

/// What it is.
pub(super) enum ReadyWhat {
    Message(ReadyMessage),
    /// The business wrote past us.
    Echo(ReadyMessage),
    Edit {
        external_id: String,
        part: ReadyPart,
    },
    /// Anything else: it needs nothing.
    Told(InboundEvent),
}

/// A message of a customer, in as many parts as the core needs.
pub(super) struct ReadyMessage {
    pub external_id: String,
    pub parts: Vec<ReadyPart>,
    pub quoted: Option<String>,
}

/// One message of the core.
pub(super) struct ReadyPart {
    pub content: Content,
    /// The content as JSON text; with media it is written once they have their attachments.
    pub text: Option<String>,
    /// Media of the content that have to be fetched.
    pub media: Vec<ReadyMedium>,
    /// The data of the button that it answers, as JSON text.
    pub metadata: Option<String>,
    /// What came, as JSON text, where the core cannot say it: the first part of a message has it.
    pub original: Option<String>,
}

impl ReadyPart {
    /// One that needs nothing fetched.
    pub(super) fn of(content: Content) -> ReadyPart {
        ReadyPart::new(content, Vec::new())
    }

    pub(super) fn new(content: Content, media: Vec<ReadyMedium>) -> ReadyPart {
        let text = if media.is_empty() { serde_json::to_string(&content).ok() } else { None };
        ReadyPart { content, text, media, metadata: None, original: None }
    }
}

/// A medium that has to be fetched.
pub(super) struct ReadyMedium {
    /// What stands in its place in the content.
    pub place: String,
    pub token: String,
    pub name: String,
    pub medium: InboundMedia,
}

impl ReadyEvent {
    /// Whether something has to be fetched.
    pub(super) fn has_media(&self) -> bool {
        match &self.what {
            ReadyWhat::Message(message) | ReadyWhat::Echo(message) => {
                message.parts.iter().any(|part| !part.media.is_empty())
            }
            ReadyWhat::Edit { part, .. } => !part.media.is_empty(),
            ReadyWhat::Told(_) => false,
        }
    }
}

/// Makes one ready.
pub(super) fn make_ready(app: &App, inbound: Inbound) -> ReadyEvent {
    let Inbound { dedupe_key, serial, at, person, event } = inbound;
    let what = match event {
        InboundEvent::Message(message) => ReadyWhat::Message(ready_message(app, message)),
        InboundEvent::Echo(message) => ReadyWhat::Echo(ready_message(app, message)),
        InboundEvent::Edit { external_id, content, media } => {
            // An edit stays one message: what is too long is cut.
            let content = parts(app, content).into_iter().next();
            let content = content.unwrap_or_else(|| Content::Text(Text::default()));
            let media = media_of(&content, &media);
            ReadyWhat::Edit { external_id, part: ReadyPart::new(content, media) }
        }
        other => ReadyWhat::Told(other),
    };
    ReadyEvent { serial, key: digest(&dedupe_key), at, person, what }
}

/// Providers' ids are up to a few hundred bytes long; these are looked up and written with each callback.
fn digest(dedupe_key: &str) -> inbound_seen::Key {
    let mut key = inbound_seen::Key::default();
    key.iter_mut().zip(Sha256::digest(dedupe_key)).for_each(|(own, byte)| *own = byte);
    key
}

fn ready_message(app: &App, message: InboundMessage) -> ReadyMessage {
    let InboundMessage { external_id, content, media, quoted, mut original } = message;
    if app.settings.mask_credit_card_numbers {
        original.iter_mut().for_each(mask_value);
    }
    let mut original = original.map(|original| original.to_string());
    let parts = parts(app, content).into_iter().map(|content| {
        let media = media_of(&content, &media);
        ReadyPart { original: original.take(), ..ReadyPart::new(content, media) }
    });
    ReadyMessage { external_id, parts: parts.collect(), quoted }
}

/// The content inside the core's limits: a text that is too long becomes several; what is too much of a
/// caption becomes texts behind its medium.
fn parts(app: &App, mut content: Content) -> Vec<Content> {
    if app.settings.mask_credit_card_numbers {
        mask_what_was_written(&mut content);
    }
    let rest = match &mut content {
        Content::Text(text) => {
            text.html_text = None;
            split_off(&mut text.text)
        }
        Content::Image(media) | Content::File(media) => {
            media.html_text = None;
            shorten(&mut media.alt_text, ALT_TEXT_CHARS_MAX);
            split_off(&mut media.text)
        }
        Content::Location(location) => {
            shorten(&mut location.text, TEXT_CHARS_MAX);
            if let Some(place) = &mut location.location {
                shorten(&mut place.name, NAME_CHARS_MAX);
                shorten(&mut place.address, NAME_CHARS_MAX);
            }
            Vec::new()
        }
        _ => Vec::new(),
    };
    let texts = rest.into_iter().map(|text| Content::Text(Text { text: Some(text), ..Text::default() }));
    std::iter::once(content).chain(texts).collect()
}

/// A payload comes from a button of ours: it was masked when that was sent, and the key in its place has to
/// be found again.
fn mask_what_was_written(content: &mut Content) {
    let payload = match content {
        Content::Text(text) => text.payload.take(),
        _ => None,
    };
    mask_content(content);
    if let Content::Text(text) = content {
        text.payload = payload;
    }
}

fn shorten(text: &mut Option<String>, chars_max: usize) {
    if let Some(text) = text {
        *text = fit::cut(text, chars_max, Unit::Characters);
    }
}

/// Leaves what fits and gives the rest in pieces.
fn split_off(text: &mut Option<String>) -> Vec<String> {
    let Some(whole) = text.as_deref().filter(|text| text.chars().nth(TEXT_CHARS_MAX).is_some()) else {
        return Vec::new();
    };
    let pieces = fit::pieces(whole, TEXT_CHARS_MAX, Unit::Characters);
    let mut pieces = pieces.into_iter().map(str::to_owned);
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.collect();
    *text = Some(first);
    rest
}

/// The media that a content shows, of those that came with the message.
fn media_of(content: &Content, media: &[InboundMedia]) -> Vec<ReadyMedium> {
    let shown = content.media().into_iter().filter_map(|shown| match shown {
        model::content::MediaRef::Url(place) => {
            let medium =
                place.strip_prefix("media:")?.parse::<usize>().ok().and_then(|place| media.get(place))?;
            Some(ReadyMedium {
                place: place.clone(),
                token: attachment_token(),
                name: name_of(medium),
                medium: medium.clone(),
            })
        }
        model::content::MediaRef::Attachment { .. } => None,
    });
    shown.collect()
}

/// The name of a file: the one that came with it, else one that says its type.
fn name_of(medium: &InboundMedia) -> String {
    let told = medium.name.as_deref().and_then(|told| file_name::clean(told, FILE_NAME_CHARS_MAX));
    told.unwrap_or_else(|| {
        let kind = medium.media_type.as_deref().unwrap_or_default();
        let canonical = media_type::canonical(kind);
        let (family, subtype) = canonical.split_once('/').unwrap_or((file_name::DEFAULT, ""));
        let is_short = |ending: &&str| {
            !ending.is_empty() && ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match media_type::extension_of(&canonical).or(Some(subtype).filter(is_short)) {
            Some(ending) => format!("{family}.{ending}"),
            None => family.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn named(name: Option<&str>, media_type: Option<&str>) -> String {
        name_of(&InboundMedia {
            reference: Value::Null,
            name: name.map(str::to_owned),
            media_type: media_type.map(str::to_owned),
            size: None,
        })
    }

    #[test]
    fn files_have_harmless_names() {
        assert_eq!(named(Some("../../etc/passwd"), None), "passwd");
        assert_eq!(named(Some("C:\\bill.pdf"), None), "bill.pdf");
        assert_eq!(named(Some(".\u{0}htaccess"), None), "htaccess");
        assert_eq!(named(Some("  "), Some("image/jpeg")), "image.jpg");
        assert_eq!(named(None, Some("audio/ogg; codecs=opus")), "audio.ogg");
        assert_eq!(named(None, Some("application/vnd.ms-excel")), "application.xls");
        assert_eq!(named(None, Some("video/3gpp")), "video.3gp");
        assert_eq!(named(None, Some("audio/x-m4a")), "audio.m4a");
        assert_eq!(named(None, Some("image/svg+xml")), "image.svg");
        assert_eq!(named(None, Some("application/x-unheard-of")), "application");
        assert_eq!(named(None, None), "file");
    }
}
