//! What the server tells about itself: log lines and metrics.

mod catalogue;
mod exporter;
mod gauges;
mod log;
mod requests;

pub use catalogue::{CATALOGUE, Kind, Metric};
pub use exporter::Exporter;
pub use gauges::Gauges;
pub use log::start_log;
pub use requests::RequestMetrics;
