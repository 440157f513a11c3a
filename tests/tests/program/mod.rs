//! The program itself: its contract, crashes, backup, the vendor's own clients.

mod backup;
mod contract;
mod crash;
mod days;
mod official_clients;
mod provider_judges;
