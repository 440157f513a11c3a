//! Integrations as the portal shows them: each channel with its own members, in the case that the page
//! has for the route (hubster.md §4.8).

use hub::EndpointView;
use model::record::{Endpoint, Integration as CoreIntegration, IntegrationStatus, Role};
use serde_json::{Map, Value};
use wire::Secret;
use wire::hubster::types::{
    ChannelType, Configure as _, DirectConfiguration, Integration, IntegrationType, LineConfiguration,
    MessengerConfiguration, SlackConfiguration, SystemConfiguration, TelegramConfiguration,
    TwilioConfiguration, WebChatConfiguration, capitalised, status,
};

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
    let config = &view.integration.config;
    match (&view.endpoint, channel) {
        (Some(endpoint), ChannelType::WebChat) => web_chat(endpoint, case),
        (Some(endpoint), ChannelType::System) => system(view, endpoint),
        (Some(_), ChannelType::Slack) => in_case(slack(view), case),
        (Some(endpoint), _) => direct(view, endpoint),
        (None, ChannelType::TwilioSMS) => twilio(view, case),
        (None, ChannelType::Messenger) => in_case(messenger(view), case),
        (None, ChannelType::Telegram) => TelegramConfiguration { bot_token: secret(view, "token") }.members(),
        (None, ChannelType::Line) => LineConfiguration {
            channel_access_token: secret(view, "channelAccessToken"),
            channel_secret: secret(view, "channelSecret"),
        }
        .members(),
        (None, ChannelType::WebChat) => WebChatConfiguration {
            allowed_origins: config.get("originWhitelist").and_then(texts).unwrap_or_default(),
            start: None,
            echo: Some(true),
        }
        .members(),
        (None, _) => SystemConfiguration::new(view.webhook.clone().unwrap_or_default()).members(),
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array().map(|texts| texts.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn secret_if(view: &EndpointView, name: &str) -> Option<Secret> {
    view.secrets.get(name).and_then(Value::as_str).map(Secret::new)
}

fn secret(view: &EndpointView, name: &str) -> Secret {
    secret_if(view, name).unwrap_or_else(|| Secret::new(""))
}

/// The case of names that the page has for channels of providers.
fn in_case(members: Map<String, Value>, case: Case) -> Map<String, Value> {
    match case {
        Case::Written => members,
        Case::Read => capitalised(members),
    }
}

/// The greeting as it was written: its messages may have members that nobody knows.
fn start(endpoint: &Endpoint) -> Value {
    endpoint.greeting.iter().map(|message| message.original.clone()).collect()
}

/// Here it is what is written that has capitals.
fn web_chat(endpoint: &Endpoint, case: Case) -> Map<String, Value> {
    let (allowed_origins, echo) = (endpoint.allowed_origins.clone(), Some(endpoint.echo));
    let mut members = WebChatConfiguration { allowed_origins, start: None, echo }.members();
    members.insert("start".to_owned(), start(endpoint));
    match case {
        Case::Written => capitalised(members),
        Case::Read => members,
    }
}

/// Without a webhook the keys are kept, but there is nothing that they sign.
fn direct(view: &EndpointView, endpoint: &Endpoint) -> Map<String, Value> {
    let signs = endpoint.target.is_some();
    let mut members = DirectConfiguration {
        echo: Some(endpoint.echo),
        webhook_url: endpoint.target.clone(),
        public_signing_key: endpoint.public_key.clone().filter(|_| signs),
        private_signing_key: view.private_key.clone().filter(|_| signs).map(Secret::from),
        ..DirectConfiguration::of(type_of(endpoint.role))
    }
    .members();
    if !endpoint.greeting.is_empty() {
        members.insert("start".to_owned(), start(endpoint));
    }
    members
}

fn system(view: &EndpointView, endpoint: &Endpoint) -> Map<String, Value> {
    let name = |heard: &Option<Role>| match heard {
        Some(role) => format!("message:{}", type_of(*role).as_str().to_ascii_lowercase()),
        None => "message".to_owned(),
    };
    SystemConfiguration {
        webhook_url: endpoint.target.clone().unwrap_or_default(),
        events: endpoint.hears.iter().map(name).collect(),
        regenerate_keys: None,
        public_signing_key: endpoint.public_key.clone(),
        private_signing_key: view.private_key.clone().map(Secret::from),
    }
    .members()
}

/// The page spells one name wrongly, and later pages rightly: readers of either find theirs.
fn twilio(view: &EndpointView, case: Case) -> Map<String, Value> {
    let config = &view.integration.config;
    let shown = TwilioConfiguration {
        auth_token: secret(view, "authToken"),
        account_sid: text(config, "accountSid").unwrap_or_default(),
        // Integrations of the other API may have a messaging service in place of a number.
        number_sid: text(config, "phoneNumberSid").unwrap_or_default(),
        phone_number: text(config, "phoneNumber"),
        capabilities: config.get("capabilities").and_then(|able| serde_json::from_value(able.clone()).ok()),
    };
    let mut members = in_case(shown.members(), case);
    if case == Case::Read {
        members.insert("AcccountSid".to_owned(), shown.account_sid.into());
        if let Some(Value::Object(able)) = members.get_mut("Capabilities") {
            *able = capitalised(std::mem::take(able));
        }
    }
    members
}

fn messenger(view: &EndpointView) -> Map<String, Value> {
    let config = &view.integration.config;
    MessengerConfiguration {
        page_access_token: secret(view, "pageAccessToken"),
        app_id: text(config, "appId"),
        page_id: text(config, "pageId"),
    }
    .members()
}

fn slack(view: &EndpointView) -> Map<String, Value> {
    let config = &view.integration.config;
    SlackConfiguration {
        bot_access_token: secret_if(view, "botAccessToken"),
        app_access_token: secret_if(view, "appAccessToken"),
        default_public_channel: text(config, "defaultPublicChannel"),
        team_id: text(config, "teamId"),
        bot_name: text(config, "botName"),
        ..SlackConfiguration::default()
    }
    .members()
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
