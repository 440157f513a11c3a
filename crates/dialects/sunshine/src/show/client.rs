//! Clients (sunshine-v2.md §4.6).

use model::record::{Client, ClientStatus};
use wire::sunshine::types;

/// A client. Integration, external id and names are there only once they are known.
pub(crate) fn client(client: &Client) -> types::Client {
    types::Client {
        id: client.id.to_string(),
        kind: kind(&client.kind),
        status: Some(status(client.status)),
        integration_id: client.integration_id.map(|id| id.to_string()),
        external_id: client.external_id.clone(),
        last_seen: client.last_seen.map(|at| at.to_string()),
        linked_at: client.linked_at.map(|at| at.to_string()),
        display_name: client.display_name.clone(),
        avatar_url: client.avatar_url.clone(),
        info: client.info.clone(),
        raw: client.raw.clone(),
    }
}

/// The type of a client. The platforms of the messenger share one; readers fail on any other name
/// (sunshine-v2.md §12.1).
pub(crate) fn kind(kind: &str) -> types::ClientType {
    match kind {
        "web" | "ios" | "android" | "unity" => types::ClientType::Sdk,
        other => types::ClientType::from(other),
    }
}

fn status(status: ClientStatus) -> types::ClientStatus {
    match status {
        ClientStatus::Active => types::ClientStatus::Active,
        ClientStatus::Blocked => types::ClientStatus::Blocked,
        ClientStatus::Inactive => types::ClientStatus::Inactive,
        ClientStatus::Pending => types::ClientStatus::Pending,
    }
}
