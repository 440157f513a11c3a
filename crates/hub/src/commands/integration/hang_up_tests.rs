//! A caller who hangs up while a provider answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use model::Millis;
use model::record::Integration;
use store::rows::provisionings;
use tokio::sync::Notify;

use super::provider_tests::telegram;
use super::*;
use crate::channel::OpenChannel;
use crate::test_support::House;
use crate::{Cursor, Hub, PageRequest};

/// A provider that thinks until it is told to answer.
#[derive(Default)]
struct Slow {
    asked: Notify,
    answers: Notify,
}

impl Provisioner for Slow {
    fn is_connected(&self, kind: &str) -> bool {
        kind == "telegram"
    }

    fn provision<'a>(&'a self, _: &'a Hub, _: &'a OpenChannel) -> BoxFuture<'a, Result<Provisioned, String>> {
        Box::pin(async {
            self.asked.notify_one();
            self.answers.notified().await;
            Ok(Provisioned::default())
        })
    }

    fn withdraw<'a>(&'a self, _: &'a Hub, _: &'a OpenChannel) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn is_held_by(&self, _: &Integration, _: &Integration) -> bool {
        false
    }

    fn again_at(&self, _: i64, _: Millis) -> Option<Millis> {
        None
    }
}

#[tokio::test]
async fn an_integration_is_set_up_to_its_end_though_the_caller_hangs_up() {
    let house = House::open();
    let grant = house.app().await;
    let slow = Arc::new(Slow::default());
    house.hub.use_provisioner(slow.clone());
    let caller = {
        let (hub, grant) = (house.hub.clone(), grant.clone());
        tokio::spawn(async move { hub.create_integration(&grant, telegram("1:token")).await.map(drop) })
    };
    slow.asked.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    slow.answers.notify_one();
    let page = PageRequest { cursor: Cursor::Start, size: 10 };
    let connected = async {
        while house.hub.list_integrations(&grant, None, page).await.unwrap().items.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), connected).await.expect("it is connected");
    let reader = &mut house.hub.reader().await.unwrap();
    assert!(provisionings::all(reader, 10).await.unwrap().is_empty(), "nothing is left half done");
}
