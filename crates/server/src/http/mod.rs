//! The routes of the server and what every request passes.

mod attachments;
mod body;
mod docs;
mod front;
mod listener;
mod range;
mod reply;
mod request_id;
mod routes;
mod stream;

pub(crate) use front::Front;
pub use listener::bind;
pub(crate) use listener::serve;
pub(crate) use routes::{Dialects, Shared, admin_routes, operations, routes};
