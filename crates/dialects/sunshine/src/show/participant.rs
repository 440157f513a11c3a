//! Participants (sunshine-v2.md §5.2).

use model::record::Participant;
use wire::sunshine::types;

use super::client;

/// A participant; the first of its clients is the primary one.
pub(crate) fn participant(participant: &Participant) -> types::Participant {
    let clients = participant.clients.iter().map(|part| (client::kind(&part.kind), part.id));
    types::Participant {
        id: participant.id.to_string(),
        user_id: participant.user_id.to_string(),
        unread_count: u64::try_from(participant.unread_count).unwrap_or(0),
        // A type that readers do not know makes the whole reply unreadable (sunshine-v2.md §12.1).
        client_associations: clients
            .filter(|(kind, _)| kind.is_known())
            .map(|(kind, id)| types::ClientAssociation { kind, client_id: Some(id.to_string()) })
            .collect(),
        user_external_id: participant.user_external_id.clone(),
        last_read: participant.last_read.map(|at| at.to_string()),
    }
}
