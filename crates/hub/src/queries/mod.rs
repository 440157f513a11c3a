//! Look-ups.

mod accounts;
mod agents;
mod apps;
pub(crate) mod attachments;
mod clients;
mod conversations;
pub(crate) mod deliveries;
mod devices;
pub(crate) mod endpoints;
pub(crate) mod events;
pub(crate) mod exchanges;
pub(crate) mod integrations;
pub(crate) mod keys;
pub(crate) mod messages;
pub(crate) mod oauth;
mod prepared;
pub(crate) mod previews;
pub(crate) mod registrations;
mod settings;
mod switchboards;
#[cfg(test)]
mod tests;
mod users;
mod visits;
mod webhooks;
