//! Changes a webhook; its secret stays.

use std::sync::Arc;

use model::Id;
use model::event::EventType;
use model::record::{AppKey, Subscription};
use store::rows::subscriptions;
use store::{Command, Ctx, Tx};

use super::find_changeable;
use crate::access::{Caller, Grant};
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::find_webhook_owner;
use crate::rules::webhooks::{WebhookView, trigger_bits};

/// A change of a webhook; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebhookPatch {
    /// Where events are posted.
    pub target: Option<String>,
    /// What it wants to hear, at least one.
    pub triggers: Option<Vec<EventType>>,
    /// Whether users are shown in full.
    pub include_full_user: Option<bool>,
    /// Whether sources are shown in full.
    pub include_full_source: Option<bool>,
}

struct UpdateWebhook {
    app: AppKey,
    caller: Arc<Caller>,
    integration: Id,
    webhook: Id,
    patch: WebhookPatch,
    triggers: Option<i64>,
}

impl Command for UpdateWebhook {
    type Out = Subscription;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<Subscription> {
        let owner = find_webhook_owner(tx, self.app, &self.caller, self.integration).await?;
        let mut webhook = find_changeable(tx, owner.key, self.webhook).await?;
        let patch = &self.patch;
        if let Some(target) = &patch.target {
            webhook.target.clone_from(target);
        }
        webhook.triggers = self.triggers.unwrap_or(webhook.triggers);
        webhook.include_full_user = patch.include_full_user.unwrap_or(webhook.include_full_user);
        webhook.include_full_source = patch.include_full_source.unwrap_or(webhook.include_full_source);
        subscriptions::update(tx, &webhook).await?;
        Ok(webhook)
    }
}

impl Hub {
    /// Changes a webhook. What waits for it goes to the new target.
    ///
    /// # Errors
    /// `NotFound` for an unknown integration or webhook, `Forbidden` for a webhook of another API or,
    /// under integration scope, for another integration's, `Invalid` as [`Hub::create_webhook`].
    pub async fn update_webhook(
        &self,
        grant: &Grant,
        integration: Id,
        webhook: Id,
        patch: WebhookPatch,
    ) -> Result<WebhookView> {
        // Who may not is told so before what is wrong with the body.
        self.webhook(grant, integration, webhook).await?;
        if let Some(target) = &patch.target {
            self.check_target("target", target)?;
        }
        let triggers = patch.triggers.as_deref().map(trigger_bits).transpose()?;
        let (app, caller) = (grant.app.key, grant.caller.clone());
        let command = UpdateWebhook { app, caller, integration, webhook, patch, triggers };
        let changed = self.run(command).await?;
        self.view_webhook(changed)
    }
}
