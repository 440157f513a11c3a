//! What a worker makes of its reports and of what comes.

use hub::outbox::Lane;
use model::record::ConversationKey;

use super::*;
use crate::webhooks::slots::Slots;
use crate::webhooks::tests::{House, Texts};

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
    let report = Report::Drained { lane: first.lane, through, complete: true, taken: true };
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
    let parked = ParkedLane { first: 7, last: 7, attempts: 1, next_at: now, parked_at: now, running: false };
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
