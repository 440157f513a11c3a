//! The worked hand-over of sunshine-v2.md §14, step by step, with the typed client: what each of the
//! three sinks received, in order, with and without `deliverStandbyEvents`.

use client::receive::Receiver;
use client::sunshine::Sunshine;
use client::sunshine::types::*;
use client::{Client, Credentials, Error};
use serde_json::{Value, json};
use testkit::scene::{Custom, HandOver, Talk};
use testkit::{Crosspoint, Inbox, Key, Sink, progress, run};

/// Long enough for a delivery that must not come.
const SILENCE_MS: u64 = 300;

#[test]
fn a_hand_over_without_standby_events() {
    run(60, hand_over(false));
}

#[test]
fn a_hand_over_with_standby_events() {
    run(60, hand_over(true));
}

fn sunshine(server: &Crosspoint, key: &Key) -> Sunshine {
    let credentials = Credentials::jwt(&key.id, &key.secret);
    Client::builder(server.base()).credentials(credentials).build().unwrap().sunshine()
}

fn metadata(value: Value) -> Option<Metadata> {
    Some(serde_json::from_value(value).unwrap())
}

struct Stage {
    app: Sunshine,
    bot: Sunshine,
    agent: Sunshine,
    scene: HandOver,
    talk: Talk,
    inboxes: [Inbox; 3],
    receivers: [Receiver; 3],
    seen: [usize; 3],
    standby: bool,
}

/// A cell of the table: what a sink gets in a step.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    /// The step's event.
    Event,
    /// Nothing unless `deliverStandbyEvents` is on.
    Standby,
}

use Cell::{Event, Standby};

type Told = [Option<Payload>; 3];

impl Stage {
    /// Asserts what the three columns got in this step; gives the payloads of those that got it.
    async fn step(&mut self, number: u32, kind: Trigger, row: [Cell; 3]) -> Told {
        let wanted = row.map(|cell| cell == Event || (cell == Standby && self.standby));
        let (mut payloads, mut ids) = ([None, None, None], Vec::new());
        for (column, wanted) in wanted.into_iter().enumerate() {
            if !wanted {
                continue;
            }
            let hook = self.inboxes[column].wait_for(self.seen[column] + 1).await.remove(self.seen[column]);
            let mut delivery = self.receivers[column].receive(&hook.headers, &hook.raw).unwrap();
            let event = delivery.events.remove(0);
            assert_eq!(event.kind, kind, "step {number}, column {column}");
            payloads[column] = Some(event.payload);
            ids.push(event.id);
            self.seen[column] += 1;
        }
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "step {number}: one event, one id: {ids:?}");
        payloads
    }

    /// Nothing came besides what was asserted.
    async fn silence(&self, number: u32) {
        for (column, inbox) in self.inboxes.iter().enumerate() {
            let kinds = inbox.kinds();
            assert_eq!(kinds.len(), self.seen[column], "step {number}, column {column}: {kinds:?}");
        }
    }

    async fn post(&self, who: &Sunshine, author: Author, text: &str) -> String {
        let message = MessagePost::new(author, Content::text(text));
        let posted = who.post_message(&self.scene.app.id, &self.talk.conversation, &message).await.unwrap();
        posted.messages[0].id.clone()
    }

    /// The customer writes; gives the message's id.
    async fn says(&self, text: &str) -> String {
        self.post(&self.app, Author::user(&self.talk.user), text).await
    }

    async fn pass(&self, who: &Sunshine, body: &PassControlBody) -> Result<Empty, Error> {
        who.pass_control(&self.scene.app.id, &self.talk.conversation, body).await
    }

    async fn offer(&self, who: &Sunshine, to: &str, with: Option<Metadata>) -> Result<Empty, Error> {
        let body = OfferControlBody { switchboard_integration: to.to_owned(), metadata: with };
        who.offer_control(&self.scene.app.id, &self.talk.conversation, &body).await
    }

    async fn accept(&self, who: &Sunshine, with: Option<Metadata>) -> Result<Empty, Error> {
        let body = AcceptControlBody { metadata: with };
        who.accept_control(&self.scene.app.id, &self.talk.conversation, &body).await
    }

    async fn release(&self, who: &Sunshine) -> Result<Empty, Error> {
        let body = ReleaseControlBody::default();
        who.release_control(&self.scene.app.id, &self.talk.conversation, &body).await
    }
}

/// What a payload says of the conversation.
fn conversation(payload: &Payload) -> &ConversationTruncated {
    match payload {
        Payload::ConversationCreate(told) => &told.conversation,
        Payload::Message(told) => &told.conversation,
        Payload::Control(told) => &told.conversation,
        Payload::ControlFailure(told) => &told.conversation,
        other => panic!("{other:?}"),
    }
}

fn name(seat: &Option<SwitchboardIntegrationSummary>) -> Option<&str> {
    seat.as_ref().and_then(|seat| seat.name.as_deref())
}

fn active(payload: &Payload) -> Option<&str> {
    name(&conversation(payload).active_switchboard_integration)
}

fn pending(payload: &Payload) -> Option<&str> {
    name(&conversation(payload).pending_switchboard_integration)
}

fn message(payload: &Payload) -> &MessageWebhook {
    let Payload::Message(told) = payload else { panic!("{payload:?}") };
    &told.message
}

fn control(payload: &Payload) -> &ControlPayload {
    let Payload::Control(told) = payload else { panic!("{payload:?}") };
    told
}

fn refused(result: Result<Empty, Error>, status: u16, code: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(status), Some(code)));
}

async fn hand_over(standby: bool) {
    let server = Crosspoint::start().await;
    let sink = Sink::start().await;
    let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
    let scene = HandOver::create(&server, [&inboxes[0], &inboxes[1], &inboxes[2]], standby).await;
    progress!("hand-over, standby events {standby}");

    // Steps 1 and 2.
    let talk = scene.app.talk("customer").await;
    let receiver = |custom: &Custom| Receiver::new(custom.webhook_secret.as_str()).require_signature();
    let mut stage = Stage {
        app: sunshine(&server, &scene.app.key),
        bot: sunshine(&server, &scene.bot.key),
        agent: sunshine(&server, &scene.agent.key),
        receivers: [receiver(&scene.bot), receiver(&scene.agent), receiver(&scene.crm)],
        scene,
        talk,
        inboxes,
        seen: [0; 3],
        standby,
    };
    created(&mut stage).await;
    messages_under_bot(&mut stage).await;
    passed(&mut stage).await;
    under_agent(&mut stage).await;
    offered(&mut stage).await;
    failures(&mut stage).await;
    tokio::time::sleep(std::time::Duration::from_millis(SILENCE_MS)).await;
    stage.silence(17).await;
}

async fn created(stage: &mut Stage) {
    let payloads = stage.step(2, Trigger::ConversationCreate, [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        let Payload::ConversationCreate(told) = payload else { panic!("{payload:?}") };
        assert_eq!((&told.creation_reason, active(payload)), (&CreationReason::None, Some("bot")));
        let user = serde_json::to_value(told.user.as_ref().unwrap()).unwrap();
        assert_eq!((&user["id"], &user["externalId"]), (&json!(stage.talk.user), &json!("customer")));
        assert_eq!(serde_json::to_value(told).unwrap()["source"]["type"], "api:conversations");
    }
    let read = stage.app.get_conversation(&stage.scene.app.id, &stage.talk.conversation).await.unwrap();
    let active = serde_json::to_value(read.conversation.active_switchboard_integration.unwrap()).unwrap();
    assert_eq!(active["id"], stage.scene.bot_seat, "the id is the switchboard integration's");
    assert_eq!(active["integrationId"], stage.scene.bot.id);
    assert_eq!(active["integrationType"], "custom");
}

async fn messages_under_bot(stage: &mut Stage) {
    let first = stage.says("Where is my parcel?").await;
    let payloads = stage.step(3, Trigger::ConversationMessage, [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        let came = message(payload);
        assert_eq!((&came.id, &came.author.kind), (&first, &AuthorType::User));
        assert_eq!(serde_json::to_value(&came.author).unwrap()["userId"], stage.talk.user);
        assert_eq!(came.content, Content::text("Where is my parcel?"));
        assert_eq!(active(payload), Some("bot"));
    }
    let second = stage.post(&stage.bot, Author::business(), "One moment.").await;
    let payloads = stage.step(4, Trigger::ConversationMessage, [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!((&message(payload).id, &message(payload).author.kind), (&second, &AuthorType::Business));
    }
}

async fn passed(stage: &mut Stage) {
    let with = metadata(json!({ "topic": "parcel", "urgent": true }));
    let body = PassControlBody { metadata: with.clone(), ..PassControlBody::to("next") };
    stage.pass(&stage.bot, &body).await.unwrap();
    let payloads = stage.step(5, Trigger::PassControl, [Event, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(control(payload).metadata, with);
        assert_eq!((active(payload), pending(payload)), (Some("agent"), None));
    }
    history(&payloads, &["Where is my parcel?", "One moment."]);
    // Step 6: the same call again changes nothing and tells nobody.
    stage.pass(&stage.bot, &body).await.unwrap();
}

/// The target's copy, column agent, carries the last messages; no other does.
fn history(payloads: &Told, texts: &[&str]) {
    for (column, payload) in payloads.iter().enumerate() {
        let Some(payload) = payload else { continue };
        let text = |message: &MessageWebhook| match &message.content {
            Content::Text(text) => text.text.clone().unwrap_or_default(),
            other => panic!("{other:?}"),
        };
        let messages = control(payload).message_history.as_ref();
        let found: Option<Vec<String>> = messages.map(|list| list.iter().map(text).collect());
        let wanted = (column == 1).then(|| texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(found, wanted, "column {column}");
    }
}

async fn under_agent(stage: &mut Stage) {
    stage.says("Still there?").await;
    let payloads = stage.step(7, Trigger::ConversationMessage, [Standby, Event, Event]).await;
    assert_eq!(active(payloads[1].as_ref().unwrap()), Some("agent"));
    // Step 8: bot has lost the seat.
    refused(stage.release(&stage.bot).await, 403, "forbidden");
    // Step 9: what the business types is no webhook.
    let typing = ActivityPost { author: Author::business(), kind: ActivityType::TypingStart };
    stage.agent.post_activity(&stage.scene.app.id, &stage.talk.conversation, &typing).await.unwrap();
    stage.post(&stage.agent, Author::business(), "A person now.").await;
    let payloads = stage.step(10, Trigger::ConversationMessage, [Standby, Event, Event]).await;
    assert_eq!(message(payloads[1].as_ref().unwrap()).content, Content::text("A person now."));

    stage.release(&stage.agent).await.unwrap();
    let payloads = stage.step(11, Trigger::ReleaseControl, [Standby, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(active(payload), None);
    }
    stage.says("One more thing").await;
    let payloads = stage.step(12, Trigger::ConversationMessage, [Event, Standby, Event]).await;
    assert_eq!(active(payloads[0].as_ref().unwrap()), Some("bot"));
}

async fn offered(stage: &mut Stage) {
    let (one, two) = (metadata(json!({ "n": 1 })), metadata(json!({ "n": 2 })));
    stage.offer(&stage.app, "agent", one.clone()).await.unwrap();
    let payloads = stage.step(13, Trigger::OfferControl, [Event, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!((active(payload), pending(payload)), (Some("bot"), Some("agent")));
        assert_eq!(control(payload).metadata, one);
    }
    let all = ["Where is my parcel?", "One moment.", "Still there?", "A person now.", "One more thing"];
    history(&payloads, &all);
    stage.says("Anybody?").await;
    stage.step(14, Trigger::ConversationMessage, [Event, Event, Event]).await;
    // A refusal of the wrong seat does not touch the offer.
    refused(stage.accept(&stage.bot, None).await, 403, "forbidden");
    stage.accept(&stage.agent, two).await.unwrap();
    let payloads = stage.step(15, Trigger::AcceptControl, [Event, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!((active(payload), pending(payload)), (Some("agent"), None));
    }
    history(&payloads, &["One moment.", "Still there?", "A person now.", "One more thing", "Anybody?"]);
}

async fn failures(stage: &mut Stage) {
    refused(stage.offer(&stage.app, "agent", None).await, 400, "switchboard_invalid_target");
    let payloads = stage.step(16, Trigger::OfferControlFailure, [Standby, Event, Event]).await;
    let error = |payload: &Option<Payload>| match payload {
        Some(Payload::ControlFailure(told)) => serde_json::to_value(&told.error).unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(error(&payloads[1])["code"], "switchboard_invalid_target");
    refused(stage.accept(&stage.app, None).await, 400, "switchboard_invalid_action");
    let payloads = stage.step(17, Trigger::AcceptControlFailure, [Standby, Event, Event]).await;
    let error = error(&payloads[2]);
    assert_eq!(error["code"], "switchboard_invalid_action");
    assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{error}");
}

#[test]
fn state_before_plus_events_is_state_after() {
    run(60, async {
        let server = Crosspoint::start().await;
        let sink = Sink::start().await;
        let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
        let scene = HandOver::create(&server, [&inboxes[0], &inboxes[1], &inboxes[2]], false).await;
        let talk = scene.app.talk("customer").await;
        let api = sunshine(&server, &scene.app.key);
        let (app, chat) = (scene.app.id.as_str(), talk.conversation.as_str());
        let say = async |author: Author, text: &str| {
            let message = MessagePost::new(author, Content::text(text));
            api.post_message(app, chat, &message).await.unwrap();
        };
        say(Author::business(), "hello").await;
        api.pass_control(app, chat, &PassControlBody::to("agent")).await.unwrap();
        let offer = OfferControlBody { switchboard_integration: "bot".into(), metadata: None };
        api.offer_control(app, chat, &offer).await.unwrap();
        api.accept_control(app, chat, &AcceptControlBody::default()).await.unwrap();
        api.release_control(app, chat, &ReleaseControlBody::default()).await.unwrap();
        say(Author::user(&talk.user), "again").await;
        api.pass_control(app, chat, &PassControlBody::to("next")).await.unwrap();
        // create, message, pass, offer, accept, release, message, pass: the outsider's copy tells all.
        let hooks = inboxes[2].settles_at(8, SILENCE_MS).await;
        let last = client::receive::read(&hooks[7].raw).unwrap().events.remove(0).payload;
        let told = conversation(&last).clone();
        let now = api.get_conversation(app, chat).await.unwrap().conversation;
        assert_eq!(told.active_switchboard_integration, now.active_switchboard_integration);
        assert_eq!(told.pending_switchboard_integration, now.pending_switchboard_integration);
        let active = told.active_switchboard_integration.unwrap();
        assert_eq!((active.id, told.pending_switchboard_integration), (scene.agent_seat, None));
    });
}
