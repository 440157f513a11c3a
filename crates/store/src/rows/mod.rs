//! Every statement of the program, as named functions by table. Look-ups take a [`crate::Read`],
//! changes a [`crate::Tx`]; both engines run the same texts.

pub mod accounts;
pub mod apps;
pub mod attachments;
pub mod canned_replies;
pub mod clients;
pub mod conversations;
pub mod credentials;
pub mod deliveries;
pub mod devices;
pub mod endpoints;
pub mod events;
pub mod idempotency;
pub mod integrations;
pub mod merges;
pub mod messages;
pub mod oauth;
pub mod participants;
pub mod places;
pub mod subscriptions;
pub mod sweeps;
pub mod switchboards;
pub mod token_keys;
pub mod transfer_links;
pub mod users;

use model::Id;

/// From where a keyset page reads: in rising order behind an id, or in falling order in front of it.
#[derive(Clone, Copy, Debug)]
pub enum Seek {
    /// Behind this id, rising.
    After(Id),
    /// In front of this id, falling.
    Before(Id),
}
