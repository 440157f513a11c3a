//! Receivers that hang take no slots of others.

use std::collections::HashMap;

use tokio::sync::mpsc;

use super::{House, Texts};
use crate::http::tests::sink::{Reply, Sink};
use crate::webhooks::dispatcher;
use crate::webhooks::slots::Slots;

const SLOTS: usize = 8;

#[tokio::test]
async fn more_stalled_lanes_than_slots_delay_nobody_else() {
    let house = House::open().await;
    let (seen, mut answered) = mpsc::unbounded_channel();
    let (hangs, mut stalled) = mpsc::unbounded_channel();
    let hanging = Sink::start(move |_| {
        hangs.send(()).unwrap();
        Reply::Stall(Vec::new())
    })
    .await;
    let working = Sink::start(move |request| {
        seen.send(request.text.clone()).unwrap();
        Reply::ok("")
    })
    .await;
    house.webhook(&format!("http://{}/", hanging.address)).await;
    let running = tokio::spawn(dispatcher::run(house.shared(Texts(|_: &str| {}), Slots::new(SLOTS))));
    // Every lane of the first receiver hangs before there is a second.
    for number in 0..2 * SLOTS {
        house.say(house.conversation().await, &format!("{number}")).await;
    }
    for _ in 0..SLOTS / 4 {
        stalled.recv().await.unwrap();
    }
    house.webhook(&format!("http://{}/", working.address)).await;
    let conversation = house.conversation().await;
    for number in 0..2 * SLOTS {
        house.say(conversation, &format!("said {number}")).await;
        let request = answered.recv().await.unwrap();
        assert!(request.ends_with(&format!("said {number}")), "{request}");
    }
    assert_eq!(hanging.seen().len(), SLOTS / 4, "the rest of its lanes wait for its own slots");
    running.abort();
}

#[tokio::test]
async fn more_stalled_lanes_of_a_provider_than_slots_delay_no_other_provider() {
    let house = House::open().await;
    let (hangs, mut stalled) = mpsc::unbounded_channel();
    let hanging = Sink::start(move |_| {
        hangs.send(()).unwrap();
        Reply::Stall(Vec::new())
    })
    .await;
    let (seen, mut answered) = mpsc::unbounded_channel();
    let working = Sink::start(move |request| {
        seen.send(request.text.clone()).unwrap();
        Reply::ok(r#"{"recipient_id":"1","message_id":"m.1"}"#)
    })
    .await;
    let base_urls = HashMap::from([
        ("TELEGRAM".to_owned(), format!("http://{}", hanging.address)),
        ("MESSENGER".to_owned(), format!("http://{}", working.address)),
    ]);
    let shared = house.shared_with(base_urls, Texts(|_: &str| {}), Slots::new(SLOTS));
    let running = tokio::spawn(dispatcher::run(shared));
    // Several integrations of the provider that hangs, each with as many lanes as there are slots.
    for _ in 0..3 {
        let integration = house.channel("telegram").await;
        for person in 0..SLOTS {
            let conversation = house.hears(integration, &format!("{person}")).await;
            house.say(conversation, "stalled").await;
        }
    }
    for _ in 0..SLOTS / 4 {
        stalled.recv().await.unwrap();
    }
    let integration = house.channel("messenger").await;
    let conversation = house.hears(integration, "1").await;
    for number in 0..2 * SLOTS {
        house.say(conversation, &format!("said {number}")).await;
        let request = answered.recv().await.unwrap();
        assert!(request.contains(&format!("said {number}")), "{request}");
    }
    assert_eq!(hanging.seen().len(), SLOTS / 4, "the rest of its lanes wait for its own slots");
    running.abort();
}
