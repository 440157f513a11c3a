//! Webhooks: subscriptions below an integration (sunshine-v2.md §9.1).

use model::Id;
use model::event::EventType;
use model::limits::APP_WEBHOOKS_MAX;
use model::record::{AppKey, EventForm, Integration, IntegrationKey, Subscription, SubscriptionKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::rows::sweeps::{self, SweepKind};
use store::rows::{deliveries, events, subscriptions};
use store::{Ctx, Read, Tx};

use crate::error::{HubError, Result, Thing};
use crate::hub::Hub;
use crate::secret::webhook_secret;

/// The form of the webhooks that callers list, count and change. Those of other forms belong to
/// other dialects and only show themselves one by one (decision 28).
pub(crate) const LISTED_FORM: EventForm = EventForm::Sunshine;

/// The form of a channel's subscription: no list shows it, and it has its integration's id.
pub(crate) const CHANNEL_FORM: EventForm = EventForm::Channel;
/// The form in which the addresses in an app's settings are told: no list shows such a subscription, it
/// belongs to no integration, and it has no secret.
pub(crate) const SETTING_FORM: EventForm = EventForm::Exotel;

/// What a channel hears: messages, links that begin, and what the business does.
pub(crate) const CHANNEL_TRIGGERS: [EventType; 3] =
    [EventType::ConversationMessage, EventType::ClientAdd, EventType::BusinessActivity];

/// Lets a channel hear what is said on its integration from now on.
pub(crate) async fn subscribe_channel(tx: &mut Tx, ctx: &Ctx, integration: &Integration) -> Result<()> {
    let subscription = Subscription {
        key: SubscriptionKey::default(),
        id: integration.id,
        app: integration.app,
        integration: integration.key,
        form: CHANNEL_FORM,
        target: String::new(),
        triggers: trigger_bits(&CHANNEL_TRIGGERS)?,
        sealed_secret: Vec::new(),
        include_full_user: false,
        include_full_source: false,
        settled_through: events::newest(tx).await?,
        created_at: ctx.now,
    };
    subscriptions::insert(tx, &subscription).await?;
    Ok(())
}

/// A webhook that a caller wants.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookDraft {
    /// Where events are posted: an absolute http or https URL.
    pub target: String,
    /// What it wants to hear, at least one; duplicates do not count.
    pub triggers: Vec<EventType>,
    /// Whether users are shown in full.
    pub include_full_user: bool,
    /// Whether sources are shown in full.
    pub include_full_source: bool,
}

/// A webhook with its secret, which its owner may read at any time: it proves deliveries.
#[derive(Clone, PartialEq)]
pub struct WebhookView {
    /// The webhook.
    pub subscription: Subscription,
    /// Its secret: 32 hex digits.
    pub secret: String,
}

impl std::fmt::Debug for WebhookView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookView").field("subscription", &self.subscription).finish_non_exhaustive()
    }
}

impl WebhookView {
    /// What it hears, in the order of [`EventType::ALL`].
    pub fn triggers(&self) -> Vec<EventType> {
        let bits = self.subscription.triggers;
        EventType::ALL.iter().copied().filter(|kind| bits & kind.bit() != 0).collect()
    }
}

/// A checked webhook that is to be made: the inputs of the command that makes it.
pub(crate) struct WebhookSeed {
    draft: WebhookDraft,
    triggers: i64,
    sealed_secret: Vec<u8>,
}

impl WebhookSeed {
    /// Adds the webhook. It hears what happens from now on.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        app: AppKey,
        integration: IntegrationKey,
    ) -> Result<Subscription> {
        let mut subscription = Subscription {
            key: SubscriptionKey::default(),
            id: ctx.id(),
            app,
            integration,
            form: LISTED_FORM,
            target: self.draft.target.clone(),
            triggers: self.triggers,
            sealed_secret: self.sealed_secret.clone(),
            include_full_user: self.draft.include_full_user,
            include_full_source: self.draft.include_full_source,
            settled_through: events::newest(tx).await?,
            created_at: ctx.now,
        };
        subscription.key = subscriptions::insert(tx, &subscription).await?;
        Ok(subscription)
    }
}

/// The triggers as bits; at least one.
pub(crate) fn trigger_bits(triggers: &[EventType]) -> Result<i64> {
    match triggers.iter().fold(0, |bits, kind| bits | kind.bit()) {
        0 => Err(HubError::invalid("triggers: at least one is needed")),
        bits => Ok(bits),
    }
}

/// Refuses `more` webhooks if an app would have too many.
pub(crate) async fn check_room(read: &mut Read, app: AppKey, more: usize) -> Result<()> {
    let there = subscriptions::count_of_app(read, app, LISTED_FORM).await?;
    if there + more as i64 > APP_WEBHOOKS_MAX {
        return Err(HubError::TooMany { thing: Thing::Webhook, max: APP_WEBHOOKS_MAX });
    }
    Ok(())
}

/// Ends a subscription. Nothing is delivered to it any more; what waits for it is swept, since it
/// may be much.
pub(crate) async fn end(tx: &mut Tx, ctx: &Ctx, app: AppKey, key: SubscriptionKey) -> Result<()> {
    subscriptions::remove(tx, key).await?;
    sweeps::insert(tx, SweepKind::Subscription, key.0, app, None, ctx.now).await?;
    Ok(())
}

/// What a channel that is gone had still to send.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Unsent {
    /// The public id of its integration.
    pub integration: Id,
    /// Every event up to this one was settled.
    pub settled: i64,
    /// Events up to this one are looked at.
    pub after: i64,
    /// The newest event when it ended.
    pub through: i64,
}

/// Ends the subscription of a channel. The sweeper tells of each message that was not sent.
pub(crate) async fn end_channel(
    tx: &mut Tx,
    ctx: &Ctx,
    subscription: &Subscription,
    integration: &Integration,
) -> Result<()> {
    let (key, settled) = (subscription.key, subscription.settled_through);
    let first = deliveries::first_parked(tx, key).await?.unwrap_or(i64::MAX);
    let (integration, through) = (integration.id, events::newest(tx).await?);
    let rest = json!(Unsent { integration, settled, after: settled.min(first - 1), through });
    subscriptions::remove(tx, key).await?;
    sweeps::insert(tx, SweepKind::Subscription, key.0, subscription.app, Some(&rest), ctx.now).await?;
    Ok(())
}

impl Hub {
    /// Checks a draft and gives it a secret.
    pub(crate) fn webhook_seed(&self, draft: WebhookDraft) -> Result<WebhookSeed> {
        self.check_target("target", &draft.target)?;
        let triggers = trigger_bits(&draft.triggers)?;
        let sealed_secret = self.sealer().seal(&webhook_secret())?;
        Ok(WebhookSeed { draft, triggers, sealed_secret })
    }

    /// A webhook with its open secret.
    pub(crate) fn view_webhook(&self, subscription: Subscription) -> Result<WebhookView> {
        let secret = self.sealer().open(&subscription.sealed_secret)?;
        Ok(WebhookView { subscription, secret })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What a migration has written stays written: other triggers, or another kind that is a channel, need
    /// a migration that brings the channels along which are there already.
    #[test]
    fn channels_of_the_first_version_hear_what_new_ones_hear() {
        let migration = include_str!("../../../store/migrations/002-channels.sql");
        let (form, bits) = (CHANNEL_FORM.as_str(), trigger_bits(&CHANNEL_TRIGGERS).unwrap());
        assert!(migration.contains(&format!("i.k, '{form}', '', {bits}, ")), "{bits}");
        let others: Vec<String> = std::iter::once(&Integration::CUSTOM)
            .chain(Integration::MESSENGERS)
            .map(|kind| format!("'{kind}'"))
            .collect();
        let others = format!("i.kind NOT IN ({})", others.join(", "));
        assert!(migration.contains(&others), "{others}");
    }
}
