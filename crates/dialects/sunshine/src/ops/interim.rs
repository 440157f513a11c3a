//! Interim.
use hub::{AppDraft, IntegrationDraft, MemberDraft, SwitchboardPatch, Thing, UserDraft, WebhookDraft};
use model::event::EventType;
use model::patch::Patch;
use serde_json::{Value, json};

use crate::http::call::{AppCall, CallerCall};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

fn s(v: &Value, k: &str) -> Option<String> {
    v.get(k).and_then(Value::as_str).map(str::to_owned)
}

pub(crate) async fn create_app(call: CallerCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let draft = AppDraft { name: s(&b, "displayName").unwrap_or_default(), ..AppDraft::default() };
    let app = call.request.hub.create_app(&call.caller, call.once.clone(), draft).await?;
    Ok(Reply::created(
        &json!({"app": {"id": app.id.to_string(), "displayName": app.name, "settings": {}, "metadata": {}}}),
    ))
}
pub(crate) async fn create_integration(call: AppCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let webhooks = b["webhooks"]
        .as_array()
        .cloned()
        .unwrap_or_default()
        .iter()
        .map(|w| WebhookDraft {
            target: s(w, "target").unwrap_or_default(),
            triggers: w["triggers"]
                .as_array()
                .cloned()
                .unwrap_or_default()
                .iter()
                .filter_map(|t| EventType::from_name(t.as_str()?))
                .collect(),
            include_full_user: false,
            include_full_source: false,
        })
        .collect();
    let draft = IntegrationDraft { kind: "custom".into(), webhooks, ..IntegrationDraft::default() };
    let v = call.request.hub.create_integration(&call.grant, draft).await?;
    Ok(Reply::created(
        &json!({"integration": {"id": v.integration.id.to_string(), "type": "custom", "status": "active"}}),
    ))
}
pub(crate) async fn create_switchboard(call: AppCall) -> Result<Reply> {
    let v = call.request.hub.create_switchboard(&call.grant).await?;
    Ok(Reply::created(
        &json!({"switchboard": {"id": v.switchboard.id.to_string(), "enabled": v.switchboard.enabled}}),
    ))
}
pub(crate) async fn update_switchboard(call: AppCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let id = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let patch = SwitchboardPatch {
        enabled: b["enabled"].as_bool(),
        default: s(&b, "defaultSwitchboardIntegrationId").map_or(Patch::Keep, Patch::Set),
    };
    let v = call.request.hub.update_switchboard(&call.grant, id, patch).await?;
    Ok(Reply::ok(
        &json!({"switchboard": {"id": v.switchboard.id.to_string(), "enabled": v.switchboard.enabled}}),
    ))
}
pub(crate) async fn create_member(call: AppCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let id = call.request.params.id("switchboardId", Thing::Switchboard)?;
    let draft = MemberDraft {
        name: s(&b, "name").unwrap_or_default(),
        integration_id: s(&b, "integrationId"),
        integration_type: None,
        deliver_standby_events: b["deliverStandbyEvents"].as_bool().unwrap_or(true),
        next: s(&b, "nextSwitchboardIntegrationId"),
        message_history_count: None,
    };
    let v = call.request.hub.create_switchboard_integration(&call.grant, id, draft).await?;
    Ok(Reply::created(
        &json!({"switchboardIntegration": {"id": v.member.id.to_string(), "name": v.member.name}}),
    ))
}
pub(crate) async fn create_user(call: AppCall) -> Result<Reply> {
    let b: Value = call.request.json()?;
    let draft = UserDraft { external_id: s(&b, "externalId"), ..UserDraft::default() };
    let v = call.request.hub.create_user(&call.grant, draft).await?;
    Ok(Reply::created(&json!({"user": show::user::user(&v)})))
}
