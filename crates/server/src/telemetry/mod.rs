//! What the server tells about itself: log lines and metrics.

pub mod catalogue;
mod exporter;
mod gauges;
mod log;
mod requests;

pub(crate) use exporter::Exporter;
pub(crate) use gauges::{Gauges, WebhooksHandle};
pub(crate) use log::start_log;
pub(crate) use requests::{OpenConnection, RequestMetrics};
