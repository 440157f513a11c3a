//! What events carry (sunshine-v2.md §9.6): one struct a shape, one file a subject.

mod client;
mod control;
mod conversation;
mod message;
mod user;

pub use client::*;
pub use control::*;
pub use conversation::*;
pub use message::*;
pub use user::*;

use super::event::Event;
use super::webhook::Trigger;
use crate::body::{BodyError, from_value};
use serde::Serialize;
use serde_json::Value;

/// The payload of an event by its trigger.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Payload {
    /// `client:add`
    ClientAdd(Box<ClientAddPayload>),
    /// `client:remove`
    ClientRemove(Box<ClientRemovePayload>),
    /// `client:update`
    ClientUpdate(Box<ClientUpdatePayload>),
    /// `conversation:create`
    ConversationCreate(Box<ConversationCreatePayload>),
    /// `conversation:join`, `conversation:leave`
    Membership(Box<MembershipPayload>),
    /// `conversation:remove`
    ConversationRemove(Box<ConversationPayload>),
    /// `conversation:message`
    Message(Box<MessagePayload>),
    /// `conversation:message:delivery:…`
    Delivery(Box<DeliveryPayload>),
    /// `conversation:postback`
    Postback(Box<PostbackPayload>),
    /// `conversation:read`, `conversation:typing`
    Activity(Box<ActivityPayload>),
    /// `conversation:referral`
    Referral(Box<ReferralPayload>),
    /// `passthrough:messaging`
    Passthrough(Box<PassthroughPayload>),
    /// `switchboard:…` without `:failure`
    Control(Box<ControlPayload>),
    /// `switchboard:…:failure`
    ControlFailure(Box<ControlFailurePayload>),
    /// `user:merge`
    UserMerge(Box<UserMergePayload>),
    /// `user:update`
    UserUpdate(Box<UserUpdatePayload>),
    /// `user:remove`
    UserRemove(Box<UserRemovePayload>),
    /// Of a trigger that is not known here; or kept as it came by [`Payload::read_or_keep`].
    Unknown(Value),
}

impl Payload {
    /// Reads the payload of an event of this trigger.
    ///
    /// # Errors
    /// [`BodyError`] when the value does not have the form that the trigger asks for.
    pub fn read(trigger: &Trigger, value: Value) -> Result<Payload, BodyError> {
        Ok(Payload::known(trigger, &value)?.unwrap_or(Payload::Unknown(value)))
    }

    /// The same, but what does not have the form that the trigger asks for is kept as [`Payload::Unknown`].
    pub fn read_or_keep(trigger: &Trigger, value: Value) -> Payload {
        Payload::known(trigger, &value).ok().flatten().unwrap_or(Payload::Unknown(value))
    }

    fn known(trigger: &Trigger, value: &Value) -> Result<Option<Payload>, BodyError> {
        use Trigger::*;
        Ok(Some(match trigger {
            ClientAdd => Payload::ClientAdd(from_value(value)?),
            ClientRemove => Payload::ClientRemove(from_value(value)?),
            ClientUpdate => Payload::ClientUpdate(from_value(value)?),
            ConversationCreate => Payload::ConversationCreate(from_value(value)?),
            ConversationJoin | ConversationLeave => Payload::Membership(from_value(value)?),
            ConversationRemove => Payload::ConversationRemove(from_value(value)?),
            ConversationMessage => Payload::Message(from_value(value)?),
            DeliveryChannel | DeliveryFailure | DeliveryUser => Payload::Delivery(from_value(value)?),
            ConversationPostback => Payload::Postback(from_value(value)?),
            ConversationRead | ConversationTyping => Payload::Activity(from_value(value)?),
            ConversationReferral => Payload::Referral(from_value(value)?),
            PassthroughMessaging => Payload::Passthrough(from_value(value)?),
            AcceptControl | OfferControl | PassControl | ReleaseControl => {
                Payload::Control(from_value(value)?)
            }
            AcceptControlFailure | OfferControlFailure | PassControlFailure => {
                Payload::ControlFailure(from_value(value)?)
            }
            UserMerge => Payload::UserMerge(from_value(value)?),
            UserUpdate => Payload::UserUpdate(from_value(value)?),
            UserRemove => Payload::UserRemove(from_value(value)?),
            Trigger::Unknown(_) => return Ok(None),
        }))
    }
}

impl Event<Value> {
    /// The same event with its payload read.
    ///
    /// # Errors
    /// [`BodyError`] when the payload does not have the form that the trigger asks for.
    pub fn typed(self) -> Result<Event<Payload>, BodyError> {
        let payload = Payload::read(&self.kind, self.payload)?;
        Ok(Event { id: self.id, created_at: self.created_at, kind: self.kind, payload })
    }

    /// The same event; a payload that does not have the form that the trigger asks for is kept as it came.
    pub fn typed_or_kept(self) -> Event<Payload> {
        let payload = Payload::read_or_keep(&self.kind, self.payload);
        Event { id: self.id, created_at: self.created_at, kind: self.kind, payload }
    }
}
