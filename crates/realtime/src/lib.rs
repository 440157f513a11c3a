//! Sockets: who listens, what they are told, and how their connections live and end.
//!
//! Nothing here is durable. A socket hears what happens while it is open, in order inside a
//! conversation and at most once; whoever was away reads the lists. [`Feed`] reads the outbox, has each
//! event written once for each integration that is listened to, and publishes it on the [`Bus`];
//! [`Sockets`] hands the same bytes to everybody who listens; [`Protocol`]s speak to the clients.

mod bus;
mod feed;
mod held;
mod listeners;
mod protocol;
mod pump;
mod settings;
mod sockets;

pub use bus::{Bus, Publication, Topic};
pub use feed::{Feed, feed};
pub use listeners::{Conversations, Full, Interest};
pub use protocol::{Admission, Farewell, Protocol, Turn};
pub use settings::SocketSettings;
pub use sockets::{SocketPlace, Sockets};

/// Open sockets.
const OPEN: &str = "crosspoint_sockets_open";
/// Sockets that ended, by why.
const ENDED: &str = "crosspoint_sockets_ended_total";
/// Records that were queued for sockets.
const RECORDS: &str = "crosspoint_socket_records_total";
