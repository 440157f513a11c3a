//! Reading the configuration of each channel (hubster.md §4.2–4.7).

use hub::{EndpointSettings, EndpointView};
use model::content::Metadata;
use model::record::{Endpoint, Prepared, Role};
use serde_json::{Map, Value, json};
use wire::hubster::codes;
use wire::hubster::types::{ChannelType, IntegrationType, Message};

use crate::message::{self, Writer};
use crate::read::{Check, Fields};

/// Characters of a provider's token.
const TOKEN_CHARS_MAX: usize = 4_096;
/// Messages that greet.
const START_COUNT_MAX: usize = 20;
/// Hosts whose pages may speak.
const ORIGINS_COUNT_MAX: usize = 100;
/// Characters of a host's name.
const HOST_CHARS_MAX: usize = 253;

/// What a configuration makes of an integration.
pub(super) enum Configuration {
    /// One that is reached by our own sockets or a webhook.
    Endpoint { role: Role, settings: EndpointSettings },
    /// One of a provider.
    Provider(Provider),
    /// An agent at Slack, whose tokens this code buys.
    Slack { code: String },
    /// One that this server cannot make.
    Unavailable,
}

/// What the core keeps of a provider's channel.
pub(super) struct Provider {
    pub(super) kind: &'static str,
    pub(super) config: Metadata,
    pub(super) secrets: Map<String, Value>,
    /// The provider's account, which one integration holds alone.
    pub(super) account: Option<String>,
}

/// A change of an endpoint's configuration.
pub(super) struct Changed {
    pub(super) settings: EndpointSettings,
    pub(super) renew_keys: bool,
}

/// Reads the configuration of a new integration.
pub(super) fn read(check: &mut Check, channel: &ChannelType, given: &Fields<'_>) -> Option<Configuration> {
    match channel {
        ChannelType::Direct | ChannelType::Bot => {
            let (role, settings) = (speaking_role(check, channel, given), direct(check, given));
            Some(Configuration::Endpoint { role: role?, settings })
        }
        ChannelType::WebChat => {
            Some(Configuration::Endpoint { role: Role::Customer, settings: web_chat(check, given) })
        }
        ChannelType::System => {
            Some(Configuration::Endpoint { role: Role::Listener, settings: system(check, given) })
        }
        ChannelType::TwilioSMS => twilio(check, given).map(Configuration::Provider),
        ChannelType::Messenger => {
            let token = token(check, given, "pageAccessToken")?;
            Some(provider("messenger", json!({}), json!({ "pageAccessToken": token }), None))
        }
        ChannelType::Telegram => {
            let token = token(check, given, "botToken")?;
            // A bot's token begins with its id.
            let bot = token.split(':').next().map(str::to_owned);
            Some(provider("telegram", json!({}), json!({ "token": token }), bot))
        }
        ChannelType::Line => line(check, given).map(Configuration::Provider),
        ChannelType::Slack => slack(check, given),
        _ => Some(Configuration::Unavailable),
    }
}

/// Reads the configuration that replaces the one of an endpoint as a whole.
pub(super) fn reread(check: &mut Check, known: &EndpointView, given: &Fields<'_>) -> Option<Changed> {
    let endpoint = known.endpoint.as_ref()?;
    let renew_keys = check.flag(given, "regenerateKeys").unwrap_or_default();
    let settings = match ChannelType::from(endpoint.surface.as_str()) {
        ChannelType::WebChat => web_chat(check, given),
        ChannelType::System => system(check, given),
        ChannelType::Slack => return None,
        channel => {
            same_role(check, &channel, endpoint, given);
            direct(check, given)
        }
    };
    Some(Changed { settings, renew_keys })
}

/// Who speaks through it is fixed when it is made.
fn same_role(check: &mut Check, channel: &ChannelType, endpoint: &Endpoint, given: &Fields<'_>) {
    let Some(value) = given.get("integrationType") else { return };
    if speaking_role(check, channel, given).is_some_and(|role| role != endpoint.role) {
        check.not_valid(value);
    }
}

fn speaking_role(check: &mut Check, channel: &ChannelType, given: &Fields<'_>) -> Option<Role> {
    let Some(value) = given.get("integrationType") else {
        if *channel == ChannelType::Bot {
            return Some(Role::Bot);
        }
        check.missing(given, "integrationType");
        return None;
    };
    match (serde_json::from_value(value.clone()), channel) {
        (Ok(IntegrationType::Bot), _) => Some(Role::Bot),
        (Ok(IntegrationType::Customer), ChannelType::Direct) => Some(Role::Customer),
        (Ok(IntegrationType::Agent), ChannelType::Direct) => Some(Role::Agent),
        _ => {
            check.not_valid(value);
            None
        }
    }
}

fn direct(check: &mut Check, given: &Fields<'_>) -> EndpointSettings {
    EndpointSettings {
        echo: check.flag(given, "echo").unwrap_or_default(),
        target: address(check, given, "webhookUrl"),
        greeting: start(check, given),
        ..EndpointSettings::default()
    }
}

/// An address; an empty one is none, as portals write it.
fn address(check: &mut Check, given: &Fields<'_>, name: &str) -> Option<String> {
    let is_empty = given.get(name).and_then(Value::as_str).is_some_and(|text| text.trim().is_empty());
    if is_empty { None } else { check.address(given, name) }
}

fn web_chat(check: &mut Check, given: &Fields<'_>) -> EndpointSettings {
    let origins = check.filled_list(given, "allowedOrigins").map(Vec::as_slice).unwrap_or_default();
    if origins.len() > ORIGINS_COUNT_MAX {
        check.fail(codes::OUT_OF_RANGE, format!("No more than {ORIGINS_COUNT_MAX} origins are allowed."));
    }
    let mut allowed_origins = Vec::with_capacity(origins.len());
    for origin in origins {
        match origin.as_str().map(str::trim).filter(|host| !host.is_empty() && host.len() <= HOST_CHARS_MAX) {
            Some(host) => allowed_origins.push(host.to_owned()),
            None => check.not_valid(origin),
        }
    }
    EndpointSettings {
        echo: true,
        allowed_origins,
        greeting: start(check, given),
        ..EndpointSettings::default()
    }
}

fn system(check: &mut Check, given: &Fields<'_>) -> EndpointSettings {
    let target = check.required_address(given, "webhookUrl");
    let events = check.filled_list(given, "events").map(Vec::as_slice).unwrap_or_default();
    let mut hears = Vec::new();
    for event in events {
        let heard = match event.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("message") => None,
            Some("message:customer") => Some(Role::Customer),
            Some("message:agent") => Some(Role::Agent),
            Some("message:bot") => Some(Role::Bot),
            _ => {
                check.not_valid(event);
                continue;
            }
        };
        if !hears.contains(&heard) {
            hears.push(heard);
        }
    }
    EndpointSettings { target, hears, ..EndpointSettings::default() }
}

/// The greeting: messages, or one text as older pages have it.
fn start(check: &mut Check, given: &Fields<'_>) -> Vec<Prepared> {
    if !given.has("start") {
        let Some(text) = check.text(given, "welcomeMessage", model::limits::TEXT_CHARS_MAX) else {
            return Vec::new();
        };
        let message = Message::text(text).to_json();
        let place = given.place("welcomeMessage");
        return message::prepared(check, &message, &place, Writer::Business).into_iter().collect();
    }
    let messages = check.list(given, "start").map(Vec::as_slice).unwrap_or_default();
    if messages.len() > START_COUNT_MAX {
        check
            .fail(codes::OUT_OF_RANGE, format!("No more than {START_COUNT_MAX} start messages are allowed."));
    }
    let place = given.place("start");
    let read = messages.iter().enumerate();
    read.filter_map(|(at, item)| message::prepared(check, item, &format!("{place}[{at}]"), Writer::Business))
        .collect()
}

fn token(check: &mut Check, given: &Fields<'_>, name: &str) -> Option<String> {
    check.required_text(given, name, TOKEN_CHARS_MAX)
}

fn provider(kind: &'static str, config: Value, secrets: Value, account: Option<String>) -> Configuration {
    let object = |value: Value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    Configuration::Provider(Provider { kind, config: object(config), secrets: object(secrets), account })
}

fn twilio(check: &mut Check, given: &Fields<'_>) -> Option<Provider> {
    let auth_token = token(check, given, "authToken");
    let account_sid = token(check, given, "accountSid");
    let number_sid = token(check, given, "numberSid");
    let (auth_token, account_sid, number_sid) = (auth_token?, account_sid?, number_sid?);
    let config = json!({ "accountSid": account_sid, "phoneNumberSid": number_sid });
    match provider("twilio", config, json!({ "authToken": auth_token }), Some(number_sid)) {
        Configuration::Provider(provider) => Some(provider),
        _ => None,
    }
}

fn line(check: &mut Check, given: &Fields<'_>) -> Option<Provider> {
    let access_token = token(check, given, "channelAccessToken");
    let secret = token(check, given, "channelSecret");
    let secrets = json!({ "channelAccessToken": access_token?, "channelSecret": secret? });
    match provider("line", json!({}), secrets, None) {
        Configuration::Provider(provider) => Some(provider),
        _ => None,
    }
}

/// A code of Slack's OAuth. Both states of the documentation have a second property, each its own; whoever
/// sends it proves nothing to us by it.
fn slack(check: &mut Check, given: &Fields<'_>) -> Option<Configuration> {
    let code = token(check, given, "code");
    let second = if given.has("nonce") { "nonce" } else { "state" };
    token(check, given, second);
    code.map(|code| Configuration::Slack { code })
}
