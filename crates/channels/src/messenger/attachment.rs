//! What a message of Messenger says: a text, attachments, or both (channels.md §2.2).

use model::channel::InboundMedia;
use serde_json::{Value, json};

use crate::kit::inbound::Part;
use crate::kit::provider::text;
use crate::kit::text::lines;

/// The parts of a message, in the customer's order: text first.
pub(super) fn parts(message: &Value) -> Vec<Part> {
    let said = text(message, "/text").filter(|said| !said.is_empty());
    // The answer of a button that is an icon alone has no text.
    let said = said.or_else(|| text(message, "/quick_reply/payload"));
    let mut parts: Vec<Part> = said.map(|said| text_part(message, said)).into_iter().collect();
    let attachments = message.get("attachments").and_then(Value::as_array);
    for attachment in attachments.into_iter().flatten() {
        // A shared link comes as the text and again as an attachment.
        let is_repeated = text(attachment, "/type") == Some("fallback") && said.is_some();
        if !is_repeated {
            parts.push(part(attachment));
        }
    }
    if parts.is_empty() {
        parts.push(Part::unsupported("empty", message.clone()));
    }
    parts
}

fn text_part(message: &Value, said: &str) -> Part {
    match text(message, "/quick_reply/payload") {
        Some(payload) => Part::answer(said, payload),
        None => Part::text(said),
    }
}

fn part(attachment: &Value) -> Part {
    let kind = text(attachment, "/type").unwrap_or("attachment");
    let known = match kind {
        "image" | "sticker" => media(attachment, Some("image/jpeg")),
        "video" | "reel" | "ig_reel" => media(attachment, Some("video/mp4")),
        "audio" => media(attachment, Some("audio/mp4")),
        "file" => media(attachment, None),
        "location" => location(attachment),
        "fallback" => link(attachment),
        _ => None,
    };
    known.unwrap_or_else(|| Part::unsupported(kind, attachment.clone()))
}

/// A medium behind an address. What Meta does not tell is taken from the kind, until its bytes say
/// better.
fn media(attachment: &Value, kind: Option<&str>) -> Option<Part> {
    let url = text(attachment, "/payload/url")?;
    let medium = InboundMedia {
        reference: json!({ "url": url }),
        name: text(attachment, "/payload/title").map(str::to_owned),
        media_type: kind.map(str::to_owned),
        size: None,
    };
    Some(Part::media(medium, None, None))
}

fn location(attachment: &Value) -> Option<Part> {
    let degrees =
        |field: &str| attachment.pointer(&format!("/payload/coordinates/{field}")).and_then(Value::as_f64);
    Some(Part::location(degrees("lat")?, degrees("long")?, text(attachment, "/title"), None))
}

/// A shared link.
fn link(attachment: &Value) -> Option<Part> {
    let url = text(attachment, "/url").or_else(|| text(attachment, "/payload/url"));
    let title = text(attachment, "/title").or_else(|| text(attachment, "/payload/title"));
    let said = lines([title.unwrap_or_default(), url.unwrap_or_default()]);
    (!said.is_empty()).then(|| Part::text(said))
}
