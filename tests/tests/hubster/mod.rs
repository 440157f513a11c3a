//! Hubster's integrations API.

mod codes;
mod commands;
mod control;
mod documented;
mod engine;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod pausing;
mod phones;
mod providers;
pub mod scene;
mod shop;
mod signals;
