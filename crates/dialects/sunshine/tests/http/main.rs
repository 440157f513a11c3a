//! The handlers over a real hub and store, without a socket.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attachments;
mod consent;
mod conversations;
mod house;
mod messages;
mod own_routes;
mod setting_up;
mod users;
mod webhook_bodies;
