//! Hubster's integrations API.

mod commands;
mod control;
mod engine;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod pausing;
mod phones;
pub mod scene;
mod shop;
mod signals;
