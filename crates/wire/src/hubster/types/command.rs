//! Commands: what agents send by name (hubster.md §2.3 and §2.4).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::string_enum::string_enum;

string_enum! {
    /// Who receives a response.
    pub enum CommandReceiver { Agent = "agent", Customer = "customer" }
}

string_enum! {
    /// What a response is.
    pub enum CommandType { Message = "message", Event = "event" }
}

/// A transfer command: leads a customer to a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferCommand {
    /// Its id, a GUID.
    pub command_id: String,
    /// Its hub, a GUID.
    pub hub_id: String,
    /// Unique in its hub.
    pub name: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it leads.
    pub url: String,
    /// The text of the link.
    pub link_description: String,
    /// When the widget opens there again, milliseconds; below 0 never.
    pub mount_delay: i64,
}

/// A response command: what agents send by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseCommand {
    /// Its id, a GUID.
    pub command_id: String,
    /// Its hub, a GUID.
    pub hub_id: String,
    /// Unique in its hub.
    pub name: String,
    /// For lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who receives it.
    pub integration_type_id: CommandReceiver,
    /// Whether it is messages or events.
    #[serde(rename = "type")]
    pub kind: CommandType,
    /// The messages or events, as they were given.
    pub responses: Vec<Value>,
}
