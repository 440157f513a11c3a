//! Endpoints: integrations that are reached by our own sockets and webhooks.

mod create;
#[cfg(test)]
mod tests;
mod update;

pub use create::{EndpointDraft, EndpointSettings};
pub use update::EndpointPatch;

use model::event::EventType;
use model::record::{Endpoint, EventForm, Integration, Role, Subscription, SubscriptionKey};
use store::rows::{events, subscriptions};
use store::{Ctx, Tx};

use crate::error::Result;
use crate::hub::Hub;
use crate::rules::webhooks;

/// What an endpoint is told about: what is said, and what is done or signalled.
const HEARD: [EventType; 6] = [
    EventType::ConversationMessage,
    EventType::ConversationPostback,
    EventType::ConversationRead,
    EventType::ConversationTyping,
    EventType::BusinessActivity,
    EventType::Signal,
];
/// The same for one that only listens.
const LISTENED: [EventType; 2] = [EventType::ConversationMessage, EventType::ConversationPostback];

/// What an endpoint of this role is told about, as bits of event types.
pub fn endpoint_triggers(role: Role) -> i64 {
    let heard = if role == Role::Listener { &LISTENED[..] } else { &HEARD };
    heard.iter().fold(0, |bits, kind| bits | kind.bit())
}

/// A pair of signing keys, sealed; the same length and spelling for both halves.
pub(crate) struct SigningPair {
    pub public: String,
    pub sealed_private: Vec<u8>,
}

impl Hub {
    /// A new pair of signing keys.
    pub(crate) fn signing_pair(&self) -> Result<SigningPair> {
        let sealed_private = self.sealer().seal(&crate::secret::signing_half())?;
        Ok(SigningPair { public: crate::secret::signing_half(), sealed_private })
    }
}

/// Makes the subscription of an endpoint what the endpoint says: one while it has a target, in the
/// form of its dialect, signed with its private key.
async fn subscribe(
    tx: &mut Tx,
    ctx: &Ctx,
    integration: &Integration,
    endpoint: &Endpoint,
    form: EventForm,
) -> Result<()> {
    // The integration may have webhooks of other dialects besides.
    let known = subscriptions::oldest_in_form(tx, integration.key, form).await?;
    let key = endpoint.sealed_private_key.as_ref();
    let (Some(target), Some(secret)) = (&endpoint.target, key) else {
        if let Some(known) = known {
            webhooks::end(tx, ctx, integration.app, known.key).await?;
        }
        return Ok(());
    };
    match known {
        Some(mut known) => {
            known.target.clone_from(target);
            subscriptions::update(tx, &known).await?;
            subscriptions::set_secret(tx, known.key, secret).await?;
        }
        None => {
            let subscription = Subscription {
                key: SubscriptionKey::default(),
                id: ctx.id(),
                app: integration.app,
                integration: integration.key,
                form,
                target: target.clone(),
                triggers: endpoint_triggers(endpoint.role),
                sealed_secret: secret.clone(),
                include_full_user: false,
                include_full_source: false,
                settled_through: events::newest(tx).await?,
                created_at: ctx.now,
            };
            subscriptions::insert(tx, &subscription).await?;
        }
    }
    Ok(())
}

/// The core's type of an integration through which this role speaks.
fn kind_of(role: Role) -> &'static str {
    match role {
        Role::Customer => Integration::WEB,
        Role::Agent | Role::Bot | Role::Listener => Integration::CUSTOM,
    }
}
