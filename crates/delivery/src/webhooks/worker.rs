//! One subscription's worker: takes its events, keeps its lanes, notes how far it came.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use hub::outbox::{EventView, Lane, Parked, Subscriber};
use model::Millis;
use model::limits::ATTEMPT_PAUSE_MAX_MS;
use model::time::SECOND_MS;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::attempt::{self, Report, persist};
use super::handle::{ToWorker, WorkerHandle};
use super::lanes::{Arrival, Lanes, ParkedLane};
use super::progress::Progress;
use super::tasks::{InHand, Tasks};
use super::{Shared, stopped};

/// Events that are taken and not settled, at most; more stay in the queue or in the outbox.
const OPEN_EVENTS_MAX: usize = 1_024;
/// Requests on their way at once for one subscription.
const REQUESTS_MAX: usize = 64;
/// The same while its receiver fails: one that hangs must not take the slots of others.
const REQUESTS_MAX_FAILING: usize = 4;
/// Events that a detached worker reads at once.
const READ_EVENTS: usize = 256;
/// How often progress is written.
const SETTLE_EVERY: Duration = Duration::from_millis(200);
/// An idle subscription's progress is written when it is this many events behind.
const IDLE_EVENTS: i64 = 10_000;
/// Or this long after it was written the last time: events that are kept for it alone can go.
const IDLE_MS: i64 = 300 * SECOND_MS;
/// How often lanes that rest are looked at while subscriptions and pauses change all the time.
const WAKE_EVERY_MS: u64 = 5_000;
/// A look at whether a lane may go on takes no longer, with a medium that is waited for.
const LOOK_MAX: Duration = Duration::from_secs(30);

pub(super) struct Worker {
    shared: Arc<Shared>,
    handle: Arc<WorkerHandle>,
    subscriber: Arc<Subscriber>,
    inbox: mpsc::Receiver<ToWorker>,
    progress: Progress,
    written: i64,
    written_at: Millis,
    lanes: Lanes,
    /// Events that may go and wait for one of the slots.
    ready: std::collections::VecDeque<Arc<EventView>>,
    running: Tasks<Report>,
    /// Events that wait for a medium of their message; they take no slot of others.
    awaiting: Tasks<Arc<EventView>>,
    requests_max: usize,
    replaying: HashSet<i64>,
    /// The last time on the clock.
    clock: Millis,
    /// Whether the subscription, or a pause, may have changed since the lanes that rest were looked at.
    changed: bool,
    woken_at: Option<Instant>,
    begun: bool,
}

impl Worker {
    pub(super) fn new(
        shared: Arc<Shared>,
        handle: Arc<WorkerHandle>,
        inbox: mpsc::Receiver<ToWorker>,
        parked: Vec<Parked>,
    ) -> Worker {
        let subscriber = handle.subscriber();
        let settled = subscriber.subscription.settled_through;
        let now = shared.outbox.now();
        Worker {
            shared,
            handle,
            subscriber,
            inbox,
            progress: Progress::new(settled),
            written: settled,
            written_at: now,
            lanes: waiting_lanes(parked),
            ready: std::collections::VecDeque::new(),
            running: Tasks::default(),
            awaiting: Tasks::default(),
            requests_max: REQUESTS_MAX,
            replaying: HashSet::new(),
            clock: now,
            changed: false,
            woken_at: None,
            begun: false,
        }
    }

    async fn work(&mut self) {
        if std::mem::replace(&mut self.begun, true) && !self.begin_again().await {
            return;
        }
        let mut stop = self.shared.stop.clone();
        let mut tick = interval_at(Instant::now() + SETTLE_EVERY, SETTLE_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.look();
            self.start_next();
            self.note_load();
            let attached = self.handle.is_attached();
            let has_room = self.progress.open() < OPEN_EVENTS_MAX;
            let due = self.until_due();
            #[cfg(test)]
            self.handle.fuse.blow();
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return,
                Some(report) = self.running.next() => match report {
                    Ok(report) => self.take_report(report).await,
                    Err(in_hand) => self.start_again(in_hand),
                },
                Some(event) = self.awaiting.next() => match event {
                    Ok(event) => self.start_event(event),
                    Err(in_hand) => self.start_again(in_hand),
                },
                () = tokio::time::sleep(due.unwrap_or(Duration::MAX)), if due.is_some() => {}
                told = self.inbox.recv(), if has_room => match told {
                    Some(told) => self.take_told(told),
                    None => return,
                },
                () = std::future::ready(()), if has_room && !attached => self.read().await,
                _ = tick.tick() => {
                    self.wake_resting();
                    self.write_progress().await;
                }
            }
        }
    }

    /// Sees what has changed since the last turn: the subscription, and a clock that went back.
    pub(super) fn look(&mut self) {
        self.renew();
        self.look_at_clock();
    }

    /// Gives the time.
    fn look_at_clock(&mut self) -> Millis {
        let now = self.shared.outbox.now();
        let back = std::mem::replace(&mut self.clock, now).since(now);
        if back > 0 {
            self.lanes.set_back(back);
        }
        now
    }

    /// Takes the subscription as the handle has it.
    fn renew(&mut self) {
        let subscriber = self.handle.subscriber();
        self.changed |= !Arc::ptr_eq(&self.subscriber, &subscriber);
        self.subscriber = subscriber;
    }

    /// Lanes that rest are looked at when anything has changed, but not for each of many changes.
    fn wake_resting(&mut self) {
        let pause = self.shared.policy(self.subscriber.subscription.form).scaled(WAKE_EVERY_MS);
        let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(0));
        if self.changed && self.woken_at.is_none_or(|at| at.elapsed() >= pause) {
            self.changed = false;
            self.woken_at = Some(Instant::now());
            self.lanes.wake(self.shared.outbox.now());
        }
    }

    fn take_told(&mut self, told: ToWorker) {
        match told {
            ToWorker::Event(event) => {
                self.handle.load.fetch_sub(1, Ordering::Relaxed);
                self.take_event(event);
            }
            ToWorker::Changed => {}
            ToWorker::Replay { sequence, attempts } => {
                if self.replaying.insert(sequence) {
                    let (shared, subscriber) = (self.shared.clone(), self.subscriber.clone());
                    let replay = attempt::replay(shared, subscriber, sequence, attempts);
                    self.running.start(InHand::Replay { sequence, attempts }, replay);
                }
            }
        }
    }

    fn take_event(&mut self, event: Arc<EventView>) {
        // The event was offered to the subscription as the handle has it.
        self.renew();
        let sequence = event.sequence;
        if !event.is_for(&self.subscriber.subscription) || !self.progress.take(sequence) {
            return;
        }
        match self.lanes.arrive(event) {
            Arrival::Start(event) => self.ready.push_back(event),
            Arrival::Queued => {}
            Arrival::Parked | Arrival::Delivered => self.progress.settle(sequence),
        }
    }

    /// Reads behind what was taken, while the dispatcher goes on without this worker.
    async fn read(&mut self) {
        // What is still in the queue comes first: it lies in front of what has to be read.
        while let Ok(told) = self.inbox.try_recv() {
            self.take_told(told);
        }
        // The changes in front of these events are counted by now, and shown by the handles then.
        let known = *self.shared.outbox.newest_event().borrow();
        if !self.shared.handles_are_current().await {
            return;
        }
        let subscriber = self.handle.subscriber();
        let wanted = |app, kind, user| subscriber.may_want(app, kind, user);
        let from = self.progress.through();
        let (events, through) = persist(|| self.shared.outbox.after(from, READ_EVENTS, wanted)).await;
        let through = through.min(known).max(from);
        for event in events.into_iter().filter(|event| event.sequence <= through) {
            self.take_event(event);
        }
        self.progress.skip_to(through);
        if through == from {
            self.handle.attach(through, &self.shared.status);
        }
    }

    /// Starts what may go. Half of the slots are first of all for lanes that have waited, the others for
    /// what is new: neither keeps the other waiting for long.
    fn start_next(&mut self) {
        while self.running.len() < self.requests_max {
            let started = match self.running.lanes() < self.requests_max / 2 {
                true => self.start_due() || self.start_ready(),
                false => self.start_ready() || self.start_due(),
            };
            if !started {
                return;
            }
        }
    }

    /// Gives whether anything was ready.
    fn start_ready(&mut self) -> bool {
        let Some(event) = self.ready.pop_front() else { return false };
        if event.awaits_media {
            let shared = self.shared.clone();
            let in_hand = InHand::Event { lane: event.lane, sequence: event.sequence };
            self.awaiting.start(in_hand, async move { attempt::with_media(&shared, event).await });
        } else {
            self.start_event(event);
        }
        true
    }

    fn start_event(&mut self, event: Arc<EventView>) {
        let in_hand = InHand::Event { lane: event.lane, sequence: event.sequence };
        let (shared, subscriber) = (self.shared.clone(), self.subscriber.clone());
        self.running.start(in_hand, attempt::deliver(shared, subscriber, event));
    }

    /// A task broke: what it had in hand counts as tried, so that its lane goes on.
    fn start_again(&mut self, in_hand: InHand) {
        let (shared, subscriber) = (self.shared.clone(), self.subscriber.clone());
        self.running.start(in_hand.clone(), attempt::broken(shared, subscriber, in_hand));
    }

    /// Gives whether a lane was due.
    fn start_due(&mut self) -> bool {
        // Who is paused is not asked again and again: being woken is a change that the worker is told.
        if self.subscriber.paused {
            return false;
        }
        let Some((lane, parked)) = self.lanes.take_due(self.shared.outbox.now()) else { return false };
        let (shared, handle) = (self.shared.clone(), self.handle.clone());
        let at = Arc::new(AtomicI64::new(parked.first));
        let as_it_waited = ParkedLane { ahead: Arc::default(), ..parked.clone() };
        let in_hand = InHand::Lane { lane, parked: as_it_waited, at: at.clone() };
        self.running.start(in_hand, attempt::drain(shared, handle, lane, parked, at));
        true
    }

    async fn take_report(&mut self, report: Report) {
        match report {
            Report::Settled { lane, sequence, taken } => {
                self.note_taken(taken);
                self.progress.settle(sequence);
                if let Some(next) = self.lanes.settled(lane) {
                    self.ready.push_back(next);
                }
            }
            Report::Parked { lane, sequence, parked } => {
                match parked.rests {
                    // It may have looked before the last change, and come after the lanes were woken for it.
                    true => self.changed |= self.woken_at.is_some_and(|at| at.elapsed() < LOOK_MAX),
                    false => self.requests_max = REQUESTS_MAX_FAILING,
                }
                // The clock may have gone back meanwhile.
                let latest = self.look_at_clock().plus(ATTEMPT_PAUSE_MAX_MS);
                let parked = ParkedLane { next_at: parked.next_at.min(latest), ..parked };
                for queued in self.lanes.park(lane, parked) {
                    self.progress.settle(queued);
                }
                self.progress.settle(sequence);
            }
            Report::Drained { lane, through, complete, taken, ahead } => {
                self.note_taken(taken);
                self.drained(lane, through, complete, ahead).await;
            }
            Report::Replayed { sequence } => {
                self.replaying.remove(&sequence);
            }
        }
    }

    /// Only a receiver that took something works again; what needed no request says nothing.
    fn note_taken(&mut self, taken: bool) {
        if taken {
            self.requests_max = REQUESTS_MAX;
        }
    }

    /// A waiting lane was delivered up to a number. Events that came meanwhile are in the outbox.
    async fn drained(&mut self, lane: Lane, through: i64, complete: bool, ahead: Arc<[i64]>) {
        let Some(parked) = self.lanes.parked(lane).cloned() else { return };
        if complete && parked.last <= through {
            persist(|| self.shared.outbox.unpark(self.subscriber.subscription.key, lane)).await;
            self.lanes.unpark(lane, through);
            return;
        }
        let attempts = if through < parked.first { parked.attempts } else { 0 };
        let (first, next_at, running) = (through + 1, self.shared.outbox.now(), false);
        let parked = ParkedLane { first, attempts, next_at, running, rests: false, ahead, ..parked };
        if complete {
            // What was delivered is not noted down yet.
            attempt::park(&self.shared, &self.subscriber, lane, &parked, None).await;
        }
        self.lanes.park(lane, parked);
    }

    fn until_due(&self) -> Option<Duration> {
        if self.subscriber.paused || self.running.len() >= self.requests_max {
            return None;
        }
        let wait = self.lanes.next_due()?.since(self.shared.outbox.now());
        Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0).clamp(1, 60_000)))
    }

    fn note_load(&self) {
        let newest = self.shared.status.newest.load(Ordering::Acquire);
        // Who reads by itself has all of that still to look at.
        let unread = match self.handle.is_attached() {
            true => 0,
            false => (newest - self.progress.through()).max(0) + 1,
        };
        let open = self.progress.open() + self.lanes.parked_count() + self.inbox.len() + self.replaying.len();
        self.handle.load.store(open as i64 + unread, Ordering::Release);
    }

    /// Up to where there is nothing for this worker, if it has nothing to do. The number comes first:
    /// everything up to it was offered by then, and an attached worker whose queue is empty has taken
    /// all that it was offered. Only the worker itself attaches, so it was attached all the time.
    pub(super) fn idle_through(&self) -> Option<i64> {
        let handed_out = self.shared.status.handed_out.load(Ordering::Acquire);
        let idle = self.progress.open() == 0 && self.handle.is_attached() && self.inbox.is_empty();
        idle.then_some(handed_out)
    }

    pub(super) async fn write_progress(&mut self) {
        self.lanes.came_through(self.progress.through());
        let now = self.shared.outbox.now();
        let behind_max = if now.since(self.written_at) >= IDLE_MS { 1 } else { IDLE_EVENTS };
        if let Some(through) = self.idle_through().filter(|through| through - self.written >= behind_max) {
            self.progress.skip_to(through);
        }
        let settled = self.progress.settled_through();
        if settled > self.written {
            let key = self.subscriber.subscription.key;
            persist(|| self.shared.outbox.settle(vec![(key, settled)])).await;
            self.written = settled;
            self.written_at = now;
        }
    }
}

/// Lanes as they wait in the store.
fn waiting_lanes(parked: Vec<Parked>) -> Lanes {
    let mut lanes = Lanes::default();
    for row in parked {
        let attempts = u32::try_from(row.attempts).unwrap_or(u32::MAX);
        let lane = ParkedLane::new(row.first, attempts, row.next_at, row.parked_at);
        lanes.park(row.lane, ParkedLane { last: row.last, ..lane });
    }
    lanes
}

/// For tests.
#[cfg(test)]
impl Worker {
    /// Takes what is in the queue.
    pub(super) fn take_waiting(&mut self) {
        while let Ok(told) = self.inbox.try_recv() {
            self.take_told(told);
        }
    }

    /// Events that are taken and not settled.
    pub(super) fn open(&self) -> usize {
        self.progress.open()
    }

    /// Events that may go.
    pub(super) fn ready(&self) -> usize {
        self.ready.len()
    }

    /// Every event up to this number is settled.
    pub(super) fn settled_through(&self) -> i64 {
        self.progress.settled_through()
    }
}

#[path = "worker_life.rs"]
mod life;
#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
