//! What a worker makes of its reports and of what comes.

use futures::FutureExt as _;
use hub::outbox::Lane;
use model::record::ConversationKey;

use super::*;
use crate::webhooks::slots::Slots;
use crate::webhooks::tests::{HandClock, House, Texts};

fn lane(conversation: i64) -> Lane {
    Lane::Conversation(ConversationKey(conversation))
}

/// A lane that waits since the moment 1.
fn waiting(subscriber: &Subscriber, conversation: i64, next_at: Millis) -> Parked {
    Parked {
        subscription: subscriber.subscription.key,
        lane: lane(conversation),
        first: 1,
        last: 1,
        attempts: 1,
        next_at,
        status: None,
        error: None,
        parked_at: Millis(1),
    }
}

#[tokio::test]
async fn a_lane_waits_no_longer_when_the_clock_goes_back() {
    let clock = Arc::new(HandClock(AtomicI64::new(1_750_000_000_000)));
    let house = House::open_by(clock.clone()).await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let due = house.hub.now().plus(15_000);
    let parked = vec![waiting(&subscriber, 1, due)];
    let (handle, inbox) = WorkerHandle::new(subscriber);
    let mut worker = Worker::new(shared, handle, inbox, parked);
    clock.0.fetch_sub(365 * 86_400_000, Ordering::SeqCst);
    // One that was tried before, and comes back with the old time.
    let late = ParkedLane::new(7, 1, due, due);
    worker.take_report(Report::Parked { lane: lane(2), sequence: 7, parked: late }).await;
    assert_eq!(worker.lanes.parked(lane(2)).unwrap().next_at, house.hub.now().plus(ATTEMPT_PAUSE_MAX_MS));
    worker.look();
    assert_eq!(worker.lanes.parked(lane(1)).unwrap().next_at, house.hub.now().plus(15_000));
    assert_eq!(worker.lanes.next_due(), Some(house.hub.now().plus(15_000)));
}

#[tokio::test]
async fn neither_lanes_that_are_due_nor_what_is_new_keep_the_other_waiting() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let due = (1..=10).map(|number| waiting(&subscriber, 1_000 + number, Millis(1))).collect();
    let from = house.newest_event().await;
    for _ in 0..10 {
        house.say(house.conversation().await, "new").await;
    }
    house.newest_event().await;
    let (events, _) = house.outbox().after(from, 100, |_, _, _| true).await.unwrap();
    let (handle, inbox) = WorkerHandle::new(subscriber);
    let mut worker = Worker::new(shared, handle, inbox, due);
    events.into_iter().for_each(|event| worker.take_event(event));
    worker.requests_max = REQUESTS_MAX_FAILING;
    worker.start_next();
    let (all, lanes) = (worker.running.len(), worker.running.lanes());
    assert_eq!((all, lanes), (REQUESTS_MAX_FAILING, REQUESTS_MAX_FAILING / 2));
    worker.requests_max = REQUESTS_MAX;
    worker.start_next();
    assert_eq!((worker.running.len(), worker.ready(), worker.lanes.next_due()), (20, 0, None));
}

#[tokio::test]
async fn who_reads_by_itself_has_all_of_the_outbox_before_it() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let settled = subscriber.subscription.settled_through;
    shared.status.newest.store(settled + 100_000, Ordering::Release);
    let (handle, inbox) = WorkerHandle::new(subscriber);
    let worker = Worker::new(shared, handle.clone(), inbox, Vec::new());
    worker.note_load();
    assert!(handle.load.load(Ordering::Acquire) > 100_000);
}

#[tokio::test]
async fn a_lane_that_rests_is_no_failure_and_is_looked_at_when_something_has_changed() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let (handle, inbox) = WorkerHandle::new(subscriber.clone());
    let mut worker = Worker::new(shared, handle.clone(), inbox, Vec::new());
    let far = house.hub.now().plus(60_000);
    let rests = ParkedLane { rests: true, ..ParkedLane::new(7, 0, far, far) };
    worker.take_report(Report::Parked { lane: lane(1), sequence: 7, parked: rests }).await;
    assert_eq!(worker.requests_max, REQUESTS_MAX, "nobody has refused anything");
    worker.look();
    worker.wake_resting();
    assert_eq!(worker.lanes.next_due(), Some(far), "nothing has changed");
    *handle.subscriber.lock().unwrap() = Arc::new((*subscriber).clone());
    worker.look();
    worker.wake_resting();
    assert!(worker.lanes.take_due(house.hub.now()).is_some());
}

#[tokio::test]
async fn a_long_lane_is_looked_through_once_for_many_of_its_events() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let conversation = house.conversation().await;
    let from = house.newest_event().await;
    for number in 0..70 {
        house.say(conversation, &number.to_string()).await;
    }
    let newest = house.newest_event().await;
    let event = house.outbox().event(newest).await.unwrap().unwrap();
    // Nobody asked for these, so that they are gone through at once.
    let mut deaf = (*subscriber).clone();
    deaf.subscription.triggers = 0;
    let (handle, inbox) = WorkerHandle::new(Arc::new(deaf));
    let mut worker = Worker::new(shared.clone(), handle.clone(), inbox, Vec::new());
    let parked = ParkedLane { last: newest, ..ParkedLane::new(from + 1, 1, Millis(1), Millis(1)) };
    worker.lanes.park(event.lane, parked.clone());
    let at = Arc::new(AtomicI64::new(0));
    let report = attempt::drain(shared, handle, event.lane, parked, at).await;
    assert!(
        matches!(&report, Report::Drained { complete: false, ahead, .. } if ahead.len() == 6),
        "{report:?}"
    );
    worker.take_report(report).await;
    let left = worker.lanes.parked(event.lane).unwrap();
    assert_eq!((left.first, &left.ahead[..]), (newest - 5, &(newest - 5..=newest).collect::<Vec<_>>()[..]));
}

#[tokio::test]
async fn a_dead_delivery_that_is_asked_for_in_a_pause_is_sent_after_it() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    house.say(house.conversation().await, "hello").await;
    let event = house.newest_event().await;
    let (app, key) = (subscriber.subscription.app, subscriber.subscription.key);
    house.outbox().bury(app, key, event, 5, Default::default()).await.unwrap();
    let page = hub::PageRequest { cursor: hub::Cursor::Start, size: 1 };
    let listed = house.hub.list_deliveries(&house.grant, page).await.unwrap();
    house.hub.replay_delivery(&house.grant, listed.items[0].id).await.unwrap();
    let mut paused = (*subscriber).clone();
    paused.paused = true;
    attempt::replay(shared, Arc::new(paused), event, 5).await;
    let (asked, _) = house.outbox().to_replay((Millis(0), 0), 9).await.unwrap();
    assert_eq!(asked.len(), 1);
    let (behind, more) = house.outbox().to_replay((asked[0].replay_at.unwrap(), i64::MAX), 9).await.unwrap();
    assert_eq!((behind.len(), more), (0, None));
}

#[tokio::test]
async fn what_was_delivered_with_its_waiting_lane_is_not_delivered_again_when_it_comes() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let conversation = house.conversation().await;
    let from = house.newest_event().await;
    for text in ["first", "second", "third"] {
        house.say(conversation, text).await;
    }
    let (events, newest) = house.outbox().after(from, 10, |_, _, _| true).await.unwrap();
    let of = |number: i64| events.iter().find(|event| event.sequence == number).unwrap().clone();
    let (first, last) = (of(newest - 2), of(newest));
    let now = Millis(1);
    let parked = Parked {
        subscription: subscriber.subscription.key,
        lane: first.lane,
        first: first.sequence,
        last: first.sequence,
        attempts: 1,
        next_at: now,
        status: None,
        error: None,
        parked_at: now,
    };
    let (handle, inbox) = WorkerHandle::new(subscriber);
    let mut worker = Worker::new(shared, handle, inbox, vec![parked]);
    // The lane was read from the outbox, which had the second one already.
    let through = newest - 1;
    let ahead = Arc::default();
    let report = Report::Drained { lane: first.lane, through, complete: true, taken: true, ahead };
    worker.take_report(report).await;
    worker.take_event(first);
    worker.write_progress().await;
    worker.take_event(of(through));
    assert_eq!((worker.ready(), worker.open()), (0, 0), "both were delivered");
    assert_eq!(worker.settled_through(), through);
    worker.take_event(last);
    assert_eq!((worker.ready(), worker.open()), (1, 1), "what lies behind goes");
    worker.write_progress().await;
    assert!(worker.lanes.remembers_nothing(), "what has come is not remembered");
}

#[tokio::test]
async fn only_what_a_receiver_has_taken_lifts_the_limit_of_one_that_fails() {
    let house = House::open().await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let (handle, inbox) = WorkerHandle::new(house.webhook("http://127.0.0.1:9/").await);
    let mut worker = Worker::new(shared, handle, inbox, Vec::new());
    let lane = Lane::Conversation(ConversationKey(1));
    let now = Millis(1);
    let parked = ParkedLane::new(7, 1, now, now);
    worker.take_report(Report::Parked { lane, sequence: 7, parked }).await;
    assert_eq!(worker.requests_max, REQUESTS_MAX_FAILING);
    worker.take_report(Report::Settled { lane, sequence: 8, taken: false }).await;
    assert_eq!(worker.requests_max, REQUESTS_MAX_FAILING, "nobody was asked");
    worker.take_report(Report::Settled { lane, sequence: 9, taken: true }).await;
    assert_eq!(worker.requests_max, REQUESTS_MAX);
}

#[tokio::test]
async fn a_worker_that_reads_by_itself_waits_until_its_subscription_is_as_it_was_promised() {
    let house = House::open().await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let now = house.webhook("http://127.0.0.1:9/").await;
    let mut before = (*now).clone();
    before.subscription.triggers = 0;
    let (handle, inbox) = WorkerHandle::new(Arc::new(before));
    let mut worker = Worker::new(shared.clone(), handle.clone(), inbox, Vec::new());
    house.say(house.conversation().await, "hello").await;
    house.newest_event().await;
    shared.status.shown.send_replace(0);
    {
        let mut reading = std::pin::pin!(worker.read());
        assert!(reading.as_mut().now_or_never().is_none(), "it wanted other events before");
        *handle.subscriber.lock().unwrap() = now;
        shared.status.shown.send_replace(shared.outbox.audience_version());
        reading.await;
    }
    assert_eq!(worker.ready(), 1);
}

#[tokio::test]
async fn what_is_damaged_is_not_asked_for_again_and_again() {
    let mut asked = 0;
    let found: Vec<i64> = persist(|| {
        asked += 1;
        let damage = store::StoreError::Damaged("by a test".into());
        std::future::ready(Err(hub::HubError::Internal(damage)))
    })
    .await;
    assert_eq!((found, asked), (Vec::new(), 1));
}
