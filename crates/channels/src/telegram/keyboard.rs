//! Buttons: inline ones below a message, or a keyboard that types for the customer. One message has
//! only one of both.

use model::channel::{Choice, Shown};
use model::content::{Action, ActionKind};
use serde_json::{Value, json};

use crate::channel::Rendered;
use crate::kit::outbound::{is_web, keyed, label_of, lose_icon, short_payload};
use crate::kit::text::fallback::{address, buy_line, link_line};

/// Bytes that come back from an inline button.
const CALLBACK_BYTES_MAX: usize = 64;
/// What stands in front of the names of places inside Telegram.
const OWN_SCHEME: &str = "tg://";

/// The buttons of a message.
#[derive(Default)]
pub(super) struct Keyboard {
    /// One inline button a row.
    pub(super) inline: Vec<Value>,
    /// One key a row.
    pub(super) keys: Vec<Value>,
    /// What asks for the place, as text.
    pub(super) questions: Vec<String>,
    /// What no button can do, as lines of text.
    pub(super) lines: Vec<String>,
    /// Whether replies have the same label: what a key types would not say which one was meant.
    are_alike: bool,
}

impl Keyboard {
    /// The buttons; `part` is the path of their list.
    pub(super) fn new(part: &str, actions: &[Action], is_private: bool, out: &mut Rendered) -> Keyboard {
        let mut keyboard = Keyboard { are_alike: are_alike(actions), ..Keyboard::default() };
        if keyboard.are_alike {
            out.lose(part, "buttons below the message: keys with one label could not be told apart");
        }
        for (at, action) in actions.iter().enumerate() {
            lose_icon(&mut out.losses, &format!("{part}[{at}]"), action);
            keyboard.add(&format!("{part}[{at}]"), &label_of(at, action), action, is_private, out);
        }
        keyboard
    }

    fn add(&mut self, part: &str, label: &str, action: &Action, is_private: bool, out: &mut Rendered) {
        match action.kind {
            ActionKind::Reply if self.are_alike => {
                let data = keyed(action, label, &mut out.choices);
                self.inline.push(json!([{ "text": label, "callback_data": data }]));
            }
            ActionKind::Reply => {
                self.keys.push(json!([{ "text": label }]));
                out.choices.push(Choice {
                    kind: action.kind,
                    label: label.to_owned(),
                    payload: action.payload.clone().unwrap_or_default(),
                    key: None,
                    metadata: action.metadata.clone(),
                    shown: Shown::Key,
                });
            }
            ActionKind::LocationRequest if is_private => {
                self.keys.push(json!([{ "text": label, "request_location": true }]));
                self.questions.push(label.to_owned());
            }
            // Telegram asks nobody for their place where others listen, and refuses the message.
            ActionKind::LocationRequest => {
                self.lines.push(label.to_owned());
                out.lose(part, "its label as text");
            }
            ActionKind::Postback => {
                let data = short_payload(action, label, CALLBACK_BYTES_MAX, &mut out.choices);
                self.inline.push(json!([{ "text": label, "callback_data": data }]));
            }
            ActionKind::Link | ActionKind::Webview => match link(label, action, is_private) {
                Some(button) => self.inline.push(json!([button])),
                None => {
                    self.lines.push(link_line(action));
                    out.lose(part, "a line with the address: only web addresses can be buttons");
                }
            },
            ActionKind::Buy => {
                self.lines.push(buy_line(action));
                out.lose(part, "a line with the price, without payment");
            }
        }
    }

    /// What a single message can show: the inline buttons before the keys.
    pub(super) fn markup(&self) -> Option<Value> {
        match self.inline.as_slice() {
            [] => self.keys_markup(),
            inline => Some(json!({ "inline_keyboard": inline })),
        }
    }

    /// The keys, when a message of their own has to bring them.
    pub(super) fn second_markup(&self) -> Option<Value> {
        self.keys_markup().filter(|_| !self.inline.is_empty())
    }

    fn keys_markup(&self) -> Option<Value> {
        let markup = json!({ "keyboard": self.keys, "one_time_keyboard": true, "resize_keyboard": true });
        (!self.keys.is_empty()).then_some(markup)
    }
}

/// Whether two replies have one label, as answers are compared: without case and blanks around.
fn are_alike(actions: &[Action]) -> bool {
    let replies = actions.iter().enumerate().filter(|(_, action)| action.kind == ActionKind::Reply);
    let mut labels: Vec<String> =
        replies.map(|(at, action)| label_of(at, action).trim().to_lowercase()).collect();
    let count = labels.len();
    labels.sort_unstable();
    labels.dedup();
    labels.len() < count
}

/// A page inside Telegram where it may be one (encrypted, private chat), otherwise an address.
fn link(label: &str, action: &Action, is_private: bool) -> Option<Value> {
    let page =
        action.uri.as_deref().filter(|uri| action.kind == ActionKind::Webview && uri.starts_with("https://"));
    if let Some(url) = page.filter(|_| is_private) {
        return Some(json!({ "text": label, "web_app": { "url": url } }));
    }
    let url = address(action).filter(|uri| can_follow(uri))?;
    Some(json!({ "text": label, "url": url }))
}

/// Whether Telegram takes an address as a link: it drops telephone numbers, and makes a web address of
/// one for mail.
pub(super) fn can_follow(address: &str) -> bool {
    is_web(address) || address.starts_with(OWN_SCHEME)
}
