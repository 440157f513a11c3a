//! Integrations (hubster.md §4).

mod configuration;
mod draft;
mod show;

use hub::{
    Claims, EndpointDraft, EndpointPatch, EndpointSettings, EndpointView, Grant, Hub, HubError,
    IntegrationDraft, Thing, to_its_end,
};
use model::Id;
use model::record::Role;
use wire::hubster::types::{ChannelType, status as numbers};

use self::configuration::{Configuration, Provider};
use self::show::{Case, channel_of, integration, secrets_masked};
use super::{NAME_CHARS_MAX, status};
use crate::FORM;
use crate::http::call::{PortalCall, named};
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::read::{self, Check, Fields, PORTAL};
use wire::hubster::codes;

/// `POST /api/v1/integrations/hubs/{id}`: one pattern for two operations. What the id names tells them
/// apart (hubster.md §2, P9 against P10).
pub(crate) async fn create_or_update(call: PortalCall) -> Result<Reply> {
    let Some(id) = call.request.named("id")?.id() else { return Err(neither(&call)) };
    match call.request.hub.grant(call.caller.clone(), id).await {
        Ok(grant) => create(call, grant).await,
        Err(HubError::NotFound(_)) => match call.request.hub.grant_for_integration(&call.caller, id).await {
            Ok(grant) => change(call, grant, id).await,
            Err(HubError::NotFound(_)) => Err(neither(&call)),
            Err(other) => Err(other.into()),
        },
        Err(other) => Err(other.into()),
    }
}

/// The id names neither a hub nor an integration: the body tells which of them was meant.
fn neither(call: &PortalCall) -> ApiError {
    let body = read::body(&call.request.bytes, &PORTAL).ok();
    let creates = body.is_some_and(|body| Fields::of(&body).has("channelId"));
    HubError::NotFound(if creates { Thing::App } else { Thing::Integration }).into()
}

async fn create(call: PortalCall, grant: Grant) -> Result<Reply> {
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let channel = draft::channel(&mut check, &fields);
    let name = check.required_text(&fields, "name", NAME_CHARS_MAX);
    let paused = status(&mut check, &fields, numbers::INTEGRATION_ACTIVE, numbers::INTEGRATION_PAUSED);
    if !fields.has("configuration") {
        check.missing(&fields, "configuration");
    }
    let given = check.object(&fields, "configuration");
    let read = channel.as_ref().zip(given.as_ref());
    let configuration = read.and_then(|(channel, given)| configuration::read(&mut check, channel, given));
    check.done()?;
    let (Some(channel), Some(name), Some(configuration)) = (channel, name, configuration) else {
        return Err(check.refuse());
    };
    let hub = &call.request.hub;
    let paused = paused.unwrap_or_default();
    let unavailable = || {
        let text = format!("Integrations of channel '{channel}' cannot be made on this server.");
        ApiError::of(codes::NOT_IMPLEMENTED, text)
    };
    // What stands against it is told at once, before a provider is asked for anything.
    let obstacles = hub.obstacles(&grant, claims(&name, &configuration)).await?;
    if !obstacles.is_empty() {
        return Err(ApiError::Several(obstacles));
    }
    let view = match configuration {
        Configuration::Endpoint { role, settings } => {
            let draft = draft::endpoint(&channel, name, paused, role, settings);
            hub.create_endpoint(&grant, draft).await?
        }
        Configuration::Provider(Provider { kind, config, secrets, account }) => {
            let draft = IntegrationDraft {
                kind: kind.to_owned(),
                name: Some(name),
                config,
                secrets,
                account,
                account_setting: (channel == ChannelType::Messenger).then_some("pageId"),
                paused,
                unique_name: true,
                ..IntegrationDraft::default()
            };
            let made = hub.create_integration(&grant, draft).await?;
            hub.endpoint(&grant, made.integration.id).await?
        }
        Configuration::Slack { code } if hub.trades_codes_of(SLACK) => {
            let draft = draft::endpoint(&channel, name, paused, Role::Agent, EndpointSettings::default());
            connect_slack(hub, &grant, code, draft).await?
        }
        Configuration::Slack { .. } | Configuration::Unavailable => return Err(unavailable()),
    };
    written(&view)
}

/// A code is good for once: what was bought with it is kept though the caller hangs up.
async fn connect_slack(
    hub: &Hub,
    grant: &Grant,
    code: String,
    draft: EndpointDraft,
) -> hub::Result<EndpointView> {
    let (hub, grant) = (hub.clone(), grant.clone());
    to_its_end(async move {
        let bought = hub.trade_code(SLACK, &code).await?;
        let team = bought.config.get("teamId").and_then(|team| team.as_str()).map(str::to_owned);
        let (config, secrets) = (bought.config, bought.secrets);
        hub.create_endpoint(&grant, EndpointDraft { config, secrets, account: team, ..draft }).await
    })
    .await
}

/// Reads a body as the configuration of an integration of every channel, for the fuzz targets.
pub(crate) fn read_any(bytes: &[u8]) {
    let Ok(body) = read::body(bytes, &PORTAL) else { return };
    let fields = Fields::of(&body);
    let channel = draft::channel(&mut Check::new(&PORTAL), &fields);
    let every = ["Direct", "Bot", "System", "Messenger", "TwilioSMS", "Line", "Telegram", "WebChat", "Slack"];
    for channel in every.into_iter().map(ChannelType::from).chain(channel) {
        let _refused_or_read = configuration::read(&mut Check::new(&PORTAL), &channel, &fields);
    }
}

/// Slack, where codes are traded.
const SLACK: &str = "slack";

/// What a new integration needs that others may have taken.
fn claims<'a>(name: &'a str, configuration: &'a Configuration) -> Claims<'a> {
    let name = Some(name);
    match configuration {
        Configuration::Endpoint { role, .. } => Claims { name, account: None, seat: role.answers() },
        Configuration::Provider(provider) => {
            let account = provider.account.as_deref().map(|account| (provider.kind, account));
            Claims { name, account, seat: false }
        }
        Configuration::Slack { .. } => Claims { name, account: None, seat: true },
        Configuration::Unavailable => Claims::default(),
    }
}

/// `PUT /api/v1/integrations/{id}` and `PUT /api/v1/integrations/hubs/{id}`
pub(crate) async fn update(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::Integration)?;
    let grant = call.request.hub.grant_for_integration(&call.caller, id).await?;
    change(call, grant, id).await
}

async fn change(call: PortalCall, grant: Grant, id: Id) -> Result<Reply> {
    let hub = &call.request.hub;
    let known = found(hub.endpoint(&grant, id).await?)?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let name = check.text_if_given(&fields, "name", NAME_CHARS_MAX);
    let paused = status(&mut check, &fields, numbers::INTEGRATION_ACTIVE, numbers::INTEGRATION_PAUSED);
    // The settings of a provider's channel are bound to what it has agreed to: they are ignored.
    let given = match known.endpoint.is_some() {
        true => check.object(&fields, "configuration"),
        false => None,
    };
    let changed = given.and_then(|given| configuration::reread(&mut check, &known, &given));
    check.done()?;
    let (settings, renew_keys) =
        changed.map_or((None, false), |changed| (Some(changed.settings), changed.renew_keys));
    let patch = EndpointPatch { name, paused, settings, renew_keys };
    written(&hub.update_endpoint(&grant, id, FORM, patch).await?)
}

fn written(view: &EndpointView) -> Result<Reply> {
    let shown = integration(view, Case::Written).ok_or(HubError::NotFound(Thing::Integration))?;
    Ok(Reply::ok(&shown))
}

/// Refuses integrations of channels that this API has no word for.
fn found(view: EndpointView) -> Result<EndpointView> {
    match channel_of(&view) {
        Some(_) => Ok(view),
        None => Err(HubError::NotFound(Thing::Integration).into()),
    }
}

/// `GET /api/v1/integrations/{id}`
pub(crate) async fn get(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::Integration)?;
    let hub = &call.request.hub;
    let grant = hub.grant_for_integration(&call.caller, id).await?;
    let view = hub.endpoint(&grant, id).await?;
    let shown = integration(&view, Case::Read).ok_or(HubError::NotFound(Thing::Integration))?;
    // The page shows System by names and the others by numbers; its readers take both (§4.8).
    match shown.channel_id {
        ChannelType::System => Ok(Reply::ok(&shown)),
        _ => Ok(Reply::ok(&wire::hubster::types::NumberedKinds::from(shown))),
    }
}

/// `DELETE /api/v1/integrations/{id}`
pub(crate) async fn delete(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::Integration)?;
    let hub = &call.request.hub;
    let grant = hub.grant_for_integration(&call.caller, id).await?;
    found(hub.endpoint(&grant, id).await?)?;
    hub.unseat_and_delete_integration(&grant, id).await?;
    Ok(Reply::empty())
}

/// `GET /api/v1/integrations/hubs/{id}/{channelType}`
pub(crate) async fn list_of_hub(call: PortalCall) -> Result<Reply> {
    let id = call.id("id", Thing::App)?;
    let wanted = ChannelType::from(call.request.param("channelType"));
    if !wanted.is_known() {
        return Err(ApiError::of(codes::VALUE_NOT_SUPPORTED, format!("Value '{wanted}' is not valid.")));
    }
    let grant = call.request.hub.grant(call.caller.clone(), id).await?;
    let mut shown = listed(&call, &grant).await?;
    shown.retain(|integration| integration.channel_id == wanted);
    Ok(Reply::ok(&shown))
}

/// `GET /api/v1/integrations`
pub(crate) async fn list(call: PortalCall) -> Result<Reply> {
    let page = call.request.query.page()?;
    let hub = &call.request.hub;
    let mut all = Vec::new();
    match call.request.query.get("hubId") {
        Some(text) => {
            let id = named(text)?.id().ok_or(HubError::NotFound(Thing::App))?;
            let grant = hub.grant(call.caller.clone(), id).await?;
            all = listed(&call, &grant).await?;
        }
        None => {
            for app in hub.list_all_apps(&call.caller).await? {
                let grant = hub.grant(call.caller.clone(), app.id).await?;
                all.extend(listed(&call, &grant).await?);
                if all.len() >= model::limits::NUMBERED_LIST_ROWS_MAX {
                    break;
                }
            }
        }
    }
    Ok(Reply::ok(&page.cut(all)))
}

/// The integrations of a hub, with their secrets masked (decision 34).
async fn listed(call: &PortalCall, grant: &Grant) -> Result<Vec<wire::hubster::types::Integration>> {
    let views = call.request.hub.list_endpoints(grant).await?;
    Ok(views.into_iter().filter_map(|view| integration(&secrets_masked(view), Case::Read)).collect())
}
