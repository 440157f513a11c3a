//! Counting requests without looking anything up by name: the handles of every operation are made
//! at the start.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Histogram};

use super::catalogue::{HTTP_CONNECTIONS, HTTP_REQUESTS, HTTP_SECONDS};

/// The statuses that are answered often; others take the slow way.
const STATUSES: [u16; 20] =
    [200, 201, 204, 206, 302, 304, 400, 401, 403, 404, 405, 408, 409, 413, 415, 416, 423, 429, 500, 503];

/// The operation of a request that no route knows.
const UNKNOWN: &str = "none";

/// The handles.
pub struct RequestMetrics {
    operations: HashMap<&'static str, OperationMetrics>,
    unknown: OperationMetrics,
}

struct OperationMetrics {
    name: &'static str,
    seconds: Histogram,
    /// A series begins with its first request.
    by_status: [OnceLock<Counter>; STATUSES.len()],
}

impl RequestMetrics {
    /// The handles for these operations. The recorder has to be installed before.
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> RequestMetrics {
        let operations = operations.into_iter().map(|name| (name, OperationMetrics::new(name))).collect();
        RequestMetrics { operations, unknown: OperationMetrics::new(UNKNOWN) }
    }

    /// Counts an answer.
    pub fn count(&self, operation: Option<&'static str>, status: u16, took: Duration) {
        let known = operation.and_then(|name| self.operations.get(name));
        known.unwrap_or(&self.unknown).count(status, took);
    }
}

/// An open connection; it is counted until it is dropped.
pub struct OpenConnection(());

impl OpenConnection {
    /// Counts one more.
    pub fn begin() -> OpenConnection {
        metrics::gauge!(HTTP_CONNECTIONS).increment(1.0);
        OpenConnection(())
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        metrics::gauge!(HTTP_CONNECTIONS).decrement(1.0);
    }
}

impl OperationMetrics {
    fn new(name: &'static str) -> OperationMetrics {
        let seconds = metrics::histogram!(HTTP_SECONDS, "operation" => name);
        OperationMetrics { name, seconds, by_status: std::array::from_fn(|_| OnceLock::new()) }
    }

    fn count(&self, status: u16, took: Duration) {
        self.seconds.record(took.as_secs_f64());
        let place = STATUSES.iter().position(|known| *known == status);
        match place.and_then(|place| self.by_status.get(place)) {
            Some(counter) => counter.get_or_init(|| self.counter(status)).increment(1),
            None => self.counter(status).increment(1),
        }
    }

    fn counter(&self, status: u16) -> Counter {
        metrics::counter!(HTTP_REQUESTS, "operation" => self.name, "status" => status.to_string())
    }
}
