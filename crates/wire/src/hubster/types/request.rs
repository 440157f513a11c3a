//! What callers of identity and portal send (hubster.md §2.1–2.4, §3.1, §4.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChannelType, CommandReceiver, CommandType, DirectEvent, Message};
use crate::secret::Secret;

/// Body of IdentityToken, a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    /// `client_credentials`.
    pub grant_type: String,
    /// The client: `hubster.portal.api.…` or `hubster.engine.api.…`.
    pub client_id: String,
    /// One of its secrets.
    pub client_secret: Secret,
    /// The resource; the client's own when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl TokenForm {
    /// Asks with a client's secret.
    pub fn client(client_id: impl Into<String>, client_secret: Secret) -> TokenForm {
        let (grant_type, client_id) = ("client_credentials".to_owned(), client_id.into());
        TokenForm { grant_type, client_id, client_secret, scope: None }
    }
}

/// Reply of IdentityConfiguration; more than is named here may be in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Discovery {
    /// Who issues tokens.
    pub issuer: String,
    /// The address of the keys that verify them.
    pub jwks_uri: String,
    /// Where they are bought.
    pub token_endpoint: String,
    /// The rest.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Reply of IdentityKeys: keys as RFC 7517 has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<WebKey>,
}

/// A key on an elliptic curve, as RFC 7517 and RFC 7518 §6.2 have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebKey {
    /// Its kind: `EC`.
    pub kty: String,
    /// The curve, as `P-256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The algorithm that it is for, as `ES256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// What it is for: `sig`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// Its name, which stands in the header of a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The first coordinate, base64 in the alphabet of URLs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The second one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// What keys of other kinds have.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Body of PortalCreateClientToken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecretCreate {
    /// For people; unique for the client.
    pub name: String,
    /// When it ends, ISO 8601 in UTC; never when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<String>,
}

impl ClientSecretCreate {
    /// One that does not end by itself.
    pub fn new(name: impl Into<String>) -> ClientSecretCreate {
        ClientSecretCreate { name: name.into(), expiration: None }
    }
}

/// Body of PortalCreateHub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HubCreate {
    /// Unique for the tenant, up to 100 characters.
    pub name: String,
    /// For people, up to 1,024 characters.
    pub description: String,
    /// Conversations close after so many days without a message; never when absent or 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_dormant_conversation: Option<i64>,
    /// See [`super::status`]; active when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<i64>,
}

impl HubCreate {
    /// An active hub, whose conversations stay open.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> HubCreate {
        let (name, description) = (name.into(), description.into());
        HubCreate { name, description, close_dormant_conversation: None, status_id: None }
    }
}

/// Body of PortalUpdateHub: the fields that change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HubUpdate {
    /// Unique for the tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Conversations close after so many days without a message; 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_dormant_conversation: Option<i64>,
    /// See [`super::status`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<i64>,
}

/// Query of PortalListIntegrations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationQuery {
    /// Only those of this hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub_id: Option<String>,
}

/// Body of PortalCreateOrUpdateIntegration for a hub's id. [`super::Configure`] makes the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationCreate {
    /// How it is reached.
    pub channel_id: ChannelType,
    /// Unique in its hub, up to 100 characters.
    pub name: String,
    /// See [`super::status`]; active when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<i64>,
    /// The channel's own settings.
    pub configuration: Map<String, Value>,
}

/// Body of PortalCreateOrUpdateIntegration for an integration's id, and of the two PUT routes: the fields
/// that change. A configuration replaces the whole stored one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationUpdate {
    /// Unique in its hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// See [`super::status`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<i64>,
    /// The channel's own settings; those of TwilioSMS, Messenger and Slack stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Map<String, Value>>,
}

/// Body of PortalCreateTransferCommand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferCommandCreate {
    /// Unique in its hub.
    pub name: String,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it leads.
    pub url: String,
    /// The text of the link.
    pub link_description: String,
    /// When the widget opens there again, milliseconds: below 0 never; 0 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_delay: Option<i64>,
}

impl TransferCommandCreate {
    /// A link to a page, where the widget opens at once.
    pub fn new(
        name: impl Into<String>,
        url: impl Into<String>,
        link_description: impl Into<String>,
    ) -> TransferCommandCreate {
        let (name, url, link_description) = (name.into(), url.into(), link_description.into());
        TransferCommandCreate { name, description: None, url, link_description, mount_delay: None }
    }
}

/// Body of PortalUpdateTransferCommand: the fields that change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferCommandUpdate {
    /// Unique in its hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The text of the link. The vendor's page calls it required here, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_description: Option<String>,
    /// When the widget opens there again, milliseconds: below 0 never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_delay: Option<i64>,
}

/// Body of PortalCreateResponseCommand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseCommandCreate {
    /// Unique in its hub.
    pub name: String,
    /// For lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who receives it.
    pub integration_type_id: CommandReceiver,
    /// Whether it is messages or events.
    #[serde(rename = "type")]
    pub kind: CommandType,
    /// The messages or events, at least one.
    pub responses: Vec<Value>,
}

impl ResponseCommandCreate {
    /// Sends these messages to an agent or to the customer.
    pub fn messages(
        name: impl Into<String>,
        receiver: CommandReceiver,
        messages: &[Message],
    ) -> ResponseCommandCreate {
        ResponseCommandCreate::of(name.into(), receiver, CommandType::Message, values(messages))
    }

    /// Sends these events to an agent or to the customer.
    pub fn events(
        name: impl Into<String>,
        receiver: CommandReceiver,
        events: &[DirectEvent],
    ) -> ResponseCommandCreate {
        ResponseCommandCreate::of(name.into(), receiver, CommandType::Event, values(events))
    }

    fn of(
        name: String,
        receiver: CommandReceiver,
        kind: CommandType,
        responses: Vec<Value>,
    ) -> ResponseCommandCreate {
        let integration_type_id = receiver;
        ResponseCommandCreate {
            name,
            category: None,
            description: None,
            integration_type_id,
            kind,
            responses,
        }
    }
}

/// Body of PortalUpdateResponseCommand: the fields that change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseCommandUpdate {
    /// Unique in its hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who receives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integration_type_id: Option<CommandReceiver>,
    /// Whether it is messages or events.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CommandType>,
    /// The messages or events, at least one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responses: Option<Vec<Value>>,
}

/// As they stand in JSON. Messages and events are objects with texts as names, which always can.
fn values<T: Serialize>(things: &[T]) -> Vec<Value> {
    things.iter().filter_map(|thing| serde_json::to_value(thing).ok()).collect()
}
