//! The worked hand-over of sunshine-v2.md §14, step by step: what each of the three sinks received,
//! in order, with and without `deliverStandbyEvents`.

use serde_json::{Value, json};
use testkit::scene::{HandOver, Talk, business};
use testkit::{Api, Crosspoint, Hook, Inbox, Sink, progress, run};

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

struct Stage {
    scene: HandOver,
    talk: Talk,
    inboxes: [Inbox; 3],
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

impl Stage {
    /// Asserts what the three columns got in this step; gives the payloads of those that got it.
    async fn step(&mut self, number: u32, kind: &str, row: [Cell; 3]) -> [Option<Value>; 3] {
        let wanted = row.map(|cell| cell == Event || (cell == Standby && self.standby));
        let mut payloads = [None, None, None];
        for (column, wanted) in wanted.into_iter().enumerate() {
            if !wanted {
                continue;
            }
            let hooks = self.inboxes[column].wait_for(self.seen[column] + 1).await;
            let hook: &Hook = &hooks[self.seen[column]];
            assert_eq!(hook.kind(), kind, "step {number}, column {column}");
            payloads[column] = Some(hook.payload().clone());
            self.seen[column] += 1;
        }
        let ids: Vec<String> =
            (0..3).filter(|column| wanted[*column]).map(|column| self.last_id(column)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "step {number}: one event, one id: {ids:?}");
        payloads
    }

    fn last_id(&self, column: usize) -> String {
        self.inboxes[column].hooks()[self.seen[column] - 1].event_id().to_owned()
    }

    /// Nothing came besides what was asserted.
    async fn silence(&self, number: u32) {
        for (column, inbox) in self.inboxes.iter().enumerate() {
            let kinds = inbox.kinds();
            assert_eq!(kinds.len(), self.seen[column], "step {number}, column {column}: {kinds:?}");
        }
    }

    async fn control(&self, api: &Api, action: &str, body: Value) -> testkit::Reply {
        api.post(&format!("{}/{action}", self.talk.path), &body).await
    }
}

fn seat(payload: &Option<Value>, which: &str) -> Value {
    payload.as_ref().map_or(Value::Null, |it| it["conversation"][which]["name"].clone())
}

async fn hand_over(standby: bool) {
    let server = Crosspoint::start().await;
    let sink = Sink::start().await;
    let inboxes = ["/bot", "/agent", "/crm"].map(|path| sink.inbox(path));
    let scene = HandOver::create(&server, [&inboxes[0], &inboxes[1], &inboxes[2]], standby).await;
    progress!("hand-over, standby events {standby}");

    // Steps 1 and 2.
    let talk = scene.app.talk("customer").await;
    let mut stage = Stage { scene, talk, inboxes, seen: [0; 3], standby };
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
    let payloads = stage.step(2, "conversation:create", [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(payload["creationReason"], "none");
        assert_eq!(payload["conversation"]["activeSwitchboardIntegration"]["name"], "bot");
        assert_eq!(payload["user"]["id"], stage.talk.user);
        assert_eq!(payload["user"]["externalId"], "customer");
        assert_eq!(payload["source"]["type"], "api:conversations");
    }
    let conversation = stage.scene.app.get(&format!("/conversations/{}", stage.talk.conversation)).await;
    let active = &conversation["conversation"]["activeSwitchboardIntegration"];
    assert_eq!(active["id"], stage.scene.bot_seat, "the id is the switchboard integration's");
    assert_eq!(active["integrationId"], stage.scene.bot.id);
    assert_eq!(active["integrationType"], "custom");
}

async fn messages_under_bot(stage: &mut Stage) {
    let first = stage.talk.says(&stage.scene.app.api, "Where is my parcel?").await;
    let payloads = stage.step(3, "conversation:message", [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(payload["message"]["id"], first);
        assert_eq!(payload["message"]["author"]["type"], "user");
        assert_eq!(payload["message"]["author"]["userId"], stage.talk.user);
        assert_eq!(payload["message"]["content"], json!({ "type": "text", "text": "Where is my parcel?" }));
        assert_eq!(payload["conversation"]["activeSwitchboardIntegration"]["name"], "bot");
    }
    let second = stage.talk.answers(&stage.scene.bot.api, "One moment.").await;
    let payloads = stage.step(4, "conversation:message", [Event, Standby, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(payload["message"]["id"], second);
        assert_eq!(payload["message"]["author"]["type"], "business");
    }
}

async fn passed(stage: &mut Stage) {
    let body = json!({ "switchboardIntegration": "next", "metadata": { "topic": "parcel", "urgent": true } });
    assert_eq!(stage.control(&stage.scene.bot.api, "passControl", body.clone()).await.ok(), json!({}));
    let payloads = stage.step(5, "switchboard:passControl", [Event, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert_eq!(payload["metadata"], body["metadata"]);
        assert_eq!(payload["conversation"]["activeSwitchboardIntegration"]["name"], "agent");
        assert!(payload["conversation"].get("pendingSwitchboardIntegration").is_none());
    }
    history(&payloads, &["Where is my parcel?", "One moment."]);
    // Step 6: the same call again changes nothing and tells nobody.
    assert_eq!(stage.control(&stage.scene.bot.api, "passControl", body).await.ok(), json!({}));
}

/// The target's copy, column agent, carries the last messages; no other does.
fn history(payloads: &[Option<Value>; 3], texts: &[&str]) {
    for (column, payload) in payloads.iter().enumerate() {
        let Some(payload) = payload else { continue };
        let messages = payload["messageHistory"].as_array();
        let found: Option<Vec<&str>> =
            messages.map(|list| list.iter().filter_map(|it| it["content"]["text"].as_str()).collect());
        assert_eq!(found.as_deref(), (column == 1).then_some(texts), "column {column}");
    }
}

async fn under_agent(stage: &mut Stage) {
    stage.talk.says(&stage.scene.app.api, "Still there?").await;
    let payloads = stage.step(7, "conversation:message", [Standby, Event, Event]).await;
    assert_eq!(seat(&payloads[1], "activeSwitchboardIntegration"), "agent");
    // Step 8: bot has lost the seat.
    let refused = stage.control(&stage.scene.bot.api, "releaseControl", json!({})).await;
    refused.refused(403, "forbidden");
    // Step 9: what the business types is no webhook.
    let typing = json!({ "author": { "type": "business" }, "type": "typing:start" });
    let path = format!("{}/activity", stage.talk.path);
    assert_eq!(stage.scene.agent.api.post(&path, &typing).await.ok(), json!({}));
    stage.talk.answers(&stage.scene.agent.api, "A person now.").await;
    let payloads = stage.step(10, "conversation:message", [Standby, Event, Event]).await;
    assert_eq!(payloads[1].as_ref().unwrap()["message"]["content"]["text"], "A person now.");

    let reply = stage.scene.agent.api.post_nothing(&format!("{}/releaseControl", stage.talk.path)).await;
    assert_eq!(reply.ok(), json!({}));
    let payloads = stage.step(11, "switchboard:releaseControl", [Standby, Event, Event]).await;
    for payload in payloads.iter().flatten() {
        assert!(payload["conversation"].get("activeSwitchboardIntegration").is_none(), "{payload}");
    }
    stage.talk.says(&stage.scene.app.api, "One more thing").await;
    let payloads = stage.step(12, "conversation:message", [Event, Standby, Event]).await;
    assert_eq!(seat(&payloads[0], "activeSwitchboardIntegration"), "bot");
}

async fn offered(stage: &mut Stage) {
    let body = json!({ "switchboardIntegration": "agent", "metadata": { "n": 1 } });
    assert_eq!(stage.control(&stage.scene.app.api, "offerControl", body).await.ok(), json!({}));
    let payloads = stage.step(13, "switchboard:offerControl", [Event, Event, Event]).await;
    for payload in &payloads {
        assert_eq!(seat(payload, "activeSwitchboardIntegration"), "bot");
        assert_eq!(seat(payload, "pendingSwitchboardIntegration"), "agent");
        assert_eq!(payload.as_ref().unwrap()["metadata"], json!({ "n": 1 }));
    }
    let all = ["Where is my parcel?", "One moment.", "Still there?", "A person now.", "One more thing"];
    history(&payloads, &all);
    stage.talk.says(&stage.scene.app.api, "Anybody?").await;
    stage.step(14, "conversation:message", [Event, Event, Event]).await;
    // A refusal of the wrong seat does not touch the offer.
    stage.control(&stage.scene.bot.api, "acceptControl", json!({})).await.refused(403, "forbidden");
    let accepted =
        stage.control(&stage.scene.agent.api, "acceptControl", json!({ "metadata": { "n": 2 } })).await;
    assert_eq!(accepted.ok(), json!({}));
    let payloads = stage.step(15, "switchboard:acceptControl", [Event, Event, Event]).await;
    for payload in &payloads {
        assert_eq!(seat(payload, "activeSwitchboardIntegration"), "agent");
        assert_eq!(seat(payload, "pendingSwitchboardIntegration"), Value::Null);
    }
    history(&payloads, &["One moment.", "Still there?", "A person now.", "One more thing", "Anybody?"]);
}

async fn failures(stage: &mut Stage) {
    let api = stage.scene.app.api.clone();
    let offer = stage.control(&api, "offerControl", json!({ "switchboardIntegration": "agent" })).await;
    offer.refused(400, "switchboard_invalid_target");
    let payloads = stage.step(16, "switchboard:offerControl:failure", [Standby, Event, Event]).await;
    assert_eq!(payloads[1].as_ref().unwrap()["error"]["code"], "switchboard_invalid_target");
    stage.control(&api, "acceptControl", json!({})).await.refused(400, "switchboard_invalid_action");
    let payloads = stage.step(17, "switchboard:acceptControl:failure", [Standby, Event, Event]).await;
    let error = &payloads[2].as_ref().unwrap()["error"];
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
        let path = |action: &str| format!("{}/{action}", talk.path);
        let to = |name: &str| json!({ "switchboardIntegration": name });
        let api = &scene.app.api;
        api.post(&path("messages"), &business("hello")).await.ok();
        api.post(&path("passControl"), &to("agent")).await.ok();
        api.post(&path("offerControl"), &to("bot")).await.ok();
        api.post(&path("acceptControl"), &json!({})).await.ok();
        api.post(&path("releaseControl"), &json!({})).await.ok();
        talk.says(api, "again").await;
        api.post(&path("passControl"), &to("next")).await.ok();
        // create, message, pass, offer, accept, release, message, pass: the outsider's copy tells all.
        let hooks = inboxes[2].settles_at(8, SILENCE_MS).await;
        let mut told = Value::Null;
        for hook in &hooks {
            let conversation = &hook.payload()["conversation"];
            told = json!([
                conversation["activeSwitchboardIntegration"]["id"],
                conversation["pendingSwitchboardIntegration"]["id"]
            ]);
        }
        let now = scene.app.get(&format!("/conversations/{}", talk.conversation)).await;
        let read = json!([
            now["conversation"]["activeSwitchboardIntegration"]["id"],
            now["conversation"]["pendingSwitchboardIntegration"]["id"]
        ]);
        assert_eq!(told, read);
        assert_eq!(told, json!([scene.agent_seat, null]));
    });
}
