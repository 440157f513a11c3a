//! The recorder of this process, and the page on which it shows what it has.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::catalogue::{CATALOGUE, Kind};
use crate::exit::{Failure, Result};

/// Pause between two foldings of the histograms' raw values, which take memory until then.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder. A process has one, however many servers it starts.
#[derive(Clone)]
pub struct Exporter {
    handle: PrometheusHandle,
}

static INSTALLED: OnceLock<Exporter> = OnceLock::new();

impl Exporter {
    /// The recorder of this process; made when first asked for.
    pub fn install() -> Result<Exporter> {
        if let Some(exporter) = INSTALLED.get() {
            return Ok(exporter.clone());
        }
        let failed =
            |error: &dyn std::fmt::Display| Failure::failed(format!("metrics cannot be set up: {error}"));
        let mut builder = PrometheusBuilder::new();
        for metric in CATALOGUE.iter().filter(|metric| metric.kind == Kind::Histogram) {
            let name = Matcher::Full(metric.name.to_owned());
            builder = builder.set_buckets_for_metric(name, metric.buckets).map_err(|error| failed(&error))?;
        }
        let recorder = builder.build_recorder();
        let exporter = Exporter { handle: recorder.handle() };
        if metrics::set_global_recorder(recorder).is_ok() {
            describe();
            return Ok(INSTALLED.get_or_init(|| exporter).clone());
        }
        // Another thread of this process was faster.
        INSTALLED.get().cloned().ok_or_else(|| failed(&"another recorder is installed"))
    }

    /// The page.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds raw values from time to time, until the program ends.
    pub async fn run_upkeep(&self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.handle.run_upkeep();
        }
    }
}

fn describe() {
    for metric in CATALOGUE {
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(metric.name, metric.help),
            Kind::Gauge => metrics::describe_gauge!(metric.name, metric.help),
            Kind::Histogram => metrics::describe_histogram!(metric.name, metric.help),
        }
    }
}
