//! The routes of the server and what every request passes.

mod attachments;
mod body;
mod docs;
mod front;
mod hooks;
mod listener;
mod range;
mod reply;
mod request_id;
mod routes;
mod stream;

pub(crate) use front::Front;
pub(crate) use hooks::Hooks;
pub use listener::bind;
pub(crate) use listener::{cannot_listen, connections_max, serve};
pub(crate) use routes::{Dialects, Shared, admin_routes, operations, routes};
