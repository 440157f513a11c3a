//! Look-ups.

pub(crate) mod attachments;
mod clients;
mod conversations;
mod devices;
pub(crate) mod messages;
mod users;
