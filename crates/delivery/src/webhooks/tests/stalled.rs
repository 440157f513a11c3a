//! Receivers that hang take no places of others.

use tokio::sync::mpsc;

use super::{House, Texts};
use crate::http::tests::sink::{Reply, Sink};
use crate::webhooks::dispatcher;
use crate::webhooks::places::Places;

const PLACES: usize = 8;

#[tokio::test]
async fn more_stalled_lanes_than_places_delay_nobody_else() {
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
    let running = tokio::spawn(dispatcher::run(house.shared(Texts(|_: &str| {}), Places::new(PLACES))));
    // Every lane of the first receiver hangs before there is a second.
    for number in 0..2 * PLACES {
        house.say(house.conversation().await, &format!("{number}")).await;
    }
    for _ in 0..PLACES / 4 {
        stalled.recv().await.unwrap();
    }
    house.webhook(&format!("http://{}/", working.address)).await;
    let conversation = house.conversation().await;
    for number in 0..2 * PLACES {
        house.say(conversation, &format!("said {number}")).await;
        let request = answered.recv().await.unwrap();
        assert!(request.ends_with(&format!("said {number}")), "{request}");
    }
    assert_eq!(hanging.seen().len(), PLACES / 4, "the rest of its lanes wait for its own places");
    running.abort();
}
