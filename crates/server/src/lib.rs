//! The composition root: configuration, command line, routes, telemetry. [`Server::start`] runs a
//! server inside another program.

mod attachments;
mod background;
mod backup;
pub mod cli;
pub mod config;
mod control;
mod data_dir;
pub mod demo;
mod exit;
mod http;
mod server;
pub mod telemetry;

pub use config::Config;
pub use exit::Failure;
#[doc(hidden)]
pub use server::serve_router;
pub use server::{RunningServer, Server};
