//! Events: what happened, told to every subscriber that may know.

mod reason;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::reason::{
    ClientAddReason, ClientRemoveReason, ClientUpdateReason, ControlReason, CreationReason, Reason,
    UserMergeReason, UserUpdateReason,
};
use crate::content::Metadata;
use crate::error_code::ErrorCode;
use crate::id::Id;
use crate::record::{Client, User};

macro_rules! event_types {
    (
        told { $($(#[$doc:meta])* $name:ident = $code:literal, $trigger:literal;)* }
        inner { $($(#[$inner_doc:meta])* $inner:ident = $inner_code:literal, $inner_name:literal;)* }
    ) => {
        /// What happened. The number stands in the event row, the name is the trigger's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i64)]
        pub enum EventType { $($(#[$doc])* $name = $code,)* $($(#[$inner_doc])* $inner = $inner_code,)* }

        impl EventType {
            /// Every type that a subscription can ask for.
            pub const ALL: &'static [EventType] = &[$(EventType::$name),*];
            /// Types for channels, endpoints and the addresses in settings only: no caller hears or names
            /// them.
            pub const INNER: &'static [EventType] = &[$(EventType::$inner),*];

            /// The name under which subscriptions ask for it.
            pub fn name(self) -> &'static str {
                match self { $(EventType::$name => $trigger,)* $(EventType::$inner => $inner_name),* }
            }
        }
    };
}

event_types! {
    told {
    /// A client was added to a user.
    ClientAdd = 1, "client:add";
    /// A client was removed.
    ClientRemove = 2, "client:remove";
    /// A client changed its state.
    ClientUpdate = 3, "client:update";
    /// A conversation began.
    ConversationCreate = 4, "conversation:create";
    /// A user joined a group.
    ConversationJoin = 5, "conversation:join";
    /// A user left a group.
    ConversationLeave = 6, "conversation:leave";
    /// A conversation was deleted.
    ConversationRemove = 7, "conversation:remove";
    /// A message was added.
    ConversationMessage = 8, "conversation:message";
    /// A channel accepted a message.
    DeliveryChannel = 9, "conversation:message:delivery:channel";
    /// A message could not be delivered.
    DeliveryFailure = 10, "conversation:message:delivery:failure";
    /// A message reached the person.
    DeliveryUser = 11, "conversation:message:delivery:user";
    /// A postback button was pressed.
    ConversationPostback = 12, "conversation:postback";
    /// The customer has read.
    ConversationRead = 13, "conversation:read";
    /// The customer came by a referral.
    ConversationReferral = 14, "conversation:referral";
    /// The customer starts or stops typing.
    ConversationTyping = 15, "conversation:typing";
    /// A channel's own payload.
    Passthrough = 16, "passthrough:messaging";
    /// Control was accepted.
    AcceptControl = 17, "switchboard:acceptControl";
    /// An accept was refused.
    AcceptControlFailure = 18, "switchboard:acceptControl:failure";
    /// Control was offered.
    OfferControl = 19, "switchboard:offerControl";
    /// An offer was refused.
    OfferControlFailure = 20, "switchboard:offerControl:failure";
    /// Control was passed.
    PassControl = 21, "switchboard:passControl";
    /// A pass was refused.
    PassControlFailure = 22, "switchboard:passControl:failure";
    /// Control was released.
    ReleaseControl = 23, "switchboard:releaseControl";
    /// Two users became one.
    UserMerge = 24, "user:merge";
    /// A user was deleted.
    UserRemove = 25, "user:remove";
    /// A user was identified.
    UserUpdate = 26, "user:update";
    }
    inner {
    /// The business types or has read: told to the customer's channel.
    BusinessActivity = 27, "business:activity";
    /// A customer's message opened a conversation, or opened it again.
    ConversationOpen = 40, "conversation:open";
    /// Nobody answered a conversation in time after it was opened.
    ConversationUnanswered = 41, "conversation:unanswered";
    /// The customer has read a message of the business.
    MessageRead = 42, "conversation:message:read";
    /// One side hands the other something that is not kept: told to endpoints.
    Signal = 28, "signal";
    }
}

impl EventType {
    /// Reads the stored number.
    pub fn from_code(code: i64) -> Option<EventType> {
        EventType::ALL.iter().chain(EventType::INNER).copied().find(|event| *event as i64 == code)
    }

    /// Reads the trigger's name, case-sensitive.
    pub fn from_name(name: &str) -> Option<EventType> {
        EventType::ALL.iter().copied().find(|event| event.name() == name)
    }

    /// Its place in a set of triggers kept as bits.
    pub fn bit(self) -> i64 {
        1 << (self as i64)
    }
}

/// What an event's payload needs and no living row keeps (decision 9). Small; absent for plain
/// messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventDetail {
    /// Why it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The caller's own data on a control action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<EventError>,
    /// Seat that was active before the event; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_active: Option<i64>,
    /// Seat that was pending before the event; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_pending: Option<i64>,
    /// Seat of the integration that called, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<i64>,
    /// Seat that the action aimed at; its copy carries the message history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<i64>,
    /// What somebody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityKind>,
    /// Where it came from; absent for the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Last state of a removed user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<User>>,
    /// Last state of a removed client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Box<Client>>,
    /// Last state of a removed conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<RemovedConversation>,
    /// What a merge united.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<Box<MergeDetail>>,
    /// What a delivery event says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryDetail>,
    /// A button that was pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postback: Option<Postback>,
    /// How the customer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Value>,
    /// A channel's own payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passthrough: Option<Value>,
    /// The integration behind what the business does or signals; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Id>,
    /// The sender's own id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What is handed over without being kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<Box<Signal>>,
}

/// What somebody does in a conversation that is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActivityKind {
    /// Has read everything.
    Read,
    /// Begins to type.
    TypingStart,
    /// Stops typing.
    TypingStop,
}

impl ActivityKind {
    /// Whether it is about typing.
    pub fn is_typing(self) -> bool {
        self != ActivityKind::Read
    }
}

/// What one side of a conversation hands the other without its being kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signal {
    /// Who gets it.
    pub receiver: SignalReceiver,
    /// Whether it is shown as a message; otherwise it is an event.
    pub is_message: bool,
    /// As its author wrote it.
    pub body: Value,
}

/// Who gets a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignalReceiver {
    /// The customer.
    Customer,
    /// Whoever answers.
    Business,
    /// One integration, whether it is in control or not.
    Endpoint(Id),
}

/// What went wrong, as an event tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventError {
    /// Stable code.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
}

/// A button that was pressed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Postback {
    /// The button's payload.
    pub payload: String,
    /// The button's own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// Where a message or activity came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Channel type, platform or `api:conversations`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The channel integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<Id>,
    /// The channel's id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_message_id: Option<String>,
    /// The channel's time of the message, Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_message_time: Option<i64>,
    /// The client through which it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Id>,
    /// The device from which it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Id>,
}

/// What a removed conversation was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovedConversation {
    /// Its id.
    pub id: Id,
    /// Whether it was a group.
    pub group: bool,
    /// Its own data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// What a merge of two users united.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeDetail {
    /// The user that stays.
    pub surviving: User,
    /// The user that is gone, as it was.
    pub discarded: User,
    /// Default conversations that became one: surviving, discarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversations: Option<(RemovedConversation, RemovedConversation)>,
    /// A pending client that fell onto an existing one: surviving, discarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<(Client, Client)>,
    /// Metadata that found no room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discarded_metadata: Option<Metadata>,
}

/// What became of one message at one destination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDetail {
    /// Channel or platform.
    pub destination_type: String,
    /// The channel integration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_id: Option<Id>,
    /// The channel's ids of the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<String>,
    /// Whether no further event about this message and destination will come.
    pub is_final: bool,
}
