//! The Sunshine Conversations v2 API.

mod apps;
mod attachments;
mod auth;
mod bad_input;
mod clients;
mod conversations;
mod events;
mod every_operation;
mod idempotency_key;
mod integrations;
mod keys;
mod main_job;
mod messages;
mod oauth;
mod own_routes;
mod pages;
mod scope_matrix;
mod switchboard;
mod users;
mod webhooks;
