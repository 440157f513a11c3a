//! Hubster's integrations API.

mod commands;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod scene;
