//! Webhooks (sunshine-v2.md §9.1).

use hub::{WebhookDraft, WebhookPatch};
use model::event::EventType;
use wire::sunshine::types::{Trigger, WebhookCreateBody, WebhookUpdateBody};

use super::{At, Checked, refuse, url};

/// A webhook that is to be made.
pub(crate) fn create(body: WebhookCreateBody) -> Checked<WebhookDraft> {
    url::web(&body.target).at("target")?;
    Ok(WebhookDraft {
        target: body.target,
        triggers: triggers(&body.triggers).at("triggers")?,
        include_full_user: body.include_full_user.unwrap_or(false),
        include_full_source: body.include_full_source.unwrap_or(false),
    })
}

/// A change of a webhook.
pub(crate) fn update(body: WebhookUpdateBody) -> Checked<WebhookPatch> {
    if let Some(target) = &body.target {
        url::web(target).at("target")?;
    }
    Ok(WebhookPatch {
        target: body.target,
        triggers: body.triggers.as_deref().map(triggers).transpose().at("triggers")?,
        include_full_user: body.include_full_user,
        include_full_source: body.include_full_source,
    })
}

fn triggers(names: &[Trigger]) -> Checked<Vec<EventType>> {
    if names.is_empty() {
        return refuse("at least one is needed");
    }
    let known = |name: &Trigger| match EventType::from_name(name.as_str()) {
        Some(event) => Ok(event),
        None => refuse(format!("there is no trigger {:?}", name.as_str())),
    };
    names.iter().map(known).collect()
}
