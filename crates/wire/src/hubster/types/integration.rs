//! Integrations (hubster.md §4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChannelType, IntegrationType};

/// An integration. Its configuration has the members of its channel, in the case that the route has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// Its id, a GUID.
    pub integration_id: String,
    /// Its hub, a GUID.
    pub hub_id: String,
    /// The provider's own id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound_id: Option<String>,
    /// Who speaks through it.
    pub integration_type_id: IntegrationType,
    /// How it is reached.
    pub channel_id: ChannelType,
    /// Unique in its hub.
    pub name: String,
    /// See [`super::status`].
    pub status_id: i64,
    /// The channel's own settings.
    pub configuration: Map<String, Value>,
}

/// An integration whose two enums are written as numbers: what *get* answers for most channels.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberedKinds {
    integration_id: String,
    hub_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    inbound_id: Option<String>,
    integration_type_id: Option<i64>,
    channel_id: Option<i64>,
    name: String,
    status_id: i64,
    configuration: Map<String, Value>,
}

impl From<Integration> for NumberedKinds {
    fn from(named: Integration) -> NumberedKinds {
        NumberedKinds {
            integration_id: named.integration_id,
            hub_id: named.hub_id,
            inbound_id: named.inbound_id,
            integration_type_id: named.integration_type_id.number(),
            channel_id: named.channel_id.number(),
            name: named.name,
            status_id: named.status_id,
            configuration: named.configuration,
        }
    }
}
