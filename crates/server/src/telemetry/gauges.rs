//! Gauges that are read when somebody asks for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use delivery::Webhooks;
use hub::outbox::Outbox;
use store::Store;

use super::catalogue::{BUILD, DELIVERIES_DEAD, LANES_PARKED, MEMORY, OUTBOX_PENDING, STORE_QUEUE, UPTIME};

/// Running webhook delivery, for whoever counts it and whoever ends it.
#[derive(Clone)]
pub(crate) struct WebhooksHandle(Arc<Mutex<Option<Webhooks>>>);

impl WebhooksHandle {
    pub(crate) fn new(webhooks: Webhooks) -> WebhooksHandle {
        WebhooksHandle(Arc::new(Mutex::new(Some(webhooks))))
    }

    /// Deliveries that are still to be made; none that is known once it has ended.
    fn pending(&self) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, Webhooks::pending)
    }

    /// Ends delivery; see [`Webhooks::shutdown`].
    pub(crate) async fn shutdown(&self, deadline: Duration) {
        let webhooks = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(webhooks) = webhooks {
            webhooks.shutdown(deadline).await;
        }
    }
}

/// Where the gauges are read.
pub struct Gauges {
    outbox: Outbox,
    store: Store,
    webhooks: WebhooksHandle,
    started: Instant,
}

impl Gauges {
    /// The gauges of a server.
    pub fn new(outbox: Outbox, store: Store, webhooks: WebhooksHandle) -> Gauges {
        Gauges { outbox, store, webhooks, started: Instant::now() }
    }

    /// Reads them all.
    pub async fn read(&self) {
        metrics::gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        metrics::gauge!(UPTIME).set(self.started.elapsed().as_secs_f64());
        metrics::gauge!(STORE_QUEUE).set(self.store.waiting_commands() as f64);
        if let Some(bytes) = resident_bytes() {
            metrics::gauge!(MEMORY).set(bytes);
        }
        if let Err(error) = self.read_outbox().await {
            tracing::warn!(%error, "the outbox could not be counted");
        }
    }

    async fn read_outbox(&self) -> hub::Result<()> {
        let (dead, parked) = self.outbox.counts().await?;
        metrics::gauge!(DELIVERIES_DEAD).set(dead as f64);
        metrics::gauge!(LANES_PARKED).set(parked as f64);
        metrics::gauge!(OUTBOX_PENDING).set(self.webhooks.pending().max(parked) as f64);
        Ok(())
    }
}

/// Memory in use, where the system tells it.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024.0)
}
