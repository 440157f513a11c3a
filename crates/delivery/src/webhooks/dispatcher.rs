//! Reads the outbox once and fans out to the workers; starts and ends workers as subscriptions come
//! and go.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use hub::keep_running;
use hub::outbox::{Parked, ReplayPlace, Subscriber};
use model::Millis;
use model::event::EventType;
use model::record::{AppKey, SubscriptionKey, UserKey};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::attempt::{persist, try_persist};
use super::handle::{ToWorker, WorkerHandle};
use super::worker::Worker;
use super::{Shared, stopped};

/// Events that are read at once.
const READ_EVENTS: usize = 256;
/// Dead deliveries that are taken up again at once.
const REPLAYS: usize = 256;
/// In front of all of them.
const REPLAYS_START: ReplayPlace = (Millis(i64::MIN), 0);
/// It looks by itself, too: a wake-up says nothing that the rows do not say.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Running {
    handle: Arc<WorkerHandle>,
    task: JoinHandle<()>,
}

pub(super) struct Dispatcher {
    pub(super) shared: Arc<Shared>,
    pub(super) workers: HashMap<SubscriptionKey, Running>,
    pub(super) by_app: HashMap<AppKey, Vec<Arc<WorkerHandle>>>,
    /// Somebody of an app for each set of event types that they asked for.
    pub(super) wishes: HashMap<AppKey, Vec<Arc<Subscriber>>>,
    /// Where the next look at what is to be sent again begins.
    pub(super) replays_after: ReplayPlace,
}

/// Works until delivery stops, and the workers have ended.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut stop = shared.stop.clone();
    let mut dispatcher = Dispatcher::new(shared);
    let stopped = async move { stopped(&mut stop).await };
    keep_running("dispatcher", stopped, &mut dispatcher, |dispatcher| dispatcher.work().boxed()).await;
    let mut ending: JoinSet<()> = JoinSet::new();
    for (_, running) in dispatcher.workers {
        ending.spawn(async move {
            let _ended = running.task.await;
        });
    }
    while ending.join_next().await.is_some() {}
}

impl Dispatcher {
    /// One that hands out what happens from now on. What happened before is read by the workers.
    pub(super) fn new(shared: Arc<Shared>) -> Dispatcher {
        let start = *shared.outbox.newest_event().borrow();
        shared.status.newest.store(start, Ordering::Release);
        shared.status.position.store(start, Ordering::Release);
        shared.status.handed_out.store(start, Ordering::Release);
        let (workers, by_app, wishes) = (HashMap::new(), HashMap::new(), HashMap::new());
        Dispatcher { shared, workers, by_app, wishes, replays_after: REPLAYS_START }
    }

    /// Works until delivery stops.
    async fn work(&mut self) {
        let (mut newest, mut changes) =
            (self.shared.outbox.newest_event(), self.shared.outbox.audience_changes());
        let mut stop = self.shared.stop.clone();
        changes.mark_unchanged();
        self.begin().await;
        let mut replays_at = Instant::now();
        loop {
            let known = *newest.borrow_and_update();
            self.shared.status.newest.fetch_max(known, Ordering::AcqRel);
            // Whatever is to be done besides comes between two batches, however many there are.
            let more = !*stop.borrow() && self.hand_out().await;
            if !more || Instant::now() >= replays_at {
                self.take_replays().await;
                replays_at = Instant::now() + PAUSE;
            }
            if more {
                continue;
            }
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return,
                Ok(()) = changes.changed() => self.load_subscriptions(Vec::new()).await,
                Ok(()) = newest.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Loads the subscriptions. Workers that are there already may have missed what was being handed
    /// out when it broke: they look for it in the outbox.
    async fn begin(&mut self) {
        for running in self.workers.values() {
            running.handle.detach();
        }
        let status = &self.shared.status;
        status.handed_out.store(status.position.load(Ordering::Acquire), Ordering::Release);
        let parked = persist(|| self.shared.outbox.parked()).await;
        self.load_subscriptions(parked).await;
    }

    /// Hands out one batch; gives whether there may be more. The handles show every change in front of it:
    /// whoever was promised events from then on gets all of them.
    pub(super) async fn hand_out(&mut self) -> bool {
        // The changes in front of these are counted by now. What changes from here on, however often, keeps
        // none of them back.
        let known = *self.shared.outbox.newest_event().borrow();
        if *self.shared.status.shown.borrow() < self.shared.outbox.audience_version() {
            self.load_subscriptions(Vec::new()).await;
        }
        let status = &self.shared.status;
        let from = status.position.load(Ordering::Acquire);
        let wishes = &self.wishes;
        let wanted = |app: AppKey, kind: EventType, user: UserKey| {
            wishes.get(&app).is_some_and(|all| all.iter().any(|wish| wish.may_want(app, kind, user)))
        };
        let (mut events, through) = persist(|| self.shared.outbox.after(from, READ_EVENTS, wanted)).await;
        let through = through.min(known);
        if through <= from {
            return false;
        }
        events.retain(|event| event.sequence <= through);
        status.newest.fetch_max(through, Ordering::AcqRel);
        status.position.store(through, Ordering::Release);
        #[cfg(test)]
        status.fuse.blow();
        let mut of_app: HashMap<AppKey, Vec<_>> = HashMap::new();
        for event in events {
            of_app.entry(event.app).or_default().push(event);
        }
        for (app, events) in of_app {
            for handle in self.by_app.get(&app).into_iter().flatten() {
                handle.offer(&events);
            }
        }
        status.handed_out.store(through, Ordering::Release);
        true
    }

    /// Takes up what was asked to be sent again, some of it at a time: what nobody can send now, be it that
    /// its integration is paused, keeps nothing behind it waiting.
    async fn take_replays(&mut self) {
        let after = self.replays_after;
        let (found, last) = persist(|| self.shared.outbox.to_replay(after, REPLAYS)).await;
        self.replays_after = last.unwrap_or(REPLAYS_START);
        for dead in found {
            if let Some(running) = self.workers.get(&dead.subscription) {
                running.handle.tell(ToWorker::Replay { sequence: dead.event, attempts: dead.attempts });
            }
        }
    }

    /// Starts workers for new subscriptions, tells those that changed, ends those that are gone.
    pub(super) async fn load_subscriptions(&mut self, parked: Vec<Parked>) {
        let version = self.shared.outbox.audience_version();
        let found = try_persist(|| self.shared.outbox.subscribers()).await;
        // Damage beyond single rows leaves everybody as they are.
        let Ok(found) = found else {
            self.shared.status.shown.send_replace(version);
            return;
        };
        let mut parked_of: HashMap<SubscriptionKey, Vec<Parked>> = HashMap::new();
        for row in parked {
            parked_of.entry(row.subscription).or_default().push(row);
        }
        let live: HashMap<SubscriptionKey, Arc<Subscriber>> = found
            .into_iter()
            .filter(|subscriber| self.can_render(subscriber))
            .map(|subscriber| (subscriber.subscription.key, subscriber))
            .collect();
        self.workers.retain(|key, running| {
            let stays = live.contains_key(key);
            if !stays {
                running.task.abort();
            }
            stays
        });
        for (key, subscriber) in live {
            match self.workers.get(&key) {
                Some(running) => {
                    *running.handle.subscriber.lock().unwrap_or_else(PoisonError::into_inner) = subscriber;
                    running.handle.tell(ToWorker::Changed);
                }
                None => self.start(subscriber, parked_of.remove(&key).unwrap_or_default()),
            }
        }
        self.index();
        self.shared.status.shown.send_replace(version);
    }

    fn start(&mut self, subscriber: Arc<Subscriber>, parked: Vec<Parked>) {
        let key = subscriber.subscription.key;
        let (handle, inbox) = WorkerHandle::new(subscriber);
        let worker = Worker::new(self.shared.clone(), handle.clone(), inbox, parked);
        self.workers.insert(key, Running { handle, task: tokio::spawn(worker.run()) });
    }

    fn can_render(&self, subscriber: &Subscriber) -> bool {
        let form = subscriber.subscription.form;
        let can = subscriber.is_channel() || self.shared.renderers.contains_key(&form);
        if !can {
            tracing::warn!(webhook = %subscriber.subscription.id, form = form.as_str(), "no renderer for this form");
        }
        can
    }

    fn index(&mut self) {
        self.by_app.clear();
        self.wishes.clear();
        let mut handles = HashMap::new();
        for (key, running) in &self.workers {
            let subscriber = running.handle.subscriber();
            let subscription = &subscriber.subscription;
            self.by_app.entry(subscription.app).or_default().push(running.handle.clone());
            let wishes = self.wishes.entry(subscription.app).or_default();
            if !wishes.iter().any(|known| asks_alike(known, &subscriber)) {
                wishes.push(subscriber.clone());
            }
            handles.insert(*key, running.handle.clone());
        }
        *self.shared.status.handles.lock().unwrap_or_else(PoisonError::into_inner) = handles;
    }
}

/// Whether two subscribers of an app may want the same events.
fn asks_alike(one: &Subscriber, other: &Subscriber) -> bool {
    one.subscription.triggers == other.subscription.triggers && one.is_channel() == other.is_channel()
}
