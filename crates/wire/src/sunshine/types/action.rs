//! Buttons (sunshine-v2.md §6.3).

use crate::string_enum::string_enum;
use crate::union::tagged_union;
use serde::{Deserialize, Serialize};

use super::Metadata;

tagged_union! {
    /// A button.
    pub enum Action {
        /// Pays.
        Buy(Buy) = "buy",
        /// Opens an address.
        Link(Link) = "link",
        /// Asks where the customer is; not in items.
        LocationRequest(LocationRequest) = "locationRequest",
        /// Sends a payload back without a message.
        Postback(Postback) = "postback",
        /// Sends its text as a message; not in items.
        Reply(Reply) = "reply",
        /// Opens an address inside the channel.
        Webview(Webview) = "webview",
    }
}

/// Pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Buy {
    /// What it says.
    pub text: String,
    /// In cents.
    pub amount: i64,
    /// Lower-case ISO 4217; `usd` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Opens an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// The address.
    pub uri: String,
    /// What it says.
    pub text: String,
    /// Whether it is the default of its item on Messenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What only one channel knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_channel_options: Option<ExtraChannelOptions>,
}

/// Asks where the customer is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LocationRequest {
    /// What it says.
    pub text: String,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Sends a payload back without a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Postback {
    /// What it says.
    pub text: String,
    /// What is sent back.
    pub payload: String,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Sends its text as a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// What it says.
    pub text: String,
    /// Comes with the message.
    pub payload: String,
    /// Comes with the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
}

/// Opens an address inside the channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webview {
    /// The address.
    pub uri: String,
    /// What it says.
    pub text: String,
    /// Whether it is the default of its item on Messenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Custom properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What only one channel knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_channel_options: Option<ExtraChannelOptions>,
    /// How much of the screen it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<WebviewSize>,
    /// The address where the channel has no webviews.
    pub fallback: String,
    /// Whether it opens by itself; one a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_on_receive: Option<bool>,
}

/// What only one channel knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExtraChannelOptions {
    /// For Messenger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messenger: Option<MessengerOptions>,
}

/// What only Messenger knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessengerOptions {
    /// Whether its extensions are on; false when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messenger_extensions: Option<bool>,
    /// `hide` to hide the share button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webview_share_button: Option<String>,
}

string_enum! {
    /// How much of the screen a webview takes.
    pub enum WebviewSize {
        Compact = "compact",
        Tall = "tall",
        Full = "full",
    }
}
