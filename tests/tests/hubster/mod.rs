//! Hubster's integrations API.

mod codes;
mod commands;
mod control;
mod crossing;
mod documented;
mod engine;
mod events;
mod handshake;
mod hubs;
mod identity;
mod integrations;
mod isolation;
mod listener;
mod lists;
mod pages;
mod pausing;
mod phones;
mod providers;
mod rust_client;
pub mod scene;
mod shop;
mod signals;
mod web_chat;
mod webhooks;
