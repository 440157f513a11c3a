//! Tasks of a worker, and what each has in hand: one that ends without a result leaves it to the worker.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use hub::outbox::Lane;
use tokio::task::{Id, JoinSet};

use super::lanes::ParkedLane;

/// What a task delivers.
#[derive(Clone, Debug)]
pub(crate) enum InHand {
    /// The event at the head of a lane.
    Event {
        /// The lane.
        lane: Lane,
        /// The event.
        sequence: i64,
    },
    /// What has waited in a lane.
    Lane {
        /// The lane.
        lane: Lane,
        /// As it waited.
        parked: ParkedLane,
        /// The event that the task has come to.
        at: Arc<AtomicI64>,
    },
    /// A dead delivery.
    Replay {
        /// The event.
        sequence: i64,
        /// Attempts that it has had.
        attempts: i64,
    },
}

/// Tasks with a result each.
pub(super) struct Tasks<T> {
    running: JoinSet<T>,
    in_hand: HashMap<Id, InHand>,
}

impl<T> Default for Tasks<T> {
    fn default() -> Tasks<T> {
        Tasks { running: JoinSet::new(), in_hand: HashMap::new() }
    }
}

impl<T: Send + 'static> Tasks<T> {
    /// Begins a task.
    pub(super) fn start(&mut self, in_hand: InHand, task: impl Future<Output = T> + Send + 'static) {
        let id = self.running.spawn(task).id();
        self.in_hand.insert(id, in_hand);
    }

    /// Waits for the next task to end: its result, or what it had in hand when it broke. `None` when
    /// there is no task.
    pub(super) async fn next(&mut self) -> Option<Result<T, InHand>> {
        loop {
            let (id, ended) = match self.running.join_next_with_id().await? {
                Ok((id, result)) => (id, Ok(result)),
                Err(error) => (error.id(), Err(error)),
            };
            match (ended, self.in_hand.remove(&id)) {
                (Ok(result), _) => return Some(Ok(result)),
                (Err(error), Some(in_hand)) => {
                    tracing::error!(%error, ?in_hand, "a delivery ended unexpectedly");
                    return Some(Err(in_hand));
                }
                // Each task has something in hand.
                (Err(error), None) => tracing::error!(%error, "a delivery ended unexpectedly"),
            }
        }
    }

    /// Ends all of them, and waits until they have ended; gives what they had in hand.
    pub(super) async fn end(&mut self) -> Vec<InHand> {
        self.running.shutdown().await;
        self.in_hand.drain().map(|(_, in_hand)| in_hand).collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    /// How many of them deliver what has waited.
    pub(super) fn lanes(&self) -> usize {
        self.in_hand.values().filter(|in_hand| matches!(in_hand, InHand::Lane { .. })).count()
    }
}
