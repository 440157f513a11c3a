//! What a customer does, as a value: the same for tests, scripts, the command line and the page.

use serde::{Deserialize, Serialize};

/// What a customer does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// Writes.
    Say {
        /// What.
        text: String,
    },
    /// Sends a picture or a file.
    Media {
        /// Its bytes in base64; absent: a small picture.
        #[serde(default)]
        data: Option<String>,
        /// Its MIME type; absent: what the bytes look like.
        #[serde(default)]
        content_type: Option<String>,
        /// Its file name.
        #[serde(default)]
        name: Option<String>,
        /// A text with it.
        #[serde(default)]
        caption: Option<String>,
    },
    /// Shares a place.
    Location {
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// What is there.
        #[serde(default)]
        name: Option<String>,
        /// Its address.
        #[serde(default)]
        address: Option<String>,
    },
    /// Shares somebody's number.
    Contact {
        /// The number.
        phone_number: String,
        /// The name.
        first_name: String,
    },
    /// Presses a button: the newest with this label, in this message or in any.
    Press {
        /// What stands on it.
        button: String,
        /// The provider's id of the message.
        #[serde(default)]
        message: Option<String>,
    },
    /// Puts an emoji on a message, the business' newest when none is named.
    React {
        /// The emoji; absent: takes it away.
        #[serde(default)]
        emoji: Option<String>,
        /// The provider's id of the message.
        #[serde(default)]
        message: Option<String>,
    },
    /// Changes a text of the customer, the newest when none is named.
    Edit {
        /// The new text.
        text: String,
        /// The provider's id of the message.
        #[serde(default)]
        message: Option<String>,
    },
    /// Begins: Telegram's start button, a Messenger link, with what the link carries.
    Start {
        /// What the link carries.
        #[serde(default)]
        payload: Option<String>,
    },
    /// Reads everything; told to the business where the channel tells.
    Read,
    /// Wants to hear nothing: the STOP word of text messages, elsewhere the same as blocking.
    Stop,
    /// Wants to hear again: the START word of text messages, elsewhere the same as unblocking.
    Resume,
    /// Blocks the business.
    Block,
    /// Unblocks it.
    Unblock,
    /// Makes a supergroup of a group (Telegram): from then on it has the id of [`crate::Sim::supergroup`].
    Upgrade {
        /// Whether the business is not told, as when it has lost the update.
        #[serde(default)]
        silently: bool,
    },
    /// Sends something that the provider's documentation does not describe.
    Unknown,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// The provider's id of what the customer sent, where it is a message.
    pub message_id: Option<String>,
    /// The status that the callback was answered with at its first try; none when it was not
    /// answered, when none is registered or when the channel does not tell.
    pub status: Option<u16>,
}
