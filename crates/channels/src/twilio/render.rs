//! Messages as calls of Twilio's API (channels.md §5.3, §6). What has a structure becomes text with
//! numbered choices; WhatsApp takes media and places in their own form.

use http::StatusCode;
use model::channel::SendError;
use model::content::{Content, Item, List, Location, MediaContent, Template, Text};
use model::media_type::canonical;
use serde_json::Value;

use super::interactive::{Interactive, interactive};
use super::{MMS, PHONE_NUMBER, WHATSAPP, account_call, signed};
use crate::channel::{Account, Outgoing, Recipient, Rendered};
use crate::kit::outbound::{caption, lose_styles, media_url, nothing_to_say, plain_words};
use crate::kit::provider::{no_object, refusal, unsupported_type};
use crate::kit::text::fallback::{Numbering, blocks, form_response, location};
use crate::kit::text::{Unit, lines, pieces};
use crate::plan::{Better, Plan};

/// Longest body. GSM-7 septets and UCS-2 units decide how many parts the carrier bills, not what Twilio
/// takes.
pub(super) const BODY_MAX: usize = 1_600;
/// All media of an MMS together, in bytes.
const MMS_BYTES_MAX: u64 = 5 << 20;
/// A picture of WhatsApp, in bytes.
const WHATSAPP_IMAGE_BYTES_MAX: u64 = 5 << 20;
/// Another file of WhatsApp, in bytes.
const WHATSAPP_FILE_BYTES_MAX: u64 = 16 << 20;

/// Files that WhatsApp takes, beside pictures (twilio.com/docs/whatsapp/guidance-whatsapp-media-messages): of
/// another one Twilio says that it has failed once it has taken it.
const WHATSAPP_FILES: &[&str] = &[
    "audio/aac",
    "audio/amr",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "video/3gpp",
    "video/mp4",
    "application/msword",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/vcard",
];

type Fields = Vec<(String, String)>;

/// A message while it is made: the fields of each call, without addressee.
struct Rendering<'a> {
    account: &'a Account<'a>,
    is_whatsapp: bool,
    calls: Vec<Fields>,
    /// What shows the last call in a better form.
    better: Option<Better>,
    numbering: Numbering,
}

/// The calls of a message.
pub(super) fn message(
    account: &Account<'_>,
    to: Recipient<'_>,
    message: &Outgoing,
) -> Result<Rendered, SendError> {
    let is_whatsapp = to.external_id.starts_with(WHATSAPP);
    let mut rendering =
        Rendering { account, is_whatsapp, calls: Vec::new(), better: None, numbering: Numbering::default() };
    match &message.raw {
        Some(raw) => rendering.calls.push(raw_fields(raw)?),
        None => rendering.content(&message.content)?,
    }
    if message.quoted.is_some() {
        rendering.numbering.lose("quotedMessage", "the quote is left out");
    }
    if rendering.calls.is_empty() {
        return Err(nothing_to_say());
    }
    let mut out = Rendered::default();
    out.take(rendering.numbering);
    for fields in rendering.calls {
        out.send(call(account, to, fields)?);
    }
    if let Some(last) = out.requests.last_mut() {
        last.better = rendering.better.map(Box::new);
    }
    Ok(out)
}

/// The caller's own fields; a list of values repeats its name.
fn raw_fields(raw: &Value) -> Result<Fields, SendError> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let own = raw.as_object().ok_or_else(no_object)?.iter().filter(|(name, _)| *name != "To");
    let values = own.flat_map(|(name, value)| match value {
        Value::Array(values) => values.iter().map(|value| (name.clone(), text(value))).collect(),
        value => vec![(name.clone(), text(value))],
    });
    Ok(values.collect())
}

/// The call with who gets it, who sends it, and where Twilio tells what became of it.
fn call(account: &Account<'_>, to: Recipient<'_>, fields: Fields) -> Result<Plan, SendError> {
    let mut whole = vec![("To".to_owned(), to.external_id.to_owned())];
    if !has(&fields, "From") && !has(&fields, "MessagingServiceSid") {
        whole.push(sender(account, to)?);
    }
    if !has(&fields, "StatusCallback") {
        whole.push(("StatusCallback".to_owned(), account.hook_url.to_owned()));
    }
    whole.extend(fields);
    Ok(signed(account, Plan::form(account_call(account, "/Messages.json"), whole)))
}

fn has(fields: &Fields, name: &str) -> bool {
    fields.iter().any(|(own, _)| own == name)
}

/// The sender that the person wrote to, if it is one of WhatsApp; else the service or the number.
fn sender(account: &Account<'_>, to: Recipient<'_>) -> Result<(String, String), SendError> {
    let prefix = if to.external_id.starts_with(WHATSAPP) { WHATSAPP } else { "" };
    let written_to = to.raw.and_then(|raw| raw.get("To")).and_then(Value::as_str);
    if let Some(sender) = written_to.filter(|sender| !prefix.is_empty() && sender.starts_with(prefix)) {
        return Ok(("From".to_owned(), sender.to_owned()));
    }
    let (service, number) = (account.text("messagingServiceSid"), account.text(PHONE_NUMBER));
    match (service.is_empty(), number.is_empty()) {
        (false, _) => Ok(("MessagingServiceSid".to_owned(), service.to_owned())),
        (true, false) => Ok(("From".to_owned(), format!("{prefix}{number}"))),
        (true, true) => Err(refusal(StatusCode::BAD_REQUEST, "the integration has no number to send from")),
    }
}

impl Rendering<'_> {
    fn content(&mut self, content: &Content) -> Result<(), SendError> {
        match content {
            Content::Text(text) => self.text(text),
            Content::Image(media) => self.media(media, true),
            Content::File(media) => self.media(media, false),
            Content::Carousel(carousel) => self.items(&carousel.items),
            Content::List(List { items, actions, .. }) => {
                // The numbers of the list's own buttons come behind those of its items.
                self.items(items);
                let below = self.numbering.all("content.actions", actions);
                self.append(&below);
            }
            Content::Location(place) => self.location(place),
            Content::Form(form) => {
                let text = self.numbering.form(form);
                self.words(&text, Vec::new());
            }
            Content::FormResponse(response) => self.words(&form_response(response), Vec::new()),
            Content::Template(template) => self.template(template)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) {
        let shown = self.is_whatsapp.then(|| interactive(self.account, text, &mut self.numbering)).flatten();
        let Some(Interactive { body, better }) = shown else {
            let body = self.body(text);
            return self.words(&body, Vec::new());
        };
        lose_styles(&mut self.numbering.losses, text.html_text.as_deref());
        self.calls.push(vec![("Body".to_owned(), body)]);
        self.better = Some(better);
    }

    /// The text with its buttons as lines.
    fn body(&mut self, text: &Text) -> String {
        lose_styles(&mut self.numbering.losses, text.html_text.as_deref());
        let words = plain_words(text.text.as_deref(), text.html_text.as_deref());
        blocks(&words, &self.numbering.all("content.actions", &text.actions))
    }

    /// The text in pieces; further fields go with the first.
    fn words(&mut self, body: &str, first: Fields) {
        let mut first = Some(first);
        for piece in pieces(body, BODY_MAX, Unit::Utf16) {
            let mut fields = first.take().unwrap_or_default();
            fields.push(("Body".to_owned(), piece.to_owned()));
            self.calls.push(fields);
        }
        self.calls.extend(first.filter(|fields| !fields.is_empty()));
    }

    /// A text behind the last piece, if it fits there.
    fn append(&mut self, below: &str) {
        let last =
            self.calls.last_mut().and_then(|fields| fields.last_mut()).filter(|(name, _)| name == "Body");
        match last {
            Some((_, body)) if Unit::Utf16.count(body) + Unit::Utf16.count(below) + 2 <= BODY_MAX => {
                *body = blocks(body, below);
            }
            _ => self.words(below, Vec::new()),
        }
    }

    /// A medium in its own form, or as its address.
    fn media(&mut self, media: &MediaContent, is_image: bool) {
        let body = self.body(&caption(media));
        let url = media_url(&media.media).to_owned();
        let kind = media.media_type.as_deref().unwrap_or(if is_image { "image/jpeg" } else { "" });
        if !self.takes(kind, media.media_size.unwrap_or_default()) {
            self.numbering.lose("content.mediaUrl", "a line with the address");
            return self.words(&lines([body.as_str(), &url]), Vec::new());
        }
        self.attached(url, kind, &body);
    }

    fn attached(&mut self, url: String, kind: &str, body: &str) {
        let medium = vec![("MediaUrl".to_owned(), url)];
        // WhatsApp shows no text with documents and sounds.
        let is_alone = self.is_whatsapp && !kind.starts_with("image/") && !kind.starts_with("video/");
        if is_alone {
            self.calls.push(medium);
            return self.words(body, Vec::new());
        }
        self.words(body, medium);
    }

    /// Whether a medium can be sent as such.
    fn takes(&self, kind: &str, size: u64) -> bool {
        let is_image = matches!(kind, "image/jpeg" | "image/png" | "image/gif");
        if self.is_whatsapp {
            return match kind.starts_with("image/") {
                true => {
                    matches!(kind, "image/jpeg" | "image/png" | "image/webp")
                        && size <= WHATSAPP_IMAGE_BYTES_MAX
                }
                false => {
                    WHATSAPP_FILES.contains(&canonical(kind).as_str()) && size <= WHATSAPP_FILE_BYTES_MAX
                }
            };
        }
        let can = self.account.config.get(MMS).and_then(Value::as_bool).unwrap_or(true);
        can && is_image && size <= MMS_BYTES_MAX
    }

    /// One text for all items; WhatsApp gets a message for each, with its picture.
    fn items(&mut self, items: &[Item]) {
        self.numbering
            .lose("content.items", if self.is_whatsapp { "a message for each item" } else { "text" });
        let mut texts = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let part = format!("content.items[{at}]");
            let text = self.numbering.item(&part, item);
            let picture = item.media.as_ref().map(media_url);
            let kind = item.media_type.as_deref().unwrap_or("image/jpeg");
            match picture.filter(|_| self.is_whatsapp) {
                Some(url) if self.takes(kind, 0) => self.attached(url.to_owned(), kind, &text),
                Some(url) => {
                    self.numbering.lose(format!("{part}.mediaUrl"), "a line with the address");
                    self.words(&lines([text.as_str(), url]), Vec::new());
                }
                None if self.is_whatsapp => self.words(&text, Vec::new()),
                None => {
                    if picture.is_some() {
                        self.numbering.lose(format!("{part}.mediaUrl"), "the picture is left out");
                    }
                    texts.push(text);
                }
            }
        }
        self.words(&texts.join("\n\n"), Vec::new());
    }

    fn location(&mut self, place: &Location) {
        if !self.is_whatsapp {
            self.numbering.lose("content.coordinates", "a text with a link to a map");
            return self.words(&location(place), Vec::new());
        }
        let names = place.location.clone().unwrap_or_default();
        let label = names.name.or(names.address).unwrap_or_default().replace('|', " ");
        let point = format!("geo:{},{}|{label}", place.coordinates.lat, place.coordinates.long);
        let point = point.trim_end_matches('|').to_owned();
        let body = if label.is_empty() { location(place) } else { label };
        self.words(&body, vec![("PersistentAction".to_owned(), point)]);
    }

    /// A content of Twilio's own, by its id; WhatsApp demands one outside the 24 hours.
    fn template(&mut self, template: &Template) -> Result<(), SendError> {
        let sid = template.template.get("contentSid").and_then(Value::as_str).filter(|_| self.is_whatsapp);
        let sid = sid.ok_or_else(|| unsupported_type("template"))?;
        let mut fields = vec![("ContentSid".to_owned(), sid.to_owned())];
        if let Some(variables) = template.template.get("contentVariables") {
            let text = variables.as_str().map_or_else(|| variables.to_string(), str::to_owned);
            fields.push(("ContentVariables".to_owned(), text));
        }
        self.calls.push(fields);
        Ok(())
    }
}
