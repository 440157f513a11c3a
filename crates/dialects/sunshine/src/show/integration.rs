//! Integrations: the fields of every type from one table (sunshine-v2.md §10.1).

use hub::{IntegrationView, ResponderView};
use model::record::IntegrationStatus;
use serde_json::{Map, Value};
use wire::sunshine::integrations::SECRET_MASK;
use wire::sunshine::types::{self, DefaultResponder, IntegrationType};
use wire::sunshine::{FieldKind, IntegrationField, integration_type};

use super::webhook;

/// An integration. Secrets never come back; a few are masked, since some readers want a text there.
pub(crate) fn integration(view: &IntegrationView) -> types::Integration {
    let integration = &view.integration;
    let fields = integration_type(&integration.kind).into_iter().flat_map(|kind| kind.fields());
    let shown = fields.filter_map(|field| Some((field.name.to_owned(), value(view, field)?)));
    types::Integration {
        id: integration.id.to_string(),
        kind: IntegrationType::from(integration.kind.as_str()),
        status: Some(status(integration.status)),
        display_name: integration.name.clone(),
        fields: shown.chain(health(view)).collect::<Map<String, Value>>(),
    }
}

/// How it does at its provider: a field of ours, only where there is something to say.
fn health(view: &IntegrationView) -> Option<(String, Value)> {
    let IntegrationView { integration, health_reason, .. } = view;
    if health_reason.is_none() && integration.last_good_at.is_none() {
        return None;
    }
    let health = types::IntegrationHealth {
        reason: health_reason.clone(),
        last_good_at: integration.last_good_at.map(|at| at.to_string()),
    };
    Some(("health".to_owned(), serde_json::to_value(health).ok()?))
}

fn status(status: IntegrationStatus) -> types::IntegrationStatus {
    match status {
        IntegrationStatus::Active => types::IntegrationStatus::Active,
        // One that is paused works again when its owner says so; the vendor has no other word for it.
        IntegrationStatus::Inactive | IntegrationStatus::Paused => types::IntegrationStatus::Inactive,
        IntegrationStatus::Error => types::IntegrationStatus::Error,
    }
}

/// What a reply shows of a field, if anything.
fn value(view: &IntegrationView, field: &IntegrationField) -> Option<Value> {
    if field.masked {
        return Some(Value::from(SECRET_MASK));
    }
    if field.write_only || field.secret {
        return None;
    }
    match (field.kind, field.name) {
        (FieldKind::Webhooks, _) => Some(webhooks(view)),
        (_, "defaultResponder") => view.responder.as_ref().and_then(responder),
        (_, name) => {
            let set = view.integration.config.get(name).cloned();
            set.or_else(|| field.default.and_then(|default| serde_json::from_str(default).ok()))
        }
    }
}

/// Readers want exactly one webhook here; without any they get what is there.
fn webhooks(view: &IntegrationView) -> Value {
    let oldest = view.webhook.as_ref().and_then(|view| serde_json::to_value(webhook::webhook(view)).ok());
    Value::Array(oldest.into_iter().collect())
}

fn responder(view: &ResponderView) -> Option<Value> {
    let ResponderView { member, inherited } = view;
    let shown = DefaultResponder {
        name: Some(member.member.name.clone()),
        integration_id: Some(member.member.integration_id.to_string()),
        integration_type: Some(member.member.integration_type.clone()),
        deliver_standby_events: Some(member.member.deliver_standby_events),
        next_switchboard_integration_id: member.next_id.map(|id| id.to_string()),
        message_history_count: member.member.message_history_count.map(Into::into),
        inherited: Some(*inherited),
    };
    serde_json::to_value(shown).ok()
}
