//! What a message of Telegram says.

use model::channel::InboundMedia;
use serde_json::{Value, json};

use crate::kit::inbound::{Part, full_name};
use crate::kit::provider::text;
use crate::kit::text::lines;

/// Media by the field that holds them, with their MIME type where Telegram does not tell it.
const MEDIA: &[(&str, Option<&str>)] = &[
    // An animation comes as a document, too; the first one found counts.
    ("animation", Some("video/mp4")),
    ("document", None),
    ("video", Some("video/mp4")),
    ("audio", Some("audio/mpeg")),
    ("voice", Some("audio/ogg")),
    ("video_note", Some("video/mp4")),
];

/// Fields that every message has, or that only describe it.
const FRAME: &[&str] = &[
    "message_id",
    "message_thread_id",
    "date",
    "edit_date",
    "chat",
    "from",
    "sender_chat",
    "reply_to_message",
    "quote",
    "entities",
    "caption_entities",
    "media_group_id",
    "has_protected_content",
    "author_signature",
    "forward_origin",
    "forward_from",
    "forward_date",
    "forward_sender_name",
    "is_from_offline",
    "via_bot",
    "has_media_spoiler",
    "show_caption_above_media",
    "link_preview_options",
    "reply_markup",
    "caption",
    "business_connection_id",
    "effect_id",
    "is_topic_message",
    "is_automatic_forward",
    "external_reply",
];

/// The content of a message.
pub(super) fn part(message: &Value) -> Part {
    if let Some(said) = text(message, "/text") {
        return Part::text(said);
    }
    let known =
        photo(message).or_else(|| file(message)).or_else(|| sticker(message)).or_else(|| place(message));
    known.or_else(|| contact(message)).unwrap_or_else(|| unknown(message))
}

/// The largest of the sizes.
fn photo(message: &Value) -> Option<Part> {
    let sizes = message.get("photo").and_then(Value::as_array)?;
    let medium = medium(sizes.last()?, Some("image/jpeg"))?;
    Some(Part::media(medium, text(message, "/caption"), None))
}

fn file(message: &Value) -> Option<Part> {
    let found = MEDIA.iter().find_map(|(field, kind)| medium(message.get(field)?, *kind))?;
    Some(Part::media(found, text(message, "/caption"), None))
}

/// A still sticker is a picture, a filmed one a file; both speak by their emoji. A drawn one that moves is a
/// picture of its beginning, since nobody else can show its file, or its emoji.
fn sticker(message: &Value) -> Option<Part> {
    let sticker = message.get("sticker")?;
    let emoji = text(sticker, "/emoji");
    let is = |field: &str| sticker.get(field) == Some(&Value::Bool(true));
    if is("is_animated") {
        let still = sticker.get("thumbnail").and_then(|still| medium(still, Some("image/webp")));
        return still.map(|still| Part::media(still, None, emoji)).or_else(|| emoji.map(Part::text));
    }
    let kind = if is("is_video") { "video/webm" } else { "image/webp" };
    Some(Part::media(medium(sticker, Some(kind))?, None, emoji))
}

fn medium(file: &Value, kind: Option<&str>) -> Option<InboundMedia> {
    let id = text(file, "/file_id")?;
    Some(InboundMedia {
        reference: json!({ "fileId": id }),
        name: text(file, "/file_name").map(str::to_owned),
        media_type: text(file, "/mime_type").or(kind).map(str::to_owned),
        size: file.get("file_size").and_then(Value::as_u64),
    })
}

fn place(message: &Value) -> Option<Part> {
    let venue = message.get("venue");
    let point = venue.and_then(|venue| venue.get("location")).or_else(|| message.get("location"))?;
    let degrees = |field: &str| point.get(field).and_then(Value::as_f64);
    let names = venue.unwrap_or(&Value::Null);
    Some(Part::location(
        degrees("latitude")?,
        degrees("longitude")?,
        text(names, "/title"),
        text(names, "/address"),
    ))
}

fn contact(message: &Value) -> Option<Part> {
    let contact = message.get("contact")?;
    let name = full_name(text(contact, "/first_name"), text(contact, "/last_name"));
    let said =
        lines([name.as_deref().unwrap_or_default(), text(contact, "/phone_number").unwrap_or_default()]);
    let part = Part { original: Some(contact.clone()), ..Part::text(said.clone()) };
    (!said.is_empty()).then_some(part)
}

/// Dice, polls, service messages and what will be invented.
fn unknown(message: &Value) -> Part {
    let mut fields = message.as_object().into_iter().flatten().map(|(field, _)| field.as_str());
    let kind = fields.find(|field| !FRAME.contains(field)).unwrap_or("empty");
    Part::unsupported(kind, message.clone())
}
