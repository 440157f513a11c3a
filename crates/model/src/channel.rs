//! What passes between the hub and the channels: what a provider told us, in the core's words, and
//! what a channel can do, as data. A channel turns bytes into these values and back; it never decides
//! what becomes of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content::{ActionKind, Content, Metadata};
use crate::error_code::ErrorCode;
use crate::time::Millis;

/// One thing that a provider told us.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// Tells a redelivery from something new; unique within the integration. For a message its own id.
    pub dedupe_key: String,
    /// A number that rises with what the provider tells and that a redelivery repeats; 0 where it gives none.
    /// What is told now is then remembered side by side, however much was told before.
    pub serial: i64,
    /// When it happened, by the provider's clock.
    pub at: Option<Millis>,
    /// Whom it concerns.
    pub person: Person,
    /// What happened.
    pub event: InboundEvent,
}

/// A customer as the channel knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// The channel's id of the person, in the form that `client.externalId` has.
    pub external_id: String,
    /// How the channel calls them.
    pub display_name: Option<String>,
    /// Given name, where the channel tells it apart.
    pub given_name: Option<String>,
    /// Surname, where the channel tells it apart.
    pub surname: Option<String>,
    /// Picture.
    pub avatar_url: Option<String>,
    /// BCP 47 tag.
    pub locale: Option<String>,
    /// Curated facts, shown as `client.info`.
    pub info: Metadata,
    /// What the channel said, shown as `client.raw`.
    pub raw: Metadata,
}

/// What happened on a channel.
#[derive(Clone, Debug, PartialEq)]
pub enum InboundEvent {
    /// The customer wrote.
    Message(InboundMessage),
    /// The business wrote to the customer past us: in the provider's own inbox, or through another program.
    Echo(InboundMessage),
    /// The customer changed a message that came before.
    Edit {
        /// The provider's id of the message.
        external_id: String,
        /// What it says now; media as in [`InboundMessage::content`].
        content: Content,
        /// Media that have to be fetched.
        media: Vec<InboundMedia>,
    },
    /// The customer took a message back.
    Delete {
        /// The provider's id of the message.
        external_id: String,
    },
    /// The customer pressed a postback button.
    Postback {
        /// The button's payload.
        payload: String,
        /// The button's label, where the channel tells it.
        label: Option<String>,
    },
    /// The customer reacted to a message.
    Reaction {
        /// The provider's id of the message.
        external_id: String,
        /// The reaction; `None` when it was taken away.
        emoji: Option<String>,
    },
    /// What became of messages that we sent.
    Receipt {
        /// Which ones.
        messages: ReceiptScope,
        /// What became of them.
        state: ReceiptState,
    },
    /// The customer starts or stops typing.
    Typing {
        /// Whether typing begins.
        starts: bool,
    },
    /// The customer has asked to hear nothing more, until they ask to hear from us again; or they ask for
    /// that. A text that said so is a message besides.
    Consent {
        /// Whether we may write.
        given: bool,
    },
    /// What we write does not reach the customer any more, until they write or press something themselves.
    Blocked,
    /// How the customer came to us.
    Referral(Value),
    /// The channel calls the person, or the group, by another id from now on.
    Moved {
        /// That id; [`Inbound::person`] has the former one.
        to: String,
    },
}

/// A message of a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundMessage {
    /// The provider's id of the message.
    pub external_id: String,
    /// What it says. A medium that has to be fetched is `MediaRef::Url` with the index of its place in
    /// [`InboundMessage::media`], written `media:0`, `media:1`, …
    pub content: Content,
    /// Media that have to be fetched, by that index.
    pub media: Vec<InboundMedia>,
    /// The provider's id of the message that it answers.
    pub quoted: Option<String>,
    /// The provider's payload, kept where the core cannot say what came: an unsupported message.
    pub original: Option<Value>,
}

/// A medium that has to be fetched from the provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboundMedia {
    /// What the channel needs to fetch it; durable until it is fetched, so without tokens of ours.
    pub reference: Value,
    /// File name, if the provider tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// MIME type, if the provider tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Size in bytes, if the provider tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// Which messages a receipt speaks of.
#[derive(Clone, Debug, PartialEq)]
pub enum ReceiptScope {
    /// These, by the provider's ids.
    Messages(Vec<String>),
    /// Every message to the person up to this moment.
    UpTo(Millis),
}

/// What became of a message that we sent. That a provider has only handed it on says nothing that its answer
/// to the send did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReceiptState {
    /// It reached the person.
    Delivered,
    /// The person has read it.
    Read,
    /// It will not arrive.
    Failed(SendError),
}

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SendError {
    /// Stable code, as `conversation:message:delivery:failure` shows it.
    pub code: ErrorCode,
    /// The provider's own code and text, for people.
    pub message: String,
}

/// A button whose press does not bring its payload back.
///
/// What comes back is either a text (numbered choices, keyboards that type for the customer) or a short
/// key in place of a payload that is too long for the channel. Whoever sends keeps the choices of a
/// message and resolves what returns with [`chosen_by_text`] and [`chosen_by_key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// `Reply`: the answer is a message with this payload. `Postback`: it is a postback.
    pub kind: ActionKind,
    /// The label as the customer sees it.
    pub label: String,
    /// What the button means.
    pub payload: String,
    /// What comes back in place of the payload, as the payload of a postback or text: [`KEY_PREFIX`] and
    /// something that depends on all that the button means and on nothing else, so a key never means two
    /// things, however old the button is. `None` for a button that comes back as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The button's own data, as large as metadata may be. A button that has some is a choice with a key even
    /// where the channel brings payloads back: several may have one payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// How the customer sees a button that comes back as text.
    #[serde(default)]
    pub shown: Shown,
}

/// What every key begins with ([`Choice::key`]); letters, digits, `-` and `_` follow.
pub const KEY_PREFIX: &str = "p:";

/// Whether what came back may be a key.
pub fn is_key(payload: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    payload.strip_prefix(KEY_PREFIX).is_some_and(|key| !key.is_empty() && key.bytes().all(plain))
}

/// How the customer sees a button that comes back as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Shown {
    /// As a line with a number.
    Numbered,
    /// As a key of a keyboard, which types the label and stays while there is no newer one.
    Key,
    /// As a button, or a row of a list, without a number.
    #[default]
    Button,
}

/// The button that a customer's text means: its label or, where numbers were shown, its number, counted from
/// 1 over them, or the whole line that was shown. Case and blanks around do not count.
pub fn chosen_by_text<'a>(choices: &'a [Choice], text: &str) -> Option<&'a Choice> {
    let said = text.trim().to_lowercase();
    let is_numbered = |choice: &&Choice| choice.key.is_none() && choice.shown == Shown::Numbered;
    let numbered = || choices.iter().filter(is_numbered);
    labelled(choices, &said, |_| true).or_else(|| {
        numbered().zip(1..).find(|(choice, number)| is_line(&said, *number, choice)).map(|(choice, _)| choice)
    })
}

/// Whether a text is a number, perhaps with what stands behind it in the line that was shown: `2`, `2.`,
/// `2)`, `2. blue`.
fn is_line(said: &str, number: usize, choice: &Choice) -> bool {
    match said.strip_prefix(&number.to_string()) {
        Some("" | "." | ")") => true,
        Some(behind) => {
            let label = behind.strip_prefix(['.', ')']).and_then(|behind| behind.strip_prefix(' '));
            label.map(str::trim) == Some(choice.label.trim().to_lowercase().as_str())
        }
        None => false,
    }
}

/// The key of a keyboard whose label a customer's text is. Case and blanks around do not count.
pub fn chosen_by_label<'a>(choices: &'a [Choice], text: &str) -> Option<&'a Choice> {
    labelled(choices, &text.trim().to_lowercase(), |choice| choice.shown == Shown::Key)
}

fn labelled<'a>(choices: &'a [Choice], said: &str, counts: fn(&Choice) -> bool) -> Option<&'a Choice> {
    // A button may have no label; blanks do not mean it.
    if said.is_empty() {
        return None;
    }
    let mut textual = choices.iter().filter(|choice| choice.key.is_none() && counts(choice));
    textual.find(|choice| choice.label.trim().to_lowercase() == said)
}

/// The button whose key came back as a payload.
pub fn chosen_by_key<'a>(choices: &'a [Choice], payload: &str) -> Option<&'a Choice> {
    choices.iter().find(|choice| choice.key.as_deref() == Some(payload))
}

/// How well a channel shows a kind of content or button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Support {
    /// In its own form.
    Native,
    /// As something simpler; the preview says what was lost.
    Fallback,
    /// Not at all: the send fails permanently and says why.
    Refused,
}

/// Kinds of content and buttons, as the table of channels lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it
pub enum Feature {
    Text,
    RichText,
    Image,
    File,
    Carousel,
    List,
    Form,
    Location,
    Template,
    Buy,
    Link,
    LocationRequest,
    Postback,
    Reply,
    Webview,
    Quote,
    Typing,
    Read,
}

impl Feature {
    /// Every feature, in the order of the table.
    pub const ALL: &'static [Feature] = &[
        Feature::Text,
        Feature::RichText,
        Feature::Image,
        Feature::File,
        Feature::Carousel,
        Feature::List,
        Feature::Form,
        Feature::Location,
        Feature::Template,
        Feature::Buy,
        Feature::Link,
        Feature::LocationRequest,
        Feature::Postback,
        Feature::Reply,
        Feature::Webview,
        Feature::Quote,
        Feature::Typing,
        Feature::Read,
    ];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Text => "text",
            Feature::RichText => "htmlText, markdownText",
            Feature::Image => "image",
            Feature::File => "file",
            Feature::Carousel => "carousel",
            Feature::List => "list",
            Feature::Form => "form",
            Feature::Location => "location",
            Feature::Template => "template",
            Feature::Buy => "buy",
            Feature::Link => "link",
            Feature::LocationRequest => "locationRequest",
            Feature::Postback => "postback",
            Feature::Reply => "reply",
            Feature::Webview => "webview",
            Feature::Quote => "quoted message",
            Feature::Typing => "typing activity",
            Feature::Read => "read activity",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(label: &str, payload: &str, key: Option<&str>) -> Choice {
        let (label, payload, key) = (label.to_owned(), payload.to_owned(), key.map(str::to_owned));
        Choice { kind: ActionKind::Reply, label, payload, key, metadata: None, shown: Shown::Numbered }
    }

    #[test]
    fn numbers_and_labels_mean_buttons() {
        let choices =
            [choice("Long", "L", Some("k:1")), choice("Red", "R", None), choice(" Größe 1 ", "G", None)];
        let text = |text| chosen_by_text(&choices, text).map(|choice| choice.payload.as_str());
        assert_eq!(text("1"), Some("R"));
        assert_eq!(text(" 2\n"), Some("G"));
        assert_eq!(text("RED "), Some("R"));
        assert_eq!(text("grÖSSe 1"), None);
        assert_eq!(text("gröẞe 1"), Some("G"));
        for line in ["2.", "2)", "2. Größe 1", "2) größe 1 "] {
            assert_eq!(text(line), Some("G"), "{line}");
        }
        for other in ["3", "0", "01", "+1", "long", "", "k:1", "2. Red", "22", "2 Größe 1", "2.5"] {
            assert_eq!(text(other), None, "{other}");
        }
        let nameless = [choice("", "N", None), choice("Red", "R", None)];
        assert_eq!(chosen_by_text(&nameless, " "), None, "blanks mean no button without a label");
        assert_eq!(chosen_by_text(&nameless, "1"), nameless.first());
        assert_eq!(chosen_by_key(&choices, "k:1").map(|choice| choice.payload.as_str()), Some("L"));
        assert_eq!(chosen_by_key(&choices, "R"), None);
        assert!(is_key("p:aZ-_9"));
        for other in ["", "p:", "P:a", "p:a%", "p:a\\", "a"] {
            assert!(!is_key(other), "{other}");
        }
    }

    #[test]
    fn a_label_wins_over_a_number() {
        let choices = [choice("2", "two", None), choice("1", "one", None)];
        assert_eq!(chosen_by_text(&choices, "1").map(|choice| choice.payload.as_str()), Some("one"));
    }

    #[test]
    fn numbers_count_only_where_they_are_shown() {
        for shown in [Shown::Key, Shown::Button] {
            let choices = [Choice { shown, ..choice("Red", "R", None) }];
            assert_eq!(chosen_by_text(&choices, "1"), None);
            assert_eq!(chosen_by_text(&choices, "red"), choices.first());
            let by_label = chosen_by_label(&choices, " RED");
            assert_eq!(by_label, choices.first().filter(|_| shown == Shown::Key));
        }
    }
}
