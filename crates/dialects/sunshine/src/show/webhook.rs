//! Webhooks (sunshine-v2.md §9.1).

use hub::WebhookView;
use wire::Secret;
use wire::sunshine::types::{self, Trigger};

/// The version of the events that are sent.
const VERSION: &str = "v2";

/// A webhook with its secret, with which its owner checks deliveries.
pub(crate) fn webhook(view: &WebhookView) -> types::Webhook {
    let subscription = &view.subscription;
    types::Webhook {
        id: subscription.id.to_string(),
        version: Some(VERSION.to_owned()),
        target: subscription.target.clone(),
        triggers: view.triggers().into_iter().map(|kind| Trigger::from(kind.name())).collect(),
        secret: Some(Secret::new(view.secret.as_str())),
        include_full_user: subscription.include_full_user,
        include_full_source: subscription.include_full_source,
    }
}
