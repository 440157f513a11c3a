//! Hubster's three services by the Rust client alone: set up, spoken through and listened to.

use std::time::Duration;

use client::hubster::types::*;
use client::hubster::{Engine, Portal};
use client::signalr::{Listen, Signal};
use client::{Client, Credentials, Error};
use futures::{Stream, StreamExt as _};
use testkit::{Crosspoint, PATIENCE, run};

/// How long something may take to be heard; what comes comes at once.
const HEARD_WITHIN: Duration = Duration::from_secs(20).saturating_mul(PATIENCE);

fn client(server: &Crosspoint, resource: &str) -> Client {
    let key = server.account_key();
    let credentials = Credentials::hubster(format!("hubster.{resource}.api.{}", key.id), &key.secret);
    Client::builder(server.base()).credentials(credentials).build().unwrap()
}

async fn direct(portal: &Portal, hub: &str, side: IntegrationType, name: &str) -> String {
    let body = DirectConfiguration::of(side).create(name);
    portal.create_integration(hub, &body).await.unwrap().integration_id
}

async fn next(signals: &mut (impl Stream<Item = Result<Signal, Error>> + Unpin)) -> Result<Signal, Error> {
    let signal = tokio::time::timeout(HEARD_WITHIN, signals.next()).await.expect("nothing came");
    signal.expect("the stream has ended")
}

/// The next message that is heard: its trigger and its text. It says in which conversation it was said.
async fn heard(
    signals: &mut (impl Stream<Item = Result<Signal, Error>> + Unpin),
    conversation: &str,
) -> (String, String) {
    let Signal::Activity(activity) = next(signals).await.unwrap() else { panic!("connected again") };
    assert_eq!(activity.conversation_id.as_deref(), Some(conversation));
    match activity.said().unwrap() {
        Said::Message(Message::Text(said)) => (activity.event_trigger.clone(), said.text.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn both_sides_of_a_conversation_listen_across_a_crash_of_the_server() {
    run(90, async {
        let mut server = Crosspoint::start().await;
        let portal = client(&server, "portal").portal();
        let engine: Engine = client(&server, "engine").engine();
        let hub = portal.create_hub(&HubCreate::new("Shop", "for a test")).await.unwrap().hub_id;
        let agent = direct(&portal, &hub, IntegrationType::Agent, "desk").await;
        let customers = direct(&portal, &hub, IntegrationType::Customer, "site").await;
        let begun = engine.establish(&EstablishRequest::direct(&customers, "customer-7")).await.unwrap();
        let conversation = begun.conversation_id;

        let mut desk = engine.listen(&Listen::to(&agent));
        let mut customer = engine.listen(&Listen::to(&customers).in_conversation(&conversation));
        assert_eq!(next(&mut desk).await.unwrap(), Signal::Connected);
        assert_eq!(next(&mut customer).await.unwrap(), Signal::Connected);

        let ask = async |text: &str| {
            let said = ActivityRequest::message(Message::text(text));
            engine.customer_activity(&conversation, &said).await.unwrap();
        };
        let answer = async |text: &str| {
            let said = ActivityRequest::message(Message::text(text)).from_integration(&agent);
            engine.business_activity(&conversation, &said).await.unwrap();
        };
        ask("Where is my parcel?").await;
        assert_eq!(
            heard(&mut desk, &conversation).await,
            ("message:customer".into(), "Where is my parcel?".into())
        );
        answer("On its way.").await;
        assert_eq!(heard(&mut customer, &conversation).await, ("message:agent".into(), "On its way.".into()));

        server.kill9();
        server.restart().await;
        for signals in [&mut desk, &mut customer] {
            assert!(next(signals).await.is_err(), "a broken connection is told");
            while !matches!(next(signals).await, Ok(Signal::Connected)) {}
        }
        ask("Thank you").await;
        assert_eq!(heard(&mut desk, &conversation).await.1, "Thank you");
        answer("You are welcome").await;
        assert_eq!(heard(&mut customer, &conversation).await.1, "You are welcome");
    });
}

#[test]
fn who_may_not_listen_is_told_and_the_stream_ends() {
    run(60, async {
        let server = Crosspoint::start().await;
        let engine: Engine = client(&server, "engine").engine();
        let mut signals = engine.listen(&Listen::to("b205b3ec-a9d7-4243-b88c-017533957deb"));
        // It is said over the socket, where every client can read it.
        assert_eq!(next(&mut signals).await.unwrap(), Signal::Connected);
        let refusal = next(&mut signals).await.unwrap_err();
        assert_eq!((refusal.status(), refusal.code()), (Some(404), Some("ENG006000")), "{refusal}");
        assert!(signals.next().await.is_none(), "it would be refused again");
    });
}
