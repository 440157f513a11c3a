//! Conversations: established, read, listed (hubster.md §2.5, §2.6).

use hub::{EstablishDraft, Exchange, HubError, Thing};
use model::record::{Conversation as CoreConversation, IntegrationStatus};
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
    let shown = shown(&conversation, &exchange).ok_or(HubError::NotFound(Thing::Conversation))?;
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

/// A conversation as it was established; `None` for one whose customer is on no channel.
fn shown(conversation: &CoreConversation, exchange: &Exchange) -> Option<EstablishedConversation> {
    Some(EstablishedConversation {
        tenant_id: exchange.account_id.to_guid(),
        hub_id: exchange.app_id.to_guid(),
        integration_id: integration_id(exchange)?.to_guid(),
        conversation_id: conversation.id.to_guid(),
        token_id: customer_token(conversation.id),
        opened_date_time: conversation.created_at.to_string(),
        closed_date_time: conversation.state.closed_at.map(|closed| closed.to_string()),
        is_new: None,
        properties: properties(exchange),
    })
}

fn integration_id(exchange: &Exchange) -> Option<Id> {
    exchange.customer.as_ref().and_then(|client| client.integration_id)
}

/// `GET /api/v1/conversations/{conversationId}/established`
pub(crate) async fn established(call: EngineCall) -> Result<Reply> {
    let (grant, id) = call.conversation().await?;
    let (conversation, exchange) = call.request.hub.exchange(&grant, id).await?;
    Ok(Reply::ok(&shown(&conversation, &exchange).ok_or(HubError::NotFound(Thing::Conversation))?))
}

/// `GET /api/v1/conversations/hubs/{hubId}/established`
pub(crate) async fn list_established(call: EngineCall) -> Result<Reply> {
    let id = call.request.named("id")?.id().ok_or(HubError::NotFound(Thing::App))?;
    let hub = &call.request.hub;
    let grant = hub.grant(call.caller.clone(), id).await?;
    let open = hub.list_exchanges(&grant).await?;
    let open: Vec<_> =
        open.iter().filter_map(|(conversation, exchange)| shown(conversation, exchange)).collect();
    Ok(Reply::ok(&open))
}

/// `GET /api/v1/conversations/{conversationId}`
pub(crate) async fn get(call: EngineCall) -> Result<Reply> {
    let (grant, id) = call.conversation().await?;
    let hub = &call.request.hub;
    let (conversation, exchange) = hub.exchange(&grant, id).await?;
    let unknown = || HubError::NotFound(Thing::Conversation);
    let integration = integration_id(&exchange).ok_or_else(unknown)?;
    let integration = hub.endpoint_even_deleted(&grant, integration).await?;
    let (app, core) = (&integration.app, &integration.integration);
    let (app_modified, modified) = hub.modified_at(&integration).await?;
    let endpoint = integration.endpoint.as_ref();
    let paused = app.settings.paused;
    Ok(Reply::ok(&Conversation {
        conversation_id: conversation.id.to_guid(),
        integration_id: core.id.to_guid(),
        token_id: customer_token(conversation.id),
        integration: ConversationIntegration {
            integration_id: core.id.to_guid(),
            hub_id: app.id.to_guid(),
            hub: Hub {
                hub_id: app.id.to_guid(),
                tenant_id: exchange.account_id.to_guid(),
                name: app.name.clone(),
                description: app.settings.description.clone(),
                close_dormant_conversation: app.settings.auto_close_days,
                status_id: if paused { numbers::HUB_PAUSED } else { numbers::HUB_ACTIVE },
                created: Some(without_zone(app.created_at)),
                modified: Some(without_zone(app_modified)),
            },
            integration_type_id: type_of(
                endpoint.map_or(model::record::Role::Customer, |endpoint| endpoint.role),
            ),
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
        },
        properties: properties(&exchange),
        opened_date_time: without_zone(conversation.created_at),
        closed_date_time: conversation.state.closed_at.map(without_zone),
    }))
}

fn without_zone(moment: Millis) -> String {
    moment.to_string().trim_end_matches('Z').to_owned()
}
