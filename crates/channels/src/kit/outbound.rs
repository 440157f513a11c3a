//! From the core's words to a provider's: what all channels share.

use std::borrow::Cow;

use model::channel::{Choice, SendError, Shown};
use model::content::{Action, MediaContent, MediaRef, Text};
use model::file_name;
use model::limits::FILE_NAME_CHARS_MAX;
use model::rich_text::{self, RichText};
use url::Url;

use crate::channel::{Loss, Rendered};
use crate::kit::provider::button_key;
use crate::kit::text::fallback::Numbering;
use crate::plan::Plan;

impl Rendered {
    /// Notes what became of a part.
    pub fn lose(&mut self, part: impl Into<String>, became: impl Into<String>) {
        self.losses.push(Loss { part: part.into(), became: became.into() });
    }

    /// Takes over what a numbering found.
    pub fn take(&mut self, numbering: Numbering) {
        self.losses.extend(numbering.losses);
        self.choices.extend(numbering.choices);
    }

    /// Adds a request.
    pub fn send(&mut self, plan: Plan) {
        self.requests.push(plan);
    }
}

/// The words of a text or caption with their styles; the address of a link stands behind its label where the
/// channel takes none of its kind.
pub fn rich_words(text: Option<&str>, html: Option<&str>, takes: fn(&str) -> bool) -> RichText {
    match html {
        Some(html) => rich_text::rich_text_for(html, takes),
        None => RichText { text: text.unwrap_or_default().to_owned(), spans: Vec::new() },
    }
}

/// The words as plain text: the one that the author wrote for it, or what the rich text says.
pub fn plain_words(text: Option<&str>, html: Option<&str>) -> String {
    match (text, html) {
        (Some(text), _) => text.to_owned(),
        (None, Some(html)) => rich_text::plain_text(html),
        (None, None) => String::new(),
    }
}

/// Notes that rich text became plain.
pub fn lose_styles(losses: &mut Vec<Loss>, html: Option<&str>) {
    if html.is_some_and(|html| !rich_text::rich_text(html).spans.is_empty()) {
        let part = "content.htmlText".to_owned();
        losses.push(Loss { part, became: "plain text".to_owned() });
    }
}

/// The address of a medium. Attachments of ours have theirs filled in before.
pub fn media_url(media: &MediaRef) -> &str {
    match media {
        MediaRef::Url(url) => url,
        MediaRef::Attachment { .. } => "",
    }
}

/// The file name at the end of an address.
pub fn name_of_url(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let last = parsed.as_ref().and_then(|url| url.path_segments()?.next_back()).unwrap_or_default();
    let name = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    file_name::clean(&name, FILE_NAME_CHARS_MAX).unwrap_or_else(|| file_name::DEFAULT.to_owned())
}

/// Whether an address is one of the web, as buttons of most channels demand.
pub fn is_web(uri: &str) -> bool {
    uri.starts_with("https://") || uri.starts_with("http://")
}

/// What comes back when a button is pressed: its payload, or the key in place of one that is longer than
/// `max` bytes or that does not say all that the button means.
pub fn short_payload(action: &Action, label: &str, max: usize, choices: &mut Vec<Choice>) -> String {
    let payload = action.payload.as_deref().unwrap_or_default();
    // An empty payload cannot stand in a button either.
    let says_all = !payload.is_empty() && payload.len() <= max && action.metadata.is_none();
    if says_all { payload.to_owned() } else { keyed(action, label, choices) }
}

/// What comes back when a button brings a key, whatever its payload is: one that stands for a reply on a
/// channel whose buttons are postbacks otherwise.
pub fn keyed(action: &Action, label: &str, choices: &mut Vec<Choice>) -> String {
    let key = button_key(action);
    choices.push(Choice {
        kind: action.kind,
        label: label.to_owned(),
        payload: action.payload.clone().unwrap_or_default(),
        key: Some(key.clone()),
        metadata: action.metadata.clone(),
        shown: Shown::Button,
    });
    key
}

/// What stands on a button: its label or, where it has none, its number among the buttons. A reply may be an
/// icon alone; providers refuse buttons without a label.
pub fn label_of(at: usize, action: &Action) -> Cow<'_, str> {
    match action.text.trim().is_empty() {
        true => (at + 1).to_string().into(),
        false => action.text.as_str().into(),
    }
}

/// Notes that a channel shows no icons on buttons; `part` is the button's path.
pub fn lose_icon(losses: &mut Vec<Loss>, part: &str, action: &Action) {
    if action.icon_url.is_some() {
        losses.push(Loss { part: format!("{part}.iconUrl"), became: "left out".to_owned() });
    }
}

/// The caption of a medium as a text with its buttons.
pub fn caption(media: &MediaContent) -> Text {
    Text {
        text: media.text.clone(),
        html_text: media.html_text.clone(),
        actions: media.actions.clone(),
        ..Text::default()
    }
}

/// The refusal of a message that says nothing which the channel could show.
pub fn nothing_to_say() -> SendError {
    crate::kit::provider::refusal(http::StatusCode::BAD_REQUEST, "the message has no text")
}
