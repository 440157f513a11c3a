//! A delivery that breaks inside the server is an attempt that failed.

use std::sync::Arc;

use hub::{Cursor, PageRequest};
use model::Millis;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{House, Texts};
use crate::http::tests::sink::{Reply, Sink};
use crate::webhooks::handle::WorkerHandle;
use crate::webhooks::slots::Slots;
use crate::webhooks::tasks::{InHand, Tasks};
use crate::webhooks::{Shared, attempt, dispatcher};

#[tokio::test]
async fn what_breaks_is_tried_again_and_given_up_and_its_lane_goes_on() {
    let house = House::open().await;
    let sink = Sink::start(|_| Reply::ok("")).await;
    let subscriber = house.webhook(&format!("http://{}/", sink.address)).await;
    let (rendered, mut seen) = mpsc::unbounded_channel();
    let renderer = Texts(move |text: &str| {
        rendered.send(text.to_owned()).unwrap();
        assert_ne!(text, "breaks", "this is what the test wants");
    });
    let running = tokio::spawn(dispatcher::run(house.shared(renderer, Slots::default())));
    let conversation = house.conversation().await;
    house.say(conversation, "breaks").await;
    house.say(conversation, "follows").await;
    for _ in 0..5 {
        assert_eq!(seen.recv().await.unwrap(), "breaks", "the first of its lane, for five attempts");
    }
    assert_eq!(seen.recv().await.unwrap(), "follows");
    assert_eq!(house.outbox().counts().await.unwrap().0, 1, "it is kept as dead");
    house.stop.send_replace(true);
    running.await.unwrap();
    let newest = house.newest_event().await;
    let found = house.subscribers().await;
    let found = found.iter().find(|found| found.subscription.key == subscriber.subscription.key).unwrap();
    assert!(found.subscription.settled_through >= newest - 1, "nothing before the last stays open");
}

#[tokio::test]
async fn a_dead_delivery_that_breaks_stays_dead_and_is_not_tried_by_itself() {
    let house = House::open().await;
    let subscriber = house.webhook("http://127.0.0.1:9/").await;
    house.say(house.conversation().await, "breaks").await;
    let event = house.newest_event().await;
    let (app, key) = (subscriber.subscription.app, subscriber.subscription.key);
    house.outbox().bury(app, key, event, 5, Default::default()).await.unwrap();
    let shared = house.shared(Texts(|_: &str| panic!("this is what the test wants")), Slots::default());
    let page = PageRequest { cursor: Cursor::Start, size: 1 };
    let listed = house.hub.list_deliveries(&house.grant, page).await.unwrap();
    house.hub.replay_delivery(&house.grant, listed.items[0].id).await.unwrap();
    let asked = async || house.outbox().to_replay((Millis(0), 0), 9).await.unwrap().0;
    let dead = asked().await.remove(0);
    let in_hand = InHand::Replay { sequence: dead.event, attempts: dead.attempts };
    let mut tasks = Tasks::default();
    tasks.start(in_hand, attempt::replay(shared.clone(), subscriber.clone(), event, 5));
    let in_hand = tasks.next().await.unwrap().expect_err("a delivery that broke");
    attempt::broken(shared, subscriber, in_hand).await;
    assert_eq!(asked().await, []);
    assert_eq!(house.outbox().counts().await.unwrap().0, 1);
}

/// Hears what a sink is sent and what the renderer writes.
struct Heard {
    house: House,
    shared: Arc<Shared>,
    sink: Sink,
    texts: mpsc::UnboundedReceiver<String>,
}

impl Heard {
    async fn open() -> Heard {
        let house = House::open().await;
        let sink = Sink::start(|_| Reply::ok("")).await;
        house.webhook(&format!("http://{}/", sink.address)).await;
        let (rendered, texts) = mpsc::unbounded_channel();
        let renderer = Texts(move |text: &str| rendered.send(text.to_owned()).unwrap());
        let shared = house.shared(renderer, Slots::default());
        Heard { house, shared, sink, texts }
    }

    fn handle(&self) -> Arc<WorkerHandle> {
        self.shared.status.handles.lock().unwrap().values().next().unwrap().clone()
    }

    /// Waits until this text is delivered; others, which were delivered before, may come again.
    async fn hears(&mut self, wanted: &str) {
        while self.texts.recv().await.unwrap() != wanted {}
    }

    /// Stops; everything is delivered, and nothing lies before what is settled.
    async fn end(self, running: JoinHandle<()>, wanted: &[&str]) {
        self.house.stop.send_replace(true);
        running.await.unwrap();
        let seen = self.sink.seen();
        for text in wanted {
            assert!(seen.iter().any(|request| request.text.ends_with(text)), "{text}");
        }
        let newest = self.house.newest_event().await;
        assert_eq!(self.house.subscribers().await[0].subscription.settled_through, newest);
        assert_eq!(self.house.outbox().counts().await.unwrap(), (0, 0));
    }
}

#[tokio::test]
async fn a_worker_that_breaks_begins_again_behind_what_is_settled() {
    let mut heard = Heard::open().await;
    let running = tokio::spawn(dispatcher::run(heard.shared.clone()));
    let conversation = heard.house.conversation().await;
    heard.house.say(conversation, "first").await;
    heard.hears("first").await;
    let handle = heard.handle();
    handle.fuse.set();
    heard.house.say(conversation, "second").await;
    heard.hears("second").await;
    assert!(!handle.fuse.is_set(), "it broke");
    heard.house.say(conversation, "third").await;
    heard.hears("third").await;
    heard.end(running, &["first", "second", "third"]).await;
}

#[tokio::test]
async fn a_dispatcher_that_breaks_while_it_hands_out_leaves_nobody_without_the_event() {
    let mut heard = Heard::open().await;
    let running = tokio::spawn(dispatcher::run(heard.shared.clone()));
    let conversation = heard.house.conversation().await;
    heard.house.say(conversation, "first").await;
    heard.hears("first").await;
    // The worker gets what comes next through its queue.
    while !heard.handle().is_attached() {
        tokio::task::yield_now().await;
    }
    heard.shared.status.fuse.set();
    heard.house.say(conversation, "second").await;
    heard.hears("second").await;
    assert!(!heard.shared.status.fuse.is_set(), "it broke");
    heard.house.say(conversation, "third").await;
    heard.hears("third").await;
    heard.end(running, &["first", "second", "third"]).await;
}
