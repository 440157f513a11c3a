//! What channels keep: what is fetched, sent and set up at providers.

pub mod downloads;
pub mod external_messages;
pub mod inbound_seen;
pub mod provisionings;
pub mod sends;
pub mod withdrawals;
