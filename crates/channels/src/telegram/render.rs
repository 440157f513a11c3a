//! Messages as calls of the Bot API (channels.md §4.3).

use model::channel::SendError;
use model::content::{Action, Carousel, Content, Item, List, Location, MediaContent, Text};
use model::rich_text::{RichText, Span, Style};
use serde_json::{Map, Value, json};

use super::keyboard::{Keyboard, can_follow};
use super::method;
use crate::channel::{Account, Outgoing, Recipient, Rendered};
use crate::kit::outbound::{caption, media_url, name_of_url, nothing_to_say, rich_words};
use crate::kit::provider::{no_object, unsupported_type};
use crate::kit::text::fallback::{Numbering, blocks, form_response};
use crate::kit::text::markup::{Markup, marked_pieces};
use crate::kit::text::{Unit, lines};
use crate::plan::{Body, Part, PartSource, Plan};

/// Longest text; the Bot API counts UTF-16 units.
const TEXT_MAX: usize = 4_096;
/// Longest caption.
const CAPTION_MAX: usize = 1_024;
/// Largest picture that Telegram fetches by its address, in bytes; a larger one is uploaded.
const PHOTO_BY_URL_BYTES_MAX: u64 = 5 << 20;
/// Largest picture at all; a larger one goes as a document.
const PHOTO_BYTES_MAX: u64 = 10 << 20;
/// Largest other file that Telegram fetches by its address.
const FILE_BY_URL_BYTES_MAX: u64 = 20 << 20;
/// What stands where there are buttons but no text.
const NO_TEXT: &str = "…";

/// A call of the Bot API.
struct Call {
    method: String,
    fields: Map<String, Value>,
    /// The field of a file that is uploaded, and where it comes from.
    upload: Option<(&'static str, PartSource)>,
    /// What is sent when Telegram does not get the file, or does not take it in this form.
    instead: Option<Box<Call>>,
}

/// A message while it is made.
struct Rendering<'a> {
    to: Recipient<'a>,
    calls: Vec<Call>,
    out: Rendered,
}

/// The calls of a message.
pub(super) fn message(
    account: &Account<'_>,
    to: Recipient<'_>,
    message: &Outgoing,
) -> Result<Rendered, SendError> {
    let mut rendering = Rendering { to, calls: Vec::new(), out: Rendered::default() };
    match &message.raw {
        Some(raw) => rendering.raw(raw)?,
        None => rendering.content(&message.content)?,
    }
    let quoted = message.quoted.as_deref().and_then(|id| quoted_in(to, id));
    if let (Some(id), Some(first)) = (quoted, rendering.calls.first_mut()) {
        let reply = json!({ "message_id": id, "allow_sending_without_reply": true });
        first.fields.entry("reply_parameters").or_insert(reply);
    }
    let Rendering { calls, mut out, .. } = rendering;
    out.requests = calls.into_iter().map(|call| call.plan(account)).collect();
    match out.requests.is_empty() {
        true => Err(nothing_to_say()),
        false => Ok(out),
    }
}

/// The number of a quoted message. Those of a group's former chat mean other messages in its new one.
fn quoted_in(to: Recipient<'_>, id: &str) -> Option<i64> {
    let (chat, number) = id.rsplit_once(':')?;
    number.parse().ok().filter(|_| chat == to.external_id || to.external_id.starts_with('@'))
}

/// The recipient as Telegram wants it: a number, except for names of channels.
pub(super) fn chat_id(to: Recipient<'_>) -> Value {
    to.external_id.parse::<i64>().map_or_else(|_| Value::from(to.external_id), Value::from)
}

impl Rendering<'_> {
    fn content(&mut self, content: &Content) -> Result<(), SendError> {
        match content {
            Content::Text(text) => self.text(text),
            Content::Image(image) => {
                let size = image.media_size.unwrap_or_default();
                self.media(image, picture(image.media_type.as_deref(), size));
            }
            Content::File(file) => self.media(file, file_kind(file)),
            Content::Location(location) => self.location(location),
            Content::Carousel(Carousel { items, .. }) => {
                self.out.lose("content.items", "a message for each item");
                self.items(items, &[]);
            }
            Content::List(List { items, actions, .. }) => {
                self.out.lose("content.items", "a message for each item");
                self.items(items, actions);
            }
            Content::Form(form) => {
                let mut numbering = Numbering::default();
                let text = numbering.form(form);
                self.out.take(numbering);
                self.words(&plain(text), &Keyboard::default());
            }
            Content::FormResponse(response) => {
                self.words(&plain(form_response(response)), &Keyboard::default())
            }
            Content::Template(_) => return Err(unsupported_type("template")),
        }
        Ok(())
    }

    /// The caller's own payload: a method's fields, and the method in `method`.
    fn raw(&mut self, raw: &Value) -> Result<(), SendError> {
        let mut fields = raw.as_object().ok_or_else(no_object)?.clone();
        let named = fields.remove("method").and_then(|method| method.as_str().map(str::to_owned));
        let is_name =
            |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fields.insert("chat_id".to_owned(), chat_id(self.to));
        let method = named.filter(is_name).unwrap_or_else(|| "sendMessage".to_owned());
        self.calls.push(Call { method, fields, upload: None, instead: None });
        Ok(())
    }

    fn text(&mut self, text: &Text) {
        let keyboard = self.keyboard("content.actions", &text.actions);
        let words = styled(text);
        self.words(&with_lines(words, &keyboard), &keyboard);
    }

    /// Text in pieces, the buttons below the last.
    fn words(&mut self, words: &RichText, keyboard: &Keyboard) {
        let (mut pieces, is_html) = telegram_pieces(words, TEXT_MAX);
        if pieces.is_empty() && keyboard.markup().is_some() {
            pieces.push(NO_TEXT.to_owned());
        }
        let last = pieces.len().saturating_sub(1);
        for (at, piece) in pieces.into_iter().enumerate() {
            let call = self.call("sendMessage");
            call.put("text", Some(piece.into()));
            call.put("parse_mode", is_html.then(|| "HTML".into()));
            call.put("reply_markup", keyboard.markup().filter(|_| at == last));
        }
        self.second(keyboard);
    }

    /// Keys that found no place beside inline buttons.
    fn second(&mut self, keyboard: &Keyboard) {
        let Some(markup) = keyboard.second_markup() else { return };
        let question = keyboard.questions.join("\n");
        let call = self.call("sendMessage");
        call.put("text", Some(if question.is_empty() { NO_TEXT.into() } else { question.into() }));
        call.put("reply_markup", Some(markup));
    }

    /// A medium with its caption; one that is too long follows as a text, with the buttons.
    fn media(&mut self, media: &MediaContent, kind: MediaKind) {
        let keyboard = self.keyboard("content.actions", &media.actions);
        let words = with_lines(styled(&caption(media)), &keyboard);
        let url = media_url(&media.media).to_owned();
        let media_type = media.media_type.clone();
        self.file(kind, &PartSource::File { name: name_of_url(&url), url, media_type }, &words, &keyboard);
    }

    fn file(&mut self, kind: MediaKind, file: &PartSource, words: &RichText, keyboard: &Keyboard) {
        let fits = Unit::Utf16.count(&words.text) <= CAPTION_MAX;
        let mut below = self.empty(kind.method);
        if fits {
            let (pieces, is_html) = telegram_pieces(words, CAPTION_MAX);
            let is_html = is_html && !pieces.is_empty();
            below.put("caption", pieces.into_iter().next().map(Value::from));
            below.put("parse_mode", is_html.then(|| "HTML".into()));
            below.put("reply_markup", keyboard.markup());
        }
        let forms = kind.forms().into_iter().rev();
        let best = forms.fold(None, |instead, form| Some(Box::new(below.with_file(form, file, instead))));
        self.calls.extend(best.map(|best| *best));
        match fits {
            true => self.second(keyboard),
            false => self.words(words, keyboard),
        }
    }

    /// A message an item; the buttons of the whole below the last.
    fn items(&mut self, items: &[Item], actions: &[Action]) {
        for (at, item) in items.iter().enumerate() {
            let mut keyboard = self.keyboard(&format!("content.items[{at}].actions"), &item.actions);
            if at + 1 == items.len() {
                let below = self.keyboard("content.actions", actions);
                keyboard.inline.extend(below.inline);
                keyboard.lines.extend(below.lines);
                keyboard.keys.extend(below.keys);
            }
            let title = Span { range: 0..item.title.len(), style: Style::Bold };
            let text = lines([item.title.as_str(), item.description.as_deref().unwrap_or_default()]);
            let spans = if item.title.is_empty() { Vec::new() } else { vec![title] };
            let words = with_lines(RichText { text, spans }, &keyboard);
            match &item.media {
                Some(media) => {
                    let url = media_url(media).to_owned();
                    let (name, media_type) = (name_of_url(&url), item.media_type.clone());
                    let kind = picture(media_type.as_deref(), 0);
                    self.file(kind, &PartSource::File { url, name, media_type }, &words, &keyboard);
                }
                None => self.words(&words, &keyboard),
            }
        }
    }

    /// A venue when it has a name, otherwise a point.
    fn location(&mut self, location: &Location) {
        let (lat, long) = (location.coordinates.lat, location.coordinates.long);
        let place = location.location.clone().unwrap_or_default();
        // Telegram refuses empty ones.
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let (name, address) = (said(place.name), said(place.address));
        let call = self.call(if name.is_some() { "sendVenue" } else { "sendLocation" });
        call.put("latitude", Some(lat.into()));
        call.put("longitude", Some(long.into()));
        if let Some(name) = name {
            // A venue must have an address.
            let address = address.unwrap_or_else(|| format!("{lat}, {long}"));
            call.put("title", Some(name.into()));
            call.put("address", Some(address.into()));
        } else if let Some(address) = address {
            self.words(&plain(address), &Keyboard::default());
        }
    }

    fn keyboard(&mut self, part: &str, actions: &[Action]) -> Keyboard {
        let is_private = !self.to.external_id.starts_with('-');
        Keyboard::new(part, actions, is_private, &mut self.out)
    }

    /// A new call to the recipient.
    fn call(&mut self, method: &str) -> &mut Call {
        let at = self.calls.len();
        self.calls.push(self.empty(method));
        &mut self.calls[at]
    }

    /// A call to the recipient that says nothing yet.
    fn empty(&self, method: &str) -> Call {
        let fields = Map::from_iter([("chat_id".to_owned(), chat_id(self.to))]);
        Call { method: method.to_owned(), fields, upload: None, instead: None }
    }
}

impl Call {
    fn put(&mut self, field: &str, value: Option<Value>) {
        self.fields.extend(value.map(|value| (field.to_owned(), value)));
    }

    /// The same with a file in one of its forms.
    fn with_file(&self, form: MediaKind, file: &PartSource, instead: Option<Box<Call>>) -> Call {
        let mut call =
            Call { method: form.method.to_owned(), fields: self.fields.clone(), upload: None, instead };
        match file {
            PartSource::File { url, .. } if !form.uploads => call.put(form.field, Some(url.as_str().into())),
            file => call.upload = Some((form.field, file.clone())),
        }
        call
    }

    /// JSON, or a form when a file is uploaded.
    fn plan(self, account: &Account<'_>) -> Plan {
        let instead = self.instead.map(|instead| Box::new(instead.plan(account)));
        let plan = Plan { instead, ..Plan::json(method(account, &self.method), Value::Null) };
        let Some((field, source)) = self.upload else {
            return Plan { body: Body::Json(Value::Object(self.fields)), ..plan };
        };
        let texts = self.fields.into_iter().map(|(name, value)| {
            let text = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Part { name, source: PartSource::Text(text) }
        });
        let file = Part { name: field.to_owned(), source };
        Plan { body: Body::Multipart(texts.chain([file]).collect()), ..plan }
    }
}

/// How a medium is sent.
#[derive(Clone, Copy)]
struct MediaKind {
    method: &'static str,
    field: &'static str,
    uploads: bool,
}

impl MediaKind {
    /// The forms in which a file is sent, the best first: by its address Telegram may not get it, and a
    /// picture that is too large or too long is one only as a document.
    fn forms(self) -> Vec<MediaKind> {
        let mut forms = vec![self];
        forms.extend((!self.uploads).then_some(MediaKind { uploads: true, ..self }));
        forms.extend((self.method == PHOTO.method).then_some(MediaKind { uploads: true, ..DOCUMENT }));
        forms
    }
}

const PHOTO: MediaKind = MediaKind { method: "sendPhoto", field: "photo", uploads: false };
const DOCUMENT: MediaKind = MediaKind { method: "sendDocument", field: "document", uploads: false };

fn picture(media_type: Option<&str>, size: u64) -> MediaKind {
    let is_photo = matches!(media_type, None | Some("image/jpeg" | "image/png" | "image/webp"));
    match media_type {
        Some("image/gif") => {
            by_size(size, MediaKind { method: "sendAnimation", field: "animation", uploads: false })
        }
        _ if is_photo && size <= PHOTO_BYTES_MAX => {
            MediaKind { uploads: size > PHOTO_BY_URL_BYTES_MAX, ..PHOTO }
        }
        _ => MediaKind { uploads: true, ..DOCUMENT },
    }
}

/// By address Telegram fetches only some types of documents; everything else is uploaded.
fn file_kind(file: &MediaContent) -> MediaKind {
    let size = file.media_size.unwrap_or_default();
    let kind = |method, field| by_size(size, MediaKind { method, field, uploads: false });
    match file.media_type.as_deref() {
        Some("video/mp4") => kind("sendVideo", "video"),
        Some("audio/mpeg" | "audio/mp4") => kind("sendAudio", "audio"),
        Some("audio/ogg") => kind("sendVoice", "voice"),
        Some("application/pdf" | "application/zip" | "image/gif") => by_size(size, DOCUMENT),
        _ => MediaKind { uploads: true, ..DOCUMENT },
    }
}

fn by_size(size: u64, kind: MediaKind) -> MediaKind {
    MediaKind { uploads: size > FILE_BY_URL_BYTES_MAX, ..kind }
}

/// The words of a text with their styles.
fn styled(text: &Text) -> RichText {
    rich_words(text.text.as_deref(), text.html_text.as_deref(), can_follow)
}

fn plain(text: String) -> RichText {
    RichText { text, spans: Vec::new() }
}

fn with_lines(words: RichText, keyboard: &Keyboard) -> RichText {
    RichText { text: blocks(&words.text, &keyboard.lines.join("\n")), ..words }
}

/// The pieces, and whether they are HTML: a text without styles is sent as it is.
fn telegram_pieces(words: &RichText, max: usize) -> (Vec<String>, bool) {
    let is_html = !words.spans.is_empty();
    let markup = if is_html { &HTML } else { &PLAIN };
    (marked_pieces(words, max, Unit::Utf16, markup), is_html)
}

const HTML: Markup = Markup { marks: html_marks, escape };
const PLAIN: Markup = Markup { marks: |_| None, escape: str::to_owned };

fn html_marks(style: &Style) -> Option<(String, String)> {
    let tag = match style {
        Style::Bold => "b",
        Style::Italic => "i",
        Style::Underline => "u",
        Style::Strike => "s",
        Style::Code => "code",
        Style::Preformatted => "pre",
        Style::Quote => "blockquote",
        Style::Link(uri) => return Some((format!("<a href=\"{}\">", escape(uri)), "</a>".to_owned())),
    };
    Some((format!("<{tag}>"), format!("</{tag}>")))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
