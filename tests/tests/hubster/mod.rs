//! Hubster's integrations API.

mod commands;
mod engine;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod pausing;
pub mod scene;
mod shop;
