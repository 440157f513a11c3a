//! Webhooks: every event to every subscription that may know, at least once, in order inside a
//! lane, side by side across lanes.
//!
//! One dispatcher reads the outbox once and fans out in memory. Each subscription has a worker of
//! its own, so that a slow or dead receiver delays nobody else: when its queue is full the
//! dispatcher goes on without it, and the worker catches up from the outbox by itself.

mod attempt;
mod dispatcher;
mod handle;
mod lanes;
mod progress;
mod slots;
mod tasks;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hub::outbox::{EventRenderer, Outbox};
use model::record::EventForm;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::channels::{ChannelSet, Sender};
use crate::http::HttpClient;
use crate::retry::RetryPolicy;

pub(crate) use self::attempt::{persist, try_persist};
pub(crate) use self::handle::Status;
pub(crate) use self::slots::{Receiver, Slot, Slots};

/// How webhooks are delivered.
#[derive(Clone, Debug, Default)]
pub struct WebhookConfig {
    /// The first pause of every retry policy, milliseconds; scales the others
    /// (`CROSSPOINT_WEBHOOK_RETRY_BASE_MS`).
    pub retry_base_ms: Option<u64>,
}

/// What every worker shares.
pub(crate) struct Shared {
    pub(crate) outbox: Outbox,
    pub(crate) renderers: HashMap<EventForm, Arc<dyn EventRenderer>>,
    pub(crate) sender: Sender,
    pub(crate) client: HttpClient,
    pub(crate) config: WebhookConfig,
    pub(crate) slots: Slots,
    pub(crate) status: Arc<Status>,
    pub(crate) stop: watch::Receiver<bool>,
    /// What is on its way is not waited for any longer.
    pub(crate) cut: watch::Receiver<bool>,
}

impl Shared {
    /// The retry policy of a form.
    pub(crate) fn policy(&self, form: EventForm) -> RetryPolicy {
        let policy = match self.renderers.get(&form) {
            Some(renderer) => renderer.retries().into(),
            // Channels render by themselves; no worker has another form without a renderer.
            None => RetryPolicy::channel(),
        };
        policy.with_base_ms(self.config.retry_base_ms)
    }

    /// Waits until the handles show every change of subscriptions that is known by now. Whoever has read
    /// events before judges by what was asked for when they happened. `false` when delivery stops.
    pub(crate) async fn handles_are_current(&self) -> bool {
        let version = self.outbox.audience_version();
        if *self.status.shown.borrow() >= version {
            return true;
        }
        let (mut shown, mut stop) = (self.status.shown.subscribe(), self.stop.clone());
        tokio::select! {
            biased;
            () = stopped(&mut stop) => false,
            shown = shown.wait_for(|shown| *shown >= version) => shown.is_ok(),
        }
    }
}

/// Waits until delivery is told to stop.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _told_or_gone = stop.wait_for(|stop| *stop).await;
}

/// Running webhook delivery.
pub struct Webhooks {
    stop: watch::Sender<bool>,
    cut: watch::Sender<bool>,
    dispatcher: JoinHandle<()>,
    status: Arc<Status>,
}

impl Webhooks {
    /// Starts to deliver what the outbox holds, to webhooks and to channels. Each webhook's form needs a
    /// renderer; one without is left alone, with a warning.
    pub fn start(
        outbox: Outbox,
        renderers: Vec<Arc<dyn EventRenderer>>,
        channels: ChannelSet,
        client: HttpClient,
        config: WebhookConfig,
    ) -> Webhooks {
        let ((stop, stopped), (cut, is_cut)) = (watch::channel(false), watch::channel(false));
        let status = Arc::new(Status::default());
        let shared = Arc::new(Shared {
            outbox,
            renderers: renderers.into_iter().map(|renderer| (renderer.form(), renderer)).collect(),
            sender: Sender::new(channels),
            client,
            config,
            slots: Slots::default(),
            status: status.clone(),
            stop: stopped,
            cut: is_cut,
        });
        let dispatcher = tokio::spawn(dispatcher::run(shared));
        Webhooks { stop, cut, dispatcher, status }
    }

    /// Deliveries that are still to be made, as far as they are known: events not yet looked at,
    /// queued or on their way, and lanes that wait.
    pub fn pending(&self) -> i64 {
        self.status.pending()
    }

    /// Takes nothing new, waits up to `deadline` for what is on its way, notes how far everything
    /// came: of what was delivered nothing is made again after the next start. What is dropped is.
    pub async fn shutdown(self, deadline: Duration) {
        let Webhooks { stop, cut, mut dispatcher, status: _ } = self;
        stop.send_replace(true);
        let for_writing = deadline / 8;
        if tokio::time::timeout(deadline - for_writing, &mut dispatcher).await.is_ok() {
            return;
        }
        tracing::warn!("webhook deliveries that took too long are made again after the next start");
        cut.send_replace(true);
        if tokio::time::timeout(for_writing, &mut dispatcher).await.is_err() {
            dispatcher.abort();
        }
    }
}
