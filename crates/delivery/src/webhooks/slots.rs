//! Slots for requests that are on their way at once, shared out so that one receiver that hangs leaves
//! slots for all others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that are on their way at once, to everybody.
const REQUESTS_MAX: usize = 1_024;
/// Receivers that are remembered before those without a request are forgotten.
const RECEIVERS_KEPT: usize = 256;

/// Who is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Receiver<'a> {
    /// A provider: the channel's type.
    Channel(&'a str),
    /// A webhook: its host and port.
    Webhook(&'a str),
}

/// One slot; it is free again when this is dropped.
pub(crate) struct Slot {
    _held: [Option<OwnedSemaphorePermit>; 3],
}

/// The slots. A channel's type and a webhook's host have a quarter of them each at most, all webhooks
/// together a half.
pub(crate) struct Slots {
    all: Arc<Semaphore>,
    webhooks: Arc<Semaphore>,
    share: usize,
    receivers: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Default for Slots {
    fn default() -> Slots {
        Slots::new(REQUESTS_MAX)
    }
}

impl Slots {
    /// As many slots as this.
    pub(crate) fn new(max: usize) -> Slots {
        Slots {
            all: Arc::new(Semaphore::new(max)),
            webhooks: Arc::new(Semaphore::new((max / 2).max(1))),
            share: (max / 4).max(1),
            receivers: Mutex::default(),
        }
    }

    /// Waits for a slot. The receiver's own share comes first, so that whoever waits for it keeps no
    /// slot from others.
    pub(crate) async fn take(&self, receiver: Receiver<'_>) -> Slot {
        // None of them is ever closed, so each gives a permit.
        let own = self.share_of(receiver).acquire_owned().await.ok();
        let webhook = match receiver {
            Receiver::Webhook(_) => self.webhooks.clone().acquire_owned().await.ok(),
            Receiver::Channel(_) => None,
        };
        Slot { _held: [own, webhook, self.all.clone().acquire_owned().await.ok()] }
    }

    fn share_of(&self, receiver: Receiver<'_>) -> Arc<Semaphore> {
        let name = match receiver {
            Receiver::Channel(kind) => format!("channel {kind}"),
            Receiver::Webhook(host) => format!("webhook {host}"),
        };
        let mut receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
        if receivers.len() >= RECEIVERS_KEPT && !receivers.contains_key(&name) {
            // Each permit, and whoever waits for one, holds the semaphore, too.
            receivers.retain(|_, share| Arc::strong_count(share) > 1);
        }
        receivers.entry(name).or_insert_with(|| Arc::new(Semaphore::new(self.share))).clone()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    /// The slot, if there is one now.
    fn now(slots: &Slots, receiver: Receiver<'_>) -> Option<Slot> {
        slots.take(receiver).now_or_never()
    }

    #[test]
    fn a_receiver_that_hangs_has_a_quarter_and_leaves_the_rest() {
        let slots = Slots::new(16);
        let stalled = Receiver::Channel("telegram");
        let held: Vec<_> = (0..4).map(|_| now(&slots, stalled).expect("its share")).collect();
        let mut waiting: Vec<_> = (0..100).map(|_| Box::pin(slots.take(stalled))).collect();
        assert!(waiting.iter_mut().all(|slot| slot.as_mut().now_or_never().is_none()));
        let others: Vec<_> = ["a:443", "b:443"]
            .iter()
            .flat_map(|host| (0..4).map(|_| now(&slots, Receiver::Webhook(host)).expect("theirs")))
            .collect();
        assert!(now(&slots, Receiver::Webhook("c:443")).is_none(), "webhooks have a half");
        assert!(now(&slots, Receiver::Channel("twilio")).is_some(), "channels have the rest");
        drop((held, others));
        assert!(waiting[0].as_mut().now_or_never().is_some(), "first come, first served");
    }

    #[test]
    fn receivers_without_a_request_are_forgotten() {
        let slots = Slots::new(16);
        let held = now(&slots, Receiver::Webhook("kept")).expect("a slot");
        for number in 0..3 * RECEIVERS_KEPT {
            assert!(now(&slots, Receiver::Webhook(&number.to_string())).is_some());
        }
        let known = slots.receivers.lock().unwrap();
        assert!(known.len() <= RECEIVERS_KEPT && known.contains_key("webhook kept"));
        drop((known, held));
    }
}
