//! Hubster's integrations API.

mod commands;
mod crossing;
mod engine;
mod events;
mod handshake;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod listener;
pub mod scene;
mod web_chat;
