//! The program itself: its contract, crashes, backup, the vendor's own clients.

mod backup;
mod client;
mod command_line;
mod contract;
mod crash;
mod days;
pub(crate) mod official_clients;
mod provider_judges;
mod terminal;
