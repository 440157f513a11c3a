//! Every metric of the program, in one list: it describes them to the exporter, and docs/metrics.md
//! is compared with it.

/// What a metric counts like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rises only.
    Counter,
    /// Rises and falls.
    Gauge,
    /// How often values fell into which range.
    Histogram,
}

impl Kind {
    /// The word in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        }
    }
}

/// A metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it counts like.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it says, with the unit.
    pub help: &'static str,
    /// Upper ends of the ranges, for a histogram.
    pub buckets: &'static [f64],
}

/// Seconds, from a millisecond to the time-out of a body.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Commands in a batch.
const COMMANDS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Counter, labels, help, buckets: &[] }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Gauge, labels, help, buckets: &[] }
}

const fn histogram(
    name: &'static str,
    labels: &'static [&'static str],
    buckets: &'static [f64],
    help: &'static str,
) -> Metric {
    Metric { name, kind: Kind::Histogram, labels, help, buckets }
}

/// Requests answered.
pub const HTTP_REQUESTS: &str = "crosspoint_http_requests_total";
/// Seconds from the head of a request to the head of its answer.
pub const HTTP_SECONDS: &str = "crosspoint_http_request_duration_seconds";
/// Open connections.
pub const HTTP_CONNECTIONS: &str = "crosspoint_http_connections";
/// Events that somebody still has to receive.
pub const OUTBOX_PENDING: &str = "crosspoint_outbox_pending";
/// Deliveries that were given up.
pub const DELIVERIES_DEAD: &str = "crosspoint_deliveries_dead";
/// Lanes that wait for their next try.
pub const LANES_PARKED: &str = "crosspoint_lanes_parked";
/// Commands that wait for the writer.
pub const STORE_QUEUE: &str = "crosspoint_store_queue_commands";
/// Commands in one commit.
pub const STORE_BATCH: &str = "crosspoint_store_batch_commands";
/// Memory of the process.
pub const MEMORY: &str = "process_resident_memory_bytes";
/// Time since the start.
pub const UPTIME: &str = "crosspoint_uptime_seconds";
/// The version.
pub const BUILD: &str = "crosspoint_build_info";

/// All of them.
pub const CATALOGUE: &[Metric] = &[
    counter(HTTP_REQUESTS, &["operation", "status"], "Requests answered, by operation and status"),
    histogram(
        HTTP_SECONDS,
        &["operation"],
        SECONDS,
        "Seconds from the head of a request to the head of its answer",
    ),
    gauge(HTTP_CONNECTIONS, &[], "Open connections of clients, sockets included"),
    gauge(
        OUTBOX_PENDING,
        &[],
        "Events that are still to be looked at, queued or on their way, and lanes that wait; 0 when everything is \
         delivered or dead",
    ),
    counter(
        "crosspoint_webhook_attempts_total",
        &["outcome"],
        "Requests to webhooks, by what followed: delivered, retried or dead",
    ),
    counter(
        "crosspoint_hook_requests_total",
        &["channel", "outcome"],
        "Callbacks of providers, by channel and what became of them: taken, handshake, unverified, unreadable, \
         unknown, inactive, method, busy or failed",
    ),
    counter(
        "crosspoint_inbound_events_total",
        &["channel", "outcome"],
        "Things that providers told, by channel: taken, repeated and left out, or ignored, since they name nobody",
    ),
    counter(
        "crosspoint_channel_sends_total",
        &["channel", "outcome"],
        "Attempts to hand a message to a channel, by what followed: accepted, retried, failed, blocked, held (a \
         dead token, or a pause that the provider has asked for) or signal",
    ),
    counter(
        "crosspoint_withdrawals_total",
        &["outcome"],
        "Attempts to tell a provider that an integration is gone, by what followed: told, held (another integration \
         needs what would be undone), unconnected, retried or given_up",
    ),
    counter(
        "crosspoint_damaged_rows_total",
        &["kind"],
        "Times that a stored row was left out since it, or something that it names, is damaged: event, \
         subscription, app, download, waiting lane or dead delivery; 0 as long as all is well",
    ),
    counter(
        "crosspoint_media_downloads_total",
        &["outcome"],
        "Media of customers that were fetched, by what followed: stored, retried or refused",
    ),
    gauge("crosspoint_sockets_open", &[], "Open sockets of clients"),
    counter(
        "crosspoint_sockets_ended_total",
        &["reason"],
        "Sockets that ended, by why: client (it left), protocol (it broke it), silent, slow (it did not keep up), \
         refused (it may not listen, or no longer) or drained (the server stopped)",
    ),
    counter("crosspoint_socket_records_total", &[], "Records that were queued for sockets"),
    counter(
        "crosspoint_background_restarts_total",
        &["task"],
        "Background tasks that broke by a fault of ours and were begun again: dispatcher, subscription (the worker of \
         one), feed, media, partners, sweeper, answers, metrics, control, listener or registration; 0 as long as all \
         is well",
    ),
    counter(
        "crosspoint_sweep_left_out_total",
        &["step"],
        "Damaged rows and files that cannot be removed, each time that the sweeper leaves them out and goes on with \
         the others, by step; the log names them, and 0 as long as all is well",
    ),
    gauge(DELIVERIES_DEAD, &[], "Deliveries that were given up and wait for a replay"),
    gauge(LANES_PARKED, &[], "Lanes of a conversation and a subscription that wait for their next try"),
    gauge(STORE_QUEUE, &[], "Commands that wait for the writer of the store; 4,096 at most"),
    histogram(STORE_BATCH, &[], COMMANDS, "Commands that were committed together"),
    gauge(MEMORY, &[], "Memory of the process that is in use, in bytes"),
    gauge(UPTIME, &[], "Seconds since the server started"),
    gauge(BUILD, &["version"], "1, with the version of the program"),
];

/// The table of docs/metrics.md.
pub fn table() -> String {
    let mut lines = vec!["| Metric | Kind | Labels | Meaning |".to_owned(), "|---|---|---|---|".to_owned()];
    lines.extend(CATALOGUE.iter().map(|metric| {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        format!("| `{}` | {} | {} | {} |", metric.name, metric.kind.as_str(), labels.join(", "), metric.help)
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn crates() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn the_documentation_lists_them_all() {
        let page = std::fs::read_to_string(crates().join("../docs/metrics.md")).unwrap();
        assert!(page.contains(&table()), "docs/metrics.md has to contain:\n{}", table());
    }

    #[test]
    fn every_metric_in_the_code_is_in_the_list() {
        let mut used = BTreeSet::new();
        collect(&crates(), &mut used);
        let known: BTreeSet<String> = CATALOGUE.iter().map(|metric| metric.name.to_owned()).collect();
        let unknown: Vec<_> = used.difference(&known).collect();
        assert!(unknown.is_empty(), "not in the list: {unknown:?}");
        assert!(used.contains(STORE_BATCH), "the search finds what is there: {used:?}");
    }

    /// Names that stand as a text in a metrics macro.
    fn collect(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for macro_name in ["counter!(", "gauge!(", "histogram!("] {
                    let names =
                        text.split(macro_name).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                    let names = names.filter_map(|rest| rest.split('"').next());
                    found.extend(names.filter(|name| name.starts_with("crosspoint_")).map(str::to_owned));
                }
            }
        }
    }
}
