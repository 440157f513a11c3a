//! How a worker begins again after it broke, and how it ends.

use std::sync::atomic::Ordering;

use futures::{FutureExt as _, StreamExt as _, stream};
use hub::keep_running;

use super::super::stopped;
use super::super::tasks::InHand;
use super::{ParkedLane, Progress, REQUESTS_MAX, Worker, attempt, persist, waiting_lanes};

/// Lanes that are noted down at once.
const ROWS_AT_ONCE: usize = 64;

impl Worker {
    /// Works until the subscription is gone or delivery stops; then waits for what is on its way, and notes
    /// down what is left.
    pub(in crate::webhooks) async fn run(mut self) {
        let mut stop = self.shared.stop.clone();
        let stopped = async move { stopped(&mut stop).await };
        keep_running("subscription", stopped, &mut self, |worker| worker.work().boxed()).await;
        self.end().await;
    }

    /// Goes back to what the store knows, as after a start of the program: of what was in memory when it
    /// broke nothing is trusted. Gives whether the subscription is still there.
    pub(super) async fn begin_again(&mut self) -> bool {
        drop((self.running.end().await, self.awaiting.end().await));
        self.handle.detach();
        while self.inbox.try_recv().is_ok() {}
        // Commands run in turn: what the tasks have asked for is in the store once this is.
        persist(|| self.shared.outbox.settle(Vec::new())).await;
        let key = self.subscriber.subscription.key;
        // A subscription that cannot be read is not there.
        let mut found = persist(|| self.shared.outbox.subscribers()).await;
        found.retain(|found| found.subscription.key == key);
        let Some(settled) = found.pop().map(|found| found.subscription.settled_through) else { return false };
        let mut parked = persist(|| self.shared.outbox.parked()).await;
        parked.retain(|row| row.subscription == key);
        (self.progress, self.written, self.lanes) = (Progress::new(settled), settled, waiting_lanes(parked));
        self.ready.clear();
        self.replaying.clear();
        self.requests_max = REQUESTS_MAX;
        true
    }

    /// What is on its way may end, as long as there is time. Whatever was not delivered waits from now on as
    /// it would after a failure: one event that hangs, or has not had its turn, would else have everything
    /// behind it delivered again after the next start.
    async fn end(&mut self) {
        let mut cut = self.shared.cut.clone();
        let mut left = Vec::new();
        loop {
            tokio::select! {
                biased;
                ended = self.running.next() => match ended {
                    Some(Ok(report)) => self.take_report(report).await,
                    Some(Err(in_hand)) => left.push(in_hand),
                    None => break,
                },
                () = stopped(&mut cut) => break,
            }
        }
        left.extend(self.running.end().await);
        left.extend(self.awaiting.end().await);
        left.extend(
            self.ready.drain(..).map(|event| InHand::Event { lane: event.lane, sequence: event.sequence }),
        );
        self.leave(left).await;
        self.write_progress().await;
    }

    /// Notes down that the lanes of these wait. Then their events are settled.
    async fn leave(&mut self, left: Vec<InHand>) {
        let now = self.shared.outbox.now();
        let (mut rows, mut noted) = (Vec::new(), Vec::new());
        for in_hand in left {
            let (lane, parked) = match in_hand {
                InHand::Event { lane, sequence } => (lane, ParkedLane::new(sequence, 0, now, now)),
                InHand::Lane { lane, parked, at } => match at.load(Ordering::Acquire) {
                    // It is noted down as it was.
                    first if first <= parked.first => continue,
                    first => (lane, ParkedLane { first, attempts: 0, running: false, ..parked }),
                },
                // It is still asked for.
                InHand::Replay { .. } => continue,
            };
            noted.push(parked.first);
            noted.extend(self.lanes.park(lane, parked));
            rows.extend(self.lanes.parked(lane).cloned().map(|parked| (lane, parked)));
        }
        let (shared, subscriber) = (&self.shared, &self.subscriber);
        stream::iter(rows)
            .for_each_concurrent(ROWS_AT_ONCE, |(lane, parked)| async move {
                attempt::park(shared, subscriber, lane, &parked, None).await;
            })
            .await;
        for sequence in noted {
            self.progress.settle(sequence);
        }
    }
}
