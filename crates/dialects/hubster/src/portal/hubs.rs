//! Hubs: apps of the core (hubster.md §2.2).

use hub::{AppDraft, AppPatch, SettingsPatch};
use model::patch::Patch;
use model::record::App;
use wire::hubster::codes;
use wire::hubster::types::{Hub as WireHub, status as numbers};

use super::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, status};
use crate::http::call::PortalCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::read::{self, Check, Fields, PORTAL};

fn shown(app: &App, tenant_id: &str) -> WireHub {
    WireHub {
        hub_id: app.id.to_guid(),
        tenant_id: tenant_id.to_owned(),
        name: app.name.clone(),
        description: app.settings.description.clone(),
        close_dormant_conversation: app.settings.auto_close_days,
        status_id: if app.settings.paused { numbers::HUB_PAUSED } else { numbers::HUB_ACTIVE },
        created: None,
        modified: None,
    }
}

async fn tenant_id(call: &PortalCall) -> Result<String> {
    Ok(call.request.hub.own_account(&call.caller).await?.id.to_guid())
}

/// What create and update have in common.
fn settings(check: &mut Check, fields: &Fields<'_>) -> SettingsPatch {
    let auto_close_days = match check.integer(fields, "closeDormantConversation") {
        None => Patch::Keep,
        Some(0) => Patch::Clear,
        Some(days) if days < 0 => {
            let text = "Value 'closeDormantConversation' must be greater than or equal to 0.";
            check.fail(codes::MUST_NOT_BE_NEGATIVE, text);
            Patch::Keep
        }
        Some(days) => Patch::Set(days),
    };
    let paused = status(check, fields, numbers::HUB_ACTIVE, numbers::HUB_PAUSED);
    SettingsPatch { auto_close_days, paused, ..SettingsPatch::default() }
}

/// `POST /api/v1/hubs`
pub(crate) async fn create(call: PortalCall) -> Result<Reply> {
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let name = check.required_text(&fields, "name", NAME_CHARS_MAX);
    let description = check.required_text(&fields, "description", DESCRIPTION_CHARS_MAX);
    let settings = settings(&mut check, &fields);
    check.done()?;
    let (Some(name), Some(description)) = (name, description) else { return Err(check.refuse()) };
    let settings = SettingsPatch { description: Patch::Set(description), ..settings };
    let draft = AppDraft { name, settings, unique_name: true, ..AppDraft::default() };
    let app = call.request.hub.create_app(&call.caller, None, draft).await?;
    Ok(Reply::ok(&shown(&app, &tenant_id(&call).await?)))
}

/// `PUT /api/v1/hubs/{hubId}`: only what is given changes.
pub(crate) async fn update(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("hubId").await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let name = check.text_if_given(&fields, "name", NAME_CHARS_MAX);
    let description = check.text(&fields, "description", DESCRIPTION_CHARS_MAX);
    let settings = settings(&mut check, &fields);
    check.done()?;
    let settings = SettingsPatch { description: description.map_or(Patch::Keep, Patch::Set), ..settings };
    let patch = AppPatch { name, settings, unique_name: true, ..AppPatch::default() };
    let app = call.request.hub.update_app(&grant, patch).await?;
    Ok(Reply::ok(&shown(&app, &tenant_id(&call).await?)))
}

/// `DELETE /api/v1/hubs/{hubId}`
pub(crate) async fn delete(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("hubId").await?;
    call.request.hub.delete_app(&grant).await?;
    Ok(Reply::empty())
}

/// `GET /api/v1/hubs/{hubId}`
pub(crate) async fn get(call: PortalCall) -> Result<Reply> {
    let grant = call.hub_of("hubId").await?;
    Ok(Reply::ok(&shown(&grant.app, &tenant_id(&call).await?)))
}

/// `GET /api/v1/hubs`
pub(crate) async fn list(call: PortalCall) -> Result<Reply> {
    let page = call.request.query.page()?;
    let tenant_id = tenant_id(&call).await?;
    let apps = call.request.hub.list_all_apps(&call.caller).await?;
    Ok(Reply::ok(&page.cut(apps.iter().map(|app| shown(app, &tenant_id)).collect())))
}
