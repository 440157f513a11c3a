//! Exotel's integrations core against the real server.

mod documented_commands;
mod notices;
mod sdk;
mod settings;
