//! Conversations: established, read, listed (hubster.md §2.5, §2.6).

use hub::{EndpointView, EstablishDraft, Exchange, HubError, Thing};
use model::record::{App, Conversation as CoreConversation, Integration, IntegrationStatus, Role};
use model::{Id, Millis};
use wire::hubster::codes;
use wire::hubster::types::{
    ChannelType, Conversation, ConversationIntegration, EstablishedConversation, Hub, status as numbers,
};

use super::customer;
use crate::activity::{channel_of_kind, customer_token, properties, type_of};
use crate::http::call::EngineCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::read::{self, Check, ESTABLISH, Fields};

/// Characters of a binding.
const BINDING_CHARS_MAX: usize = 1_024;

/// `POST /api/v1/conversations/establish`
pub(crate) async fn establish(call: EngineCall) -> Result<Reply> {
    let body = read::body(&call.request.bytes, &ESTABLISH)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&ESTABLISH));
    let integration = check.guid(&fields, "integrationId");
    let named = if fields.has("binding") { "binding" } else { "bindingKey" };
    let channel = channel(&mut check, &fields);
    let binding = match fields.has(named) {
        true => check.required_text(&fields, named, BINDING_CHARS_MAX),
        // A page need not know its visitors.
        false if channel == Some(ChannelType::WebChat) => Some(call.request.hub.new_binding()),
        false => {
            check.missing(&fields, "binding");
            None
        }
    };
    let properties = customer::properties(&mut check, &fields);
    check.done()?;
    let (Some(integration), Some(binding), Some(channel)) = (integration, binding, channel) else {
        return Err(check.refuse());
    };
    let hub = &call.request.hub;
    let id = integration.id().ok_or(HubError::NotFound(Thing::Integration))?;
    if let Some(visitor) = &call.visitor {
        visitor.check_integration(id)?;
    }
    let grant = hub.grant_for_integration(&call.caller, id).await?;
    let known = hub.endpoint(&grant, id).await?;
    let own = known.endpoint.as_ref().map(|endpoint| ChannelType::from(endpoint.surface.as_str()));
    if own.as_ref().is_some_and(|own| *own != channel) {
        let text = format!("Property 'channelType' must be the integration's: '{}'.", own.unwrap_or(channel));
        return Err(ApiError::of(codes::CONVERSATION_PROPERTY_MISSING, text));
    }
    let friendly_name = model::animal_names::animal_name(hub.now().0.unsigned_abs());
    let name = customer::name(&properties);
    let visit = call.visitor.as_ref().map(|visitor| visitor.visit);
    let draft = EstablishDraft { integration: id, binding, name, friendly_name, properties, visit };
    let made = hub.establish(&grant, draft).await?;
    let (conversation, exchange) = hub.exchange(&grant, made.conversation.id).await?;
    let shown = shown(&conversation, &exchange, Some(id));
    Ok(Reply::ok(&EstablishedConversation { is_new: Some(made.is_new), ..shown }))
}

/// The channel; a page of the documentation gives Direct another number than its table.
fn channel(check: &mut Check, fields: &Fields<'_>) -> Option<ChannelType> {
    let Some(value) = fields.get("channelType") else {
        check.missing(fields, "channelType");
        return None;
    };
    match serde_json::from_value(value.clone()) {
        Ok(ChannelType::Unknown(number)) if number.as_str() == "2000" => Some(ChannelType::Direct),
        Ok(ChannelType::Unknown(_)) | Err(_) => {
            check.not_valid(value);
            None
        }
        Ok(channel) => Some(channel),
    }
}

/// The integration of a customer who is on no channel: the documented member is always there.
const NO_INTEGRATION: &str = "00000000-0000-0000-0000-000000000000";

/// A conversation as it was established through an integration, or through any.
fn shown(
    conversation: &CoreConversation,
    exchange: &Exchange,
    through: Option<Id>,
) -> EstablishedConversation {
    EstablishedConversation {
        tenant_id: exchange.account_id.to_guid(),
        hub_id: exchange.app_id.to_guid(),
        integration_id: guid_of(integration_id(exchange, through)),
        conversation_id: conversation.id.to_guid(),
        token_id: customer_token(conversation.id),
        opened_date_time: conversation.created_at.to_string(),
        closed_date_time: conversation.state.closed_at.map(|closed| closed.to_string()),
        is_new: None,
        properties: properties(exchange, through),
    }
}

/// The customer's integration: the one asked for, if they take part through it.
fn integration_id(exchange: &Exchange, through: Option<Id>) -> Option<Id> {
    let own = through.and_then(|id| exchange.customer_on(id));
    own.or(exchange.customer()).and_then(|client| client.integration_id)
}

fn guid_of(integration: Option<Id>) -> String {
    integration.map_or_else(|| NO_INTEGRATION.to_owned(), |id| id.to_guid())
}

/// `GET /api/v1/conversations/{conversationId}/established`
pub(crate) async fn established(call: EngineCall) -> Result<Reply> {
    let (grant, id) = call.conversation().await?;
    let (conversation, exchange) = call.request.hub.exchange(&grant, id).await?;
    let through = call.visitor.as_ref().map(|visitor| visitor.integration);
    Ok(Reply::ok(&shown(&conversation, &exchange, through)))
}

/// `GET /api/v1/conversations/hubs/{hubId}/established`
pub(crate) async fn list_established(call: EngineCall) -> Result<Reply> {
    let id = call.request.named("id")?.id().ok_or(HubError::NotFound(Thing::App))?;
    let hub = &call.request.hub;
    let grant = hub.grant(call.caller.clone(), id).await?;
    let open = hub.list_exchanges(&grant).await?;
    let open: Vec<_> =
        open.iter().map(|(conversation, exchange)| shown(conversation, exchange, None)).collect();
    Ok(Reply::ok(&open))
}

/// `GET /api/v1/conversations/{conversationId}`
pub(crate) async fn get(call: EngineCall) -> Result<Reply> {
    let (grant, id) = call.conversation().await?;
    let hub = &call.request.hub;
    let (conversation, exchange) = hub.exchange(&grant, id).await?;
    let view = match integration_id(&exchange, None) {
        Some(id) => Some(hub.endpoint_even_deleted(&grant, id).await?),
        None => None,
    };
    let (hub_modified, modified) = match &view {
        Some(view) => hub.modified_at(view).await?,
        None => (grant.app.created_at, conversation.created_at),
    };
    let shown = shown_hub(&grant.app, &exchange, hub_modified);
    let integration = match &view {
        Some(view) => shown_integration(view, shown, modified),
        None => no_integration(&conversation, shown),
    };
    Ok(Reply::ok(&Conversation {
        conversation_id: conversation.id.to_guid(),
        integration_id: integration.integration_id.clone(),
        token_id: customer_token(conversation.id),
        integration,
        properties: properties(&exchange, None),
        opened_date_time: without_zone(conversation.created_at),
        closed_date_time: conversation.state.closed_at.map(without_zone),
    }))
}

fn shown_hub(app: &App, exchange: &Exchange, modified: Millis) -> Hub {
    let paused = app.settings.paused;
    Hub {
        hub_id: app.id.to_guid(),
        tenant_id: exchange.account_id.to_guid(),
        name: app.name.clone(),
        description: app.settings.description.clone(),
        close_dormant_conversation: app.settings.auto_close_days,
        status_id: if paused { numbers::HUB_PAUSED } else { numbers::HUB_ACTIVE },
        created: Some(without_zone(app.created_at)),
        modified: Some(without_zone(modified)),
    }
}

fn shown_integration(view: &EndpointView, hub: Hub, modified: Millis) -> ConversationIntegration {
    let (core, endpoint) = (&view.integration, view.endpoint.as_ref());
    ConversationIntegration {
        integration_id: core.id.to_guid(),
        hub_id: hub.hub_id.clone(),
        hub,
        integration_type_id: type_of(endpoint.map_or(Role::Customer, |endpoint| endpoint.role)),
        channel_id: endpoint.map_or_else(
            || channel_of_kind(&core.kind),
            |endpoint| ChannelType::from(endpoint.surface.as_str()),
        ),
        name: core.name.clone().unwrap_or_default(),
        status_id: match core.status {
            IntegrationStatus::Paused => numbers::INTEGRATION_PAUSED,
            IntegrationStatus::Inactive => numbers::INTEGRATION_CANCELED,
            _ => numbers::INTEGRATION_ACTIVE,
        },
        created: without_zone(core.created_at),
        modified: Some(without_zone(modified)),
    }
}

/// What stands for the integration of a customer who is on no channel.
fn no_integration(conversation: &CoreConversation, hub: Hub) -> ConversationIntegration {
    ConversationIntegration {
        integration_id: NO_INTEGRATION.to_owned(),
        hub_id: hub.hub_id.clone(),
        hub,
        integration_type_id: type_of(Role::Customer),
        channel_id: channel_of_kind(Integration::WEB),
        name: String::new(),
        status_id: numbers::INTEGRATION_ACTIVE,
        created: without_zone(conversation.created_at),
        modified: None,
    }
}

fn without_zone(moment: Millis) -> String {
    moment.to_string().trim_end_matches('Z').to_owned()
}
