//! Between the dispatcher and a worker.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hub::outbox::{EventView, Subscriber};
use model::record::SubscriptionKey;
use tokio::sync::{mpsc, watch};

/// Events that wait in a worker's queue, at most.
pub(crate) const QUEUE_EVENTS_MAX: usize = 1_024;

/// What a worker is told.
pub(crate) enum ToWorker {
    /// An event.
    Event(Arc<EventView>),
    /// The subscription was changed; the handle has it.
    Changed,
    /// A dead delivery is to be sent again: the event's number and the attempts it has had.
    Replay {
        /// The event.
        sequence: i64,
        /// Attempts it has had.
        attempts: i64,
    },
}

/// The dispatcher's end of the way to a worker.
pub(crate) struct WorkerHandle {
    pub(crate) subscriber: Mutex<Arc<Subscriber>>,
    queue: mpsc::Sender<ToWorker>,
    /// Whether the worker gets its events through the queue; otherwise it reads them by itself.
    attached: Mutex<bool>,
    /// What the worker still has to do.
    pub(crate) load: AtomicI64,
    #[cfg(test)]
    pub(crate) fuse: Fuse,
}

impl WorkerHandle {
    /// A detached handle and the worker's end of the queue.
    pub(crate) fn new(subscriber: Arc<Subscriber>) -> (Arc<WorkerHandle>, mpsc::Receiver<ToWorker>) {
        let (queue, inbox) = mpsc::channel(QUEUE_EVENTS_MAX);
        let handle = WorkerHandle {
            subscriber: Mutex::new(subscriber),
            queue,
            attached: Mutex::new(false),
            load: AtomicI64::new(1),
            #[cfg(test)]
            fuse: Fuse::default(),
        };
        (Arc::new(handle), inbox)
    }

    /// The subscription as it is now.
    pub(crate) fn subscriber(&self) -> Arc<Subscriber> {
        self.subscriber.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the worker gets its events through the queue.
    pub(crate) fn is_attached(&self) -> bool {
        *self.attached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over the events of a batch, unless the worker reads by itself or its queue is full;
    /// then it is detached and finds them in the outbox.
    pub(crate) fn offer(&self, events: &[Arc<EventView>]) {
        let mut attached = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
        if !*attached {
            return;
        }
        let subscriber = self.subscriber();
        for event in events.iter().filter(|event| event.is_for(&subscriber.subscription)) {
            if self.queue.try_send(ToWorker::Event(event.clone())).is_err() {
                *attached = false;
                return;
            }
            self.load.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tells the worker something that is no event. One whose queue is full is awake and finds it where
    /// it is kept: a subscription here, a replay in the store. So nobody waits for it.
    pub(crate) fn tell(&self, told: ToWorker) {
        let _full_or_ended = self.queue.try_send(told);
    }

    /// From now on the worker reads by itself, until it has caught up.
    pub(crate) fn detach(&self) {
        *self.attached.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    /// Keeps everybody from offering anything, for tests.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> std::sync::MutexGuard<'_, bool> {
        self.attached.lock().unwrap()
    }

    /// Attaches the worker if it has read everything up to `through` and the dispatcher is not
    /// ahead of it.
    pub(crate) fn attach(&self, through: i64, status: &Status) -> bool {
        let mut attached = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
        if status.position.load(Ordering::Acquire) <= through {
            *attached = true;
        }
        *attached
    }
}

/// How far everything has come, for the metrics and for the workers.
#[derive(Default)]
pub(crate) struct Status {
    /// The dispatcher has read, and is about to hand out, every event up to this number. It is
    /// raised before a batch is handed out, so that nobody attaches into the middle of one.
    pub(crate) position: AtomicI64,
    /// Every event up to this number was offered to everybody. It is raised after a batch was handed
    /// out, so that nobody counts an event as seen that is still to come.
    pub(crate) handed_out: AtomicI64,
    /// The newest event that is known.
    pub(crate) newest: AtomicI64,
    pub(crate) handles: Mutex<HashMap<SubscriptionKey, Arc<WorkerHandle>>>,
    /// The handles show the subscriptions as of this number of [`hub::outbox::Outbox::audience_version`], or
    /// newer.
    pub(crate) shown: watch::Sender<u64>,
    #[cfg(test)]
    pub(crate) fuse: Fuse,
}

/// Breaks, once, whoever comes to it after it was set, for tests.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Fuse(std::sync::atomic::AtomicBool);

#[cfg(test)]
impl Fuse {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn blow(&self) {
        assert!(!self.0.swap(false, Ordering::AcqRel), "this is what the test wants");
    }
}

impl Status {
    pub(crate) fn pending(&self) -> i64 {
        let unread = self.newest.load(Ordering::Acquire) - self.handed_out.load(Ordering::Acquire);
        let handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        let loads: i64 = handles.values().map(|handle| handle.load.load(Ordering::Acquire).max(0)).sum();
        unread.max(0) + loads
    }
}
