//! Why things happened, as events keep it: a closed set for each family of events, so that no event can
//! have the reason of another. Dialects have words of their own for them.

use serde::{Deserialize, Serialize};

/// Why something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Why a conversation began.
    Creation(CreationReason),
    /// Why a client was added.
    ClientAdd(ClientAddReason),
    /// Why a client was removed.
    ClientRemove(ClientRemoveReason),
    /// How a client changed.
    ClientUpdate(ClientUpdateReason),
    /// Why two users became one.
    UserMerge(UserMergeReason),
    /// How a user changed.
    UserUpdate(UserUpdateReason),
    /// Why control was passed or released.
    Control(ControlReason),
}

/// Why a conversation began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CreationReason {
    /// A caller wanted it.
    #[default]
    ByCaller,
    /// The customer has written.
    Message,
    /// The customer has done something that is no message.
    StartConversation,
    /// A link was confirmed and had no conversation any more.
    LinkRequest,
}

/// Why a client was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientAddReason {
    /// A caller wants the user to be linked to a channel.
    ChannelLinking,
}

/// Why a client was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientRemoveReason {
    /// A caller wanted it.
    ByCaller,
    /// Its link was given up: for another one, or by the person.
    LinkCancelled,
    /// Its link came to nothing.
    LinkFailed,
    /// The channel's identity is another user's.
    Theft,
}

/// How a client changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientUpdateReason {
    /// The channel has found the person of a link.
    Matched,
    /// The link is complete.
    Confirmed,
    /// The person does not want to hear from us.
    Blocked,
    /// The person wants to hear from us again.
    Unblocked,
}

/// Why two users became one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserMergeReason {
    /// A caller wanted it.
    ByCaller,
    /// A channel's identity was both of theirs.
    ChannelLinking,
}

/// How a user changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserUpdateReason {
    /// A channel has told the language.
    LocaleDetection,
}

/// Why control was passed or released, as the caller said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ControlReason {
    /// The matter is settled.
    TicketClosed,
    /// It goes on by mail.
    TransferToEmail,
}
