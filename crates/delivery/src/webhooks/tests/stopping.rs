//! A stop takes nothing back that was delivered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use super::{House, Texts};
use crate::http::tests::sink::{Reply, Seen, Sink};
use crate::webhooks::dispatcher;
use crate::webhooks::slots::Slots;

fn texts(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(|request| request.text.rsplit("\r\n").next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_hangs_at_the_stop_waits_and_what_was_delivered_does_not_come_again() {
    let house = House::open().await;
    let (told, mut seen) = mpsc::unbounded_channel();
    let works = Arc::new(AtomicBool::new(false));
    let does_it_work = works.clone();
    let sink = Sink::start(move |request| {
        told.send(()).unwrap();
        match request.text.ends_with("hangs") && !does_it_work.load(Ordering::Acquire) {
            true => Reply::Stall(Vec::new()),
            false => Reply::ok(""),
        }
    })
    .await;
    house.webhook(&format!("http://{}/", sink.address)).await;
    let shared = house.shared(Texts(|_: &str| {}), Slots::default());
    let running = tokio::spawn(dispatcher::run(shared.clone()));
    let (one, other) = (house.conversation().await, house.conversation().await);
    house.say(one, "hangs").await;
    house.say(one, "behind it").await;
    seen.recv().await.unwrap();
    for text in ["first", "second"] {
        house.say(other, text).await;
        seen.recv().await.unwrap();
    }
    // Only what hangs, and what is behind it, is left.
    while shared.status.pending() != 2 {
        tokio::task::yield_now().await;
    }
    house.stop.send_replace(true);
    house.cut.send_replace(true);
    running.await.unwrap();
    let newest = house.newest_event().await;
    assert_eq!(house.subscribers().await[0].subscription.settled_through, newest);
    let [waits] = house.outbox().parked().await.unwrap().try_into().unwrap();
    assert_eq!((waits.first, waits.last, waits.attempts), (newest - 3, newest - 2, 0));

    works.store(true, Ordering::Release);
    house.stop.send_replace(false);
    house.cut.send_replace(false);
    let running = tokio::spawn(dispatcher::run(house.shared(Texts(|_: &str| {}), Slots::default())));
    for _ in 0..2 {
        seen.recv().await.unwrap();
    }
    house.stop.send_replace(true);
    running.await.unwrap();
    assert_eq!(texts(&sink.seen()), ["hangs", "first", "second", "hangs", "behind it"]);
    assert_eq!(house.outbox().counts().await.unwrap(), (0, 0), "nothing waits any more");
}
