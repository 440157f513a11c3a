//! Integrations as the portal shows them: each channel with its own members, in the case that the page
//! has for the route (hubster.md §4.8).

use hub::EndpointView;
use model::record::{Endpoint, Integration as CoreIntegration, IntegrationStatus, Role};
use serde_json::{Map, Value, json};
use wire::hubster::types::{ChannelType, Integration, IntegrationType, status};

/// Characters of a secret that lists show.
const SHOWN_CHARS: usize = 4;

/// For which route an integration is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// The answer of create and update.
    Written,
    /// The answer of get and of lists.
    Read,
}

/// The channel of an integration in this API's words; `None` for one that it has no word for.
pub(super) fn channel_of(view: &EndpointView) -> Option<ChannelType> {
    if let Some(endpoint) = &view.endpoint {
        return Some(ChannelType::from(endpoint.surface.as_str()));
    }
    match view.integration.kind.as_str() {
        "twilio" => Some(ChannelType::TwilioSMS),
        "messenger" => Some(ChannelType::Messenger),
        "telegram" => Some(ChannelType::Telegram),
        "line" => Some(ChannelType::Line),
        CoreIntegration::WEB => Some(ChannelType::WebChat),
        CoreIntegration::CUSTOM => Some(ChannelType::System),
        _ => None,
    }
}

fn integration_type(view: &EndpointView) -> IntegrationType {
    match view.endpoint.as_ref().map(|endpoint| endpoint.role) {
        Some(role) => type_of(role),
        None if view.integration.kind == CoreIntegration::CUSTOM => IntegrationType::System,
        None => IntegrationType::Customer,
    }
}

fn type_of(role: Role) -> IntegrationType {
    match role {
        Role::Customer => IntegrationType::Customer,
        Role::Agent => IntegrationType::Agent,
        Role::Bot => IntegrationType::Bot,
        Role::Listener => IntegrationType::System,
    }
}

/// The integration; `None` for one of a channel that this API has no word for.
pub(super) fn integration(view: &EndpointView, case: Case) -> Option<Integration> {
    let channel = channel_of(view)?;
    let inbound_id = match (&channel, case) {
        (_, Case::Written) => None,
        (ChannelType::TwilioSMS, _) => text(&view.integration.config, "accountSid"),
        (ChannelType::Messenger, _) => text(&view.integration.config, "pageId"),
        _ => None,
    };
    Some(Integration {
        integration_id: view.integration.id.to_guid(),
        hub_id: view.app.id.to_guid(),
        inbound_id,
        integration_type_id: integration_type(view),
        configuration: configuration(view, &channel, case),
        channel_id: channel,
        name: view.integration.name.clone().unwrap_or_default(),
        status_id: match view.integration.status {
            IntegrationStatus::Paused => status::INTEGRATION_PAUSED,
            IntegrationStatus::Inactive => status::INTEGRATION_CANCELED,
            IntegrationStatus::Active | IntegrationStatus::Error => status::INTEGRATION_ACTIVE,
        },
    })
}

fn text(settings: &Map<String, Value>, name: &str) -> Option<String> {
    match settings.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn configuration(view: &EndpointView, channel: &ChannelType, case: Case) -> Map<String, Value> {
    let shown = match (&view.endpoint, channel) {
        (Some(endpoint), ChannelType::WebChat) => web_chat(endpoint, case),
        (Some(endpoint), ChannelType::System) => system(view, endpoint),
        (Some(_), ChannelType::Slack) => slack(view, case),
        (Some(endpoint), _) => direct(view, endpoint),
        (None, ChannelType::TwilioSMS) => twilio(view, case),
        (None, ChannelType::Messenger) => messenger(view, case),
        (None, ChannelType::Telegram) => json!({ "botToken": view.secrets.get("token") }),
        (None, ChannelType::Line) => json!({
            "channelAccessToken": view.secrets.get("channelAccessToken"),
            "channelSecret": view.secrets.get("channelSecret"),
        }),
        (None, ChannelType::WebChat) => json!({
            "allowedOrigins": view.integration.config.get("originWhitelist"),
            "echo": true,
        }),
        (None, _) => json!({ "events": ["message"], "webhookUrl": view.webhook }),
    };
    match shown {
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn start(endpoint: &Endpoint) -> Vec<&Value> {
    endpoint.greeting.iter().map(|message| &message.original).collect()
}

fn web_chat(endpoint: &Endpoint, case: Case) -> Value {
    let (origins, start) = (&endpoint.allowed_origins, start(endpoint));
    match case {
        Case::Written => json!({ "AllowedOrigins": origins, "Echo": endpoint.echo, "Start": start }),
        Case::Read => json!({ "allowedOrigins": origins, "echo": endpoint.echo, "start": start }),
    }
}

/// Without a webhook the keys are kept, but there is nothing that they sign.
fn direct(view: &EndpointView, endpoint: &Endpoint) -> Value {
    let signs = endpoint.target.is_some();
    let start = start(endpoint);
    json!({
        "integrationType": type_of(endpoint.role),
        "echo": endpoint.echo,
        "webhookUrl": endpoint.target,
        "publicSigningKey": endpoint.public_key.as_ref().filter(|_| signs),
        "privateSigningKey": view.private_key.as_ref().filter(|_| signs),
        "start": if start.is_empty() { Value::Null } else { json!(start) },
    })
}

fn system(view: &EndpointView, endpoint: &Endpoint) -> Value {
    let name = |heard: &Option<Role>| match heard {
        Some(role) => format!("message:{}", type_of(*role).as_str().to_ascii_lowercase()),
        None => "message".to_owned(),
    };
    let events: Vec<String> = endpoint.hears.iter().map(name).collect();
    json!({
        "events": events,
        "webhookUrl": endpoint.target,
        "publicSigningKey": endpoint.public_key,
        "privateSigningKey": view.private_key,
    })
}

/// The page spells one name wrongly, and later pages rightly: readers of either find theirs.
fn twilio(view: &EndpointView, case: Case) -> Value {
    let (config, token) = (&view.integration.config, view.secrets.get("authToken"));
    let (account, number) = (config.get("accountSid"), config.get("phoneNumberSid"));
    let (phone, capabilities) = (config.get("phoneNumber"), config.get("capabilities"));
    match case {
        Case::Written => json!({
            "accountSid": account, "authToken": token, "numberSid": number,
            "phoneNumber": phone, "capabilities": capabilities,
        }),
        Case::Read => json!({
            "AcccountSid": account, "AccountSid": account, "AuthToken": token, "NumberSid": number,
            "PhoneNumber": phone, "Capabilities": capabilities.map(pascal),
        }),
    }
}

/// Yes and no by name, the names with a capital in front.
fn pascal(capabilities: &Value) -> Value {
    let Value::Object(members) = capabilities else { return Value::Null };
    let renamed = |(name, value): (&String, &Value)| {
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        (first.chain(letters).collect::<String>(), value.clone())
    };
    Value::Object(members.iter().map(renamed).collect())
}

fn messenger(view: &EndpointView, case: Case) -> Value {
    let (config, token) = (&view.integration.config, view.secrets.get("pageAccessToken"));
    let (app, page) = (text(config, "appId"), text(config, "pageId"));
    match case {
        Case::Written => json!({ "appId": app, "pageId": page, "pageAccessToken": token }),
        Case::Read => json!({ "AppId": app, "PageId": page, "PageAccessToken": token }),
    }
}

fn slack(view: &EndpointView, case: Case) -> Value {
    let (config, secrets) = (&view.integration.config, &view.secrets);
    let (bot, app) = (secrets.get("botAccessToken"), secrets.get("appAccessToken"));
    let (channel, team) = (config.get("defaultPublicChannel"), config.get("teamId"));
    let name = config.get("botName");
    match case {
        Case::Written => json!({
            "botAccessToken": bot, "appAccessToken": app, "defaultPublicChannel": channel, "teamId": team,
            "botName": name,
        }),
        Case::Read => json!({
            "BotAccessToken": bot, "AppAccessToken": app, "DefaultPublicChannel": channel, "TeamId": team,
            "BotName": name,
        }),
    }
}

/// The same with every secret cut to its beginning.
pub(super) fn secrets_masked(mut view: EndpointView) -> EndpointView {
    let mask = |secret: &str| format!("{}...", secret.chars().take(SHOWN_CHARS).collect::<String>());
    view.private_key = view.private_key.as_deref().map(mask);
    for secret in view.secrets.values_mut() {
        let masked = secret.as_str().map_or_else(|| mask(""), mask);
        *secret = Value::String(masked);
    }
    view
}
