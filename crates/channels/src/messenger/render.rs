//! Messages as calls of the Send API (channels.md §2.3, §2.6).

use model::channel::SendError;
use model::content::{Action, ActionKind, Content, Item, MediaContent, Text};
use serde_json::{Value, json};

use super::template::{BUTTONS_MAX, button, element, quick_reply};
use super::with_token;
use crate::channel::{Account, Outgoing, Recipient, Rendered};
use crate::kit::outbound::{caption, lose_styles, media_url, nothing_to_say, plain_words};
use crate::kit::provider::{no_object, unsupported_type};
use crate::kit::text::fallback::{Numbering, blocks, form_response, location};
use crate::kit::text::{Unit, lines, pieces, tail};
use crate::plan::Plan;

/// Longest text, in characters.
const TEXT_MAX: usize = 2_000;
/// Longest text above buttons.
const TEMPLATE_TEXT_MAX: usize = 640;
/// Most quick replies of a message.
const QUICK_REPLIES_MAX: usize = 13;
/// Most cards of a template.
const ELEMENTS_MAX: usize = 10;
/// Largest picture, in bytes (channels.md §19).
const IMAGE_BYTES_MAX: u64 = 8 << 20;
/// Largest other file, in bytes.
const FILE_BYTES_MAX: u64 = 25 << 20;
/// What stands where there are buttons but no text.
const NO_TEXT: &str = "…";

/// A message while it is made.
#[derive(Default)]
struct Rendering {
    /// The messages; each becomes a call.
    messages: Vec<Value>,
    out: Rendered,
}

/// The calls of a message.
pub(super) fn message(
    account: &Account<'_>,
    to: Recipient<'_>,
    message: &Outgoing,
) -> Result<Rendered, SendError> {
    if let Some(raw) = &message.raw {
        let mut out = Rendered::default();
        out.send(call(account, with_recipient(raw, to)?));
        return Ok(out);
    }
    let mut rendering = Rendering::default();
    rendering.content(&message.content)?;
    let Rendering { messages, mut out } = rendering;
    for (at, said) in messages.into_iter().enumerate() {
        let mut body = with_recipient(&json!({ "message": said }), to)?;
        if let Some(quoted) = message.quoted.as_deref().filter(|_| at == 0) {
            body["reply_to"] = json!({ "mid": quoted });
        }
        out.send(call(account, body));
    }
    match out.requests.is_empty() {
        true => Err(nothing_to_say()),
        false => Ok(out),
    }
}

fn call(account: &Account<'_>, body: Value) -> Plan {
    Plan::json(with_token(account, "me/messages", &[]), body)
}

fn with_recipient(body: &Value, to: Recipient<'_>) -> Result<Value, SendError> {
    let mut whole = serde_json::Map::new();
    whole.insert("recipient".to_owned(), json!({ "id": to.external_id }));
    whole.insert("messaging_type".to_owned(), "RESPONSE".into());
    let own = body.as_object().ok_or_else(no_object)?;
    whole.extend(
        own.iter()
            .filter(|(name, _)| *name != "recipient")
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    Ok(whole.into())
}

impl Rendering {
    fn content(&mut self, content: &Content) -> Result<(), SendError> {
        match content {
            Content::Text(text) => self.text(text),
            Content::Image(image) => self.media(picture_kind(image.media_type.as_deref()), image),
            Content::File(file) => self.media(file_kind(file), file),
            Content::Carousel(carousel) => {
                self.cards(&carousel.items, carousel.image_aspect_ratio.as_deref())
            }
            Content::List(list) => {
                self.out.lose("content.items", "cards side by side");
                self.cards(&list.items, None);
                self.buttons("", "content.actions", &list.actions);
            }
            Content::Location(place) => {
                self.out.lose("content.coordinates", "a text with a link to a map");
                self.words(&location(place));
            }
            Content::Form(form) => {
                let mut numbering = Numbering::default();
                let text = numbering.form(form);
                self.out.take(numbering);
                self.words(&text);
            }
            Content::FormResponse(response) => self.words(&form_response(response)),
            Content::Template(_) => return Err(unsupported_type("template")),
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) {
        lose_styles(&mut self.out.losses, text.html_text.as_deref());
        let words = plain_words(text.text.as_deref(), text.html_text.as_deref());
        let (replies, others): (Vec<_>, Vec<_>) = text
            .actions
            .iter()
            .cloned()
            .enumerate()
            .partition(|(_, action)| action.kind == ActionKind::Reply);
        if replies.len() > QUICK_REPLIES_MAX {
            let mut numbering = Numbering::default();
            let lines = numbering.all("content.actions", &text.actions);
            self.out.take(numbering);
            return self.words(&blocks(&words, &lines));
        }
        self.numbered_buttons(&words, "content.actions", &others);
        self.quick_replies(&replies);
    }

    /// Text in pieces.
    fn words(&mut self, words: &str) {
        self.messages.extend(
            pieces(words, TEXT_MAX, Unit::Characters).into_iter().map(|text| json!({ "text": text })),
        );
    }

    fn buttons(&mut self, words: &str, part: &str, actions: &[Action]) {
        let numbered: Vec<(usize, Action)> = actions.iter().cloned().enumerate().collect();
        self.numbered_buttons(words, part, &numbered);
    }

    /// Text with buttons below its end; more than three need further templates.
    fn numbered_buttons(&mut self, words: &str, part: &str, actions: &[(usize, Action)]) {
        let made: Vec<Result<Value, String>> = actions
            .iter()
            .map(|(at, action)| button(&format!("{part}[{at}]"), action, &mut self.out))
            .collect();
        let lines: Vec<&str> =
            made.iter().filter_map(|made| made.as_ref().err()).map(String::as_str).collect();
        let words = blocks(words, &lines.join("\n"));
        let buttons: Vec<Value> = made.into_iter().filter_map(Result::ok).collect();
        if buttons.is_empty() {
            return self.words(&words);
        }
        let (head, end) = tail(&words, TEMPLATE_TEXT_MAX, Unit::Characters);
        self.words(head);
        if buttons.len() > BUTTONS_MAX {
            self.out.lose(part, "buttons in several messages");
        }
        for (at, buttons) in buttons.chunks(BUTTONS_MAX).enumerate() {
            let text = Some(end.trim()).filter(|text| at == 0 && !text.is_empty()).unwrap_or(NO_TEXT);
            self.template(json!({ "template_type": "button", "text": text, "buttons": buttons }));
        }
    }

    /// Quick replies hang on the last message.
    fn quick_replies(&mut self, replies: &[(usize, Action)]) {
        if replies.is_empty() {
            return;
        }
        let made: Vec<Value> =
            replies.iter().map(|(at, action)| quick_reply(*at, action, &mut self.out)).collect();
        if self.messages.is_empty() {
            self.words(NO_TEXT);
        }
        if let Some(last) = self.messages.last_mut() {
            last["quick_replies"] = made.into();
        }
    }

    /// A medium; its caption and buttons follow. One that is too large is a line with its address.
    fn media(&mut self, kind: &str, media: &MediaContent) {
        let most = if kind == "image" { IMAGE_BYTES_MAX } else { FILE_BYTES_MAX };
        if media.media_size.is_some_and(|size| size > most) {
            self.out.lose("content.mediaUrl", "a line with the address");
            lose_styles(&mut self.out.losses, media.html_text.as_deref());
            let words = plain_words(media.text.as_deref(), media.html_text.as_deref());
            let text = lines([words.as_str(), media_url(&media.media)]);
            return self.text(&Text { text: Some(text), html_text: None, ..caption(media) });
        }
        let payload = json!({ "url": media_url(&media.media), "is_reusable": false });
        self.messages.push(json!({ "attachment": { "type": kind, "payload": payload } }));
        let is_bare =
            media.text.is_none() && media.html_text.is_none() && media.actions.len() <= QUICK_REPLIES_MAX;
        match is_bare && media.actions.iter().all(|action| action.kind == ActionKind::Reply) {
            true => {
                let replies: Vec<(usize, Action)> = media.actions.iter().cloned().enumerate().collect();
                self.quick_replies(&replies);
            }
            false => self.text(&caption(media)),
        }
    }

    fn cards(&mut self, items: &[Item], ratio: Option<&str>) {
        let mut rests = Vec::new();
        let mut elements = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let (made, rest) = element(&format!("content.items[{at}]"), item, &mut self.out);
            elements.push(made);
            rests.extend((!rest.is_empty()).then_some((at, rest)));
        }
        for elements in elements.chunks(ELEMENTS_MAX) {
            let mut payload = json!({ "template_type": "generic", "elements": elements });
            if let Some(ratio) = ratio {
                payload["image_aspect_ratio"] = ratio.into();
            }
            self.template(payload);
        }
        for (at, rest) in rests {
            let part = format!("content.items[{at}].actions");
            self.out.lose(&part, "buttons below the cards");
            self.buttons(items.get(at).map_or("", |item| item.title.as_str()), &part, rest);
        }
    }

    fn template(&mut self, payload: Value) {
        self.messages.push(json!({ "attachment": { "type": "template", "payload": payload } }));
    }
}

fn file_kind(file: &MediaContent) -> &'static str {
    let media_type = file.media_type.as_deref();
    match media_type.and_then(|kind| kind.split('/').next()) {
        Some("video") => "video",
        Some("audio") => "audio",
        Some("image") => picture_kind(media_type),
        _ => "file",
    }
}

/// Messenger shows some types of pictures, and refuses others as such.
fn picture_kind(media_type: Option<&str>) -> &'static str {
    match media_type {
        None | Some("image/jpeg" | "image/png" | "image/gif" | "image/webp") => "image",
        Some(_) => "file",
    }
}
