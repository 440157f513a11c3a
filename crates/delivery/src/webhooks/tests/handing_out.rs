//! An event is not counted as seen while it is being handed out.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hub::outbox::Subscriber;
use model::Millis;

use super::{HandClock, House, Texts};
use crate::webhooks::dispatcher::Dispatcher;
use crate::webhooks::handle::WorkerHandle;
use crate::webhooks::slots::Slots;
use crate::webhooks::worker::Worker;

/// The subscriber as if it had settled nothing for very long.
fn far_behind(subscriber: &Subscriber, events: i64) -> Arc<Subscriber> {
    let mut old = subscriber.clone();
    old.subscription.settled_through -= events;
    Arc::new(old)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_worker_does_not_skip_what_is_about_to_be_offered() {
    let house = House::open().await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let subscriber = far_behind(&*house.webhook("http://127.0.0.1:9/").await, 100_000);
    let settled = async || {
        let found = house.subscribers().await;
        let mut found = found.iter().filter(|found| found.subscription.key == subscriber.subscription.key);
        found.next().unwrap().subscription.settled_through
    };
    let start = house.newest_event().await;
    let status = &shared.status;
    status.position.store(start, Ordering::Release);
    status.handed_out.store(start, Ordering::Release);
    // Two workers that have read everything; the first handle is held, so that the second one's offer waits.
    let ((held, _held_inbox), (handle, inbox)) =
        (WorkerHandle::new(subscriber.clone()), WorkerHandle::new(subscriber.clone()));
    assert!(held.attach(start, status) && handle.attach(start, status));
    let mut worker = Worker::new(shared.clone(), handle.clone(), inbox, Vec::new());
    let conversation = house.conversation().await;
    house.say(conversation, "hello").await;
    let event = house.newest_event().await;
    let app = subscriber.subscription.app;
    let mut dispatcher = Dispatcher {
        shared: shared.clone(),
        workers: HashMap::new(),
        by_app: HashMap::from([(app, vec![held.clone(), handle])]),
        wishes: HashMap::from([(app, vec![subscriber.clone()])]),
        replays_after: (Millis(0), 0),
    };
    let (holding, held_now) = std::sync::mpsc::channel();
    let (let_go, gone) = std::sync::mpsc::channel::<()>();
    let holder = std::thread::spawn(move || {
        let _guard = held.hold();
        holding.send(()).unwrap();
        gone.recv().unwrap();
    });
    held_now.recv().unwrap();
    let handing_out = tokio::spawn(async move { dispatcher.hand_out().await });
    while shared.status.position.load(Ordering::Acquire) < event {
        tokio::task::yield_now().await;
    }
    worker.write_progress().await;
    assert!(settled().await < event, "the event is still to be offered");
    let_go.send(()).unwrap();
    holder.join().unwrap();
    assert!(handing_out.await.unwrap());
    worker.write_progress().await;
    assert!(settled().await < event, "it is in the queue");
    worker.take_waiting();
    assert_eq!(worker.open(), 1, "the worker has taken it");
    worker.write_progress().await;
    assert!(settled().await < event, "it is not settled before it is delivered");
}

#[tokio::test]
async fn an_idle_worker_goes_on_with_what_was_not_for_it() {
    let house = House::open().await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let subscriber = far_behind(&*house.webhook("http://127.0.0.1:9/").await, 100_000);
    let newest = house.newest_event().await;
    let (handle, inbox) = WorkerHandle::new(subscriber);
    assert!(handle.attach(newest, &shared.status));
    let mut worker = Worker::new(shared.clone(), handle, inbox, Vec::new());
    shared.status.position.store(newest, Ordering::Release);
    shared.status.handed_out.store(newest, Ordering::Release);
    assert!(worker.idle_through() == Some(newest));
    worker.write_progress().await;
    assert_eq!(worker.settled_through(), newest);
}

#[tokio::test]
async fn an_idle_worker_notes_from_time_to_time_how_far_it_came() {
    let clock = Arc::new(HandClock(AtomicI64::new(1_750_000_000_000)));
    let house = House::open_by(clock.clone()).await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let subscriber = far_behind(&*house.webhook("http://127.0.0.1:9/").await, 1);
    let settled_before = subscriber.subscription.settled_through;
    let newest = house.newest_event().await;
    let (handle, inbox) = WorkerHandle::new(subscriber);
    let status = &shared.status;
    status.position.store(newest, Ordering::Release);
    status.handed_out.store(newest, Ordering::Release);
    assert!(handle.attach(newest, status));
    let mut worker = Worker::new(shared.clone(), handle, inbox, Vec::new());
    worker.write_progress().await;
    assert_eq!(worker.settled_through(), settled_before, "not for each event of others");
    clock.0.fetch_add(299_000, Ordering::SeqCst);
    worker.write_progress().await;
    assert_eq!(worker.settled_through(), settled_before);
    clock.0.fetch_add(1_000, Ordering::SeqCst);
    worker.write_progress().await;
    assert_eq!(worker.settled_through(), newest);
}

#[tokio::test]
async fn a_batch_is_handed_to_the_subscriptions_of_its_time() {
    let house = House::open().await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let mut dispatcher = Dispatcher::new(shared.clone());
    dispatcher.load_subscriptions(Vec::new()).await;
    let position = || shared.status.position.load(Ordering::Acquire);
    let conversation = house.conversation().await;
    house.say(conversation, "nobody hears").await;
    let first = house.newest_event().await;
    assert!(dispatcher.hand_out().await);
    assert_eq!((position(), dispatcher.workers.len()), (first, 0));
    // Whoever has been answered is promised what comes then.
    let hook = house.webhook("http://127.0.0.1:9/").await;
    house.say(conversation, "somebody hears").await;
    let second = house.newest_event().await;
    assert!(dispatcher.hand_out().await);
    assert_eq!(position(), second);
    assert!(dispatcher.wishes.values().flatten().any(|one| one.subscription.key == hook.subscription.key));
    assert!(!dispatcher.hand_out().await, "there is no more");
}
