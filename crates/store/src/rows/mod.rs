//! Every statement of the program, as named functions by table. Look-ups take a [`crate::Read`],
//! changes a [`crate::Tx`]; both engines run the same texts.

pub mod accounts;
pub mod apps;
pub mod attachments;
mod channels;
pub mod clients;
pub mod conversations;
pub mod credentials;
pub mod deliveries;
pub mod devices;
mod endpoint;
pub mod events;
pub mod idempotency;
pub mod integrations;
pub mod merges;
pub mod messages;
pub mod oauth;
pub mod participants;
pub mod places;
mod setting;
pub mod speakers;
pub mod subscriptions;
pub mod sweeps;
pub mod switchboards;
pub mod users;

use model::Id;

pub use channels::{downloads, external_messages, inbound_seen, provisionings, sends, withdrawals};
pub use endpoint::{canned_replies, endpoints, presses, token_keys, transfer_links, visits};
pub use setting::{agents, awaited_answers, carriers, settings};

/// From where a keyset page reads: in rising order behind an id, or in falling order in front of it.
#[derive(Clone, Copy, Debug)]
pub enum Seek {
    /// Behind this id, rising.
    After(Id),
    /// In front of this id, falling.
    Before(Id),
}
