//! The composition root: configuration, command line, routes, telemetry.

pub mod config;
