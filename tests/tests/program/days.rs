//! What takes hours and days: a server inside this process whose clock can be put forward
//! (decision 15).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use client::sunshine::types::AttachmentQuery;
use model::time::{DAY_MS, HOUR_MS};
use model::{Clock, Millis};
use serde_json::{Value, json};
use server::{Config, RunningServer, Server};
use store::SystemClock;
use testkit::scene::{App, Talk, business_content};
use testkit::{Answer, Api, Credentials, Key, Sink, fresh_dir, run, text_at};

use super::{sunshine, upload};
use crate::hubster::scene::{Tenant, refused};

/// The machine's clock, put forward.
#[derive(Default)]
struct Forward(AtomicI64);

impl Clock for Forward {
    fn now(&self) -> Millis {
        Millis(SystemClock.now().0 + self.0.load(Ordering::SeqCst))
    }
}

struct Inside {
    running: RunningServer,
    clock: Arc<Forward>,
    account: Api,
    key: Key,
    place: std::path::PathBuf,
}

impl Inside {
    async fn start() -> Inside {
        let place = fresh_dir("days");
        let key = Key { id: "act_5f0000000000000000000001".into(), secret: "s".repeat(86) };
        let data_dir = place.join("data");
        let values = [
            ("data_dir", data_dir.to_str().unwrap()),
            ("listen", "127.0.0.1:0"),
            ("account_key_id", &key.id),
            ("account_key_secret", &key.secret),
            ("webhook_allow_private", "true"),
        ];
        let clock = Arc::new(Forward::default());
        let running = Server::start(Config::from_values(values).unwrap(), clock.clone()).await.unwrap();
        let account = Api::at(running.url()).as_key(&key);
        Inside { running, clock, account, key, place }
    }

    /// Puts the clock forward and lets the sweeper look.
    async fn later(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
        self.running.hub().sweep().await.unwrap();
    }

    async fn stop(self) {
        self.running.shutdown().await;
        std::fs::remove_dir_all(self.place).unwrap();
    }
}

#[test]
fn messages_go_after_the_retention_of_their_app_and_the_conversation_stays() {
    run(60, async {
        let inside = Inside::start().await;
        let app = App::create_by(inside.account.clone()).await;
        app.settings(json!({ "conversationRetentionSeconds": 7 * 86_400 })).await;
        let (old, busy) = (app.talk("old").await, app.talk("busy").await);
        let count = async |path: &str| {
            let page = app.api.get(&format!("{path}/messages")).await.ok();
            page["messages"].as_array().unwrap().len()
        };
        old.answers(&app.api, "hello").await;
        busy.answers(&app.api, "hello").await;
        inside.later(6 * DAY_MS).await;
        assert_eq!(count(&old.path).await, 1);
        busy.answers(&app.api, "still here").await;
        inside.later(2 * DAY_MS).await;
        assert_eq!(count(&old.path).await, 0);
        assert_eq!(count(&busy.path).await, 2, "activity keeps it");
        app.api.get(&old.path).await.ok();
        inside.stop().await;
    });
}

#[test]
fn what_cannot_be_swept_is_in_nobodys_way() {
    run(60, async {
        let inside = Inside::start().await;
        let app = App::create_by(inside.account.clone()).await;
        let (broken, _other) = (app.talk("broken").await, app.talk("other").await);
        let database = rusqlite::Connection::open(inside.place.join("data/crosspoint.db")).unwrap();
        database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        let of_broken = format!("lower(hex(id)) = '{}'", broken.conversation);
        let change = |sql: &str| database.execute(&format!("{sql} WHERE {of_broken}"), []).unwrap();
        assert_eq!(change("UPDATE conversations SET metadata = 'no JSON'"), 1);
        let root =
            "INSERT INTO sweeps (kind, target, app, created_at) SELECT 3, k, app, 0 FROM conversations";
        assert_eq!(change(root), 1);
        app.delete("/users/other").await;
        assert!(inside.running.hub().sweep().await.is_err());
        let waiting = || {
            let count = database.query_row("SELECT count(*) FROM sweeps", [], |row| row.get::<_, i64>(0));
            count.unwrap()
        };
        assert_eq!(waiting(), 1, "what was deleted later is gone");
        change("UPDATE conversations SET metadata = NULL");
        inside.running.hub().sweep().await.unwrap();
        assert_eq!(waiting(), 0, "it is tried again");
        inside.stop().await;
    });
}

#[test]
fn an_idempotency_key_is_forgotten_after_a_day() {
    run(60, async {
        let inside = Inside::start().await;
        let app = App::create_by(inside.account.clone()).await;
        let post = || async {
            let call = app.api.call("POST", &app.path("/users")).header("idempotency-key", "k");
            text_at(&call.json(&json!({})).send().await.ok(), "/user/id")
        };
        let first = post().await;
        inside.later(23 * HOUR_MS).await;
        assert_eq!(post().await, first);
        inside.later(2 * HOUR_MS).await;
        assert_ne!(post().await, first);
        inside.stop().await;
    });
}

#[test]
fn a_link_that_nobody_completes_fails_after_a_day() {
    run(60, async {
        let (inside, sink) = (Inside::start().await, Sink::start().await);
        let inbox = sink.inbox("/c");
        let app = App::create_by(inside.account.clone()).await;
        let triggers = json!(["client:add", "client:update", "client:remove"]);
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": triggers })).await;
        let talk = app.talk("ann").await;
        let messagebird = json!({ "type": "messagebird", "accessKey": "a", "signingKey": "s", "originator": "+15145550199" });
        let channel = app.post("/integrations", messagebird).await;
        let link = json!({
            "matchCriteria": {
                "type": "messagebird", "integrationId": channel["integration"]["id"], "phoneNumber": "+15145550100"
            },
            "confirmation": { "type": "immediate" },
            "target": { "conversationId": talk.conversation }
        });
        app.post("/users/ann/clients", link).await;
        // The end is not told behind the beginning, but by itself.
        inbox.wait_for(1).await;
        let count = || async { app.get("/users/ann/clients").await["clients"].as_array().unwrap().len() };
        inside.later(23 * HOUR_MS).await;
        assert_eq!(count().await, 1);
        inside.later(2 * HOUR_MS).await;
        assert_eq!(count().await, 0);
        let hooks = inbox.settles_at(2, 300).await;
        assert_eq!((hooks[1].kind(), &hooks[1].payload()["reason"]), ("client:remove", &json!("linkFailed")));
        assert!(hooks[1].payload()["error"].is_object());
        inside.stop().await;
    });
}

#[test]
fn an_upload_for_a_message_that_never_came_goes_after_a_day() {
    run(60, async {
        let inside = Inside::start().await;
        let app = App::create_by(inside.account.clone()).await;
        let talk = app.talk("ann").await;
        let sunshine = sunshine(&app);
        let of_message = AttachmentQuery { purpose: Some("message".into()), ..AttachmentQuery::default() };
        let upload =
            async |query: &AttachmentQuery| upload(&sunshine, &app.id, query, "hello").await.unwrap();
        let (unused, used) = (upload(&of_message).await, upload(&of_message).await);
        let free = upload(&AttachmentQuery::default()).await;
        talk.post(&app.api, &business_content(json!({ "type": "file", "mediaUrl": used }))).await;
        inside.later(25 * HOUR_MS).await;
        let status = async |url: &str| app.api.get(url).await.status;
        assert_eq!((status(&unused).await, status(&used).await, status(&free).await), (404, 200, 200));
        inside.stop().await;
    });
}

#[test]
fn events_are_kept_for_a_week() {
    run(60, async {
        let inside = Inside::start().await;
        let app = App::create_by(inside.account.clone()).await;
        let talk = app.talk("ann").await;
        talk.says(&app.api, "old").await;
        inside.later(6 * DAY_MS).await;
        talk.says(&app.api, "newer").await;
        let texts = || async {
            let page = app.get("/events?limit=100").await;
            let events = page["events"].as_array().unwrap().clone();
            let text =
                |event: &Value| event["payload"]["message"]["content"]["text"].as_str().map(String::from);
            events.iter().filter_map(text).collect::<Vec<_>>()
        };
        assert_eq!(texts().await, ["old", "newer"]);
        inside.later(2 * DAY_MS).await;
        assert_eq!(texts().await, ["newer"]);
        inside.stop().await;
    });
}

#[test]
fn an_event_that_waited_names_the_message_of_a_conversation_that_is_gone() {
    run(60, async {
        let (inside, sink) = (Inside::start().await, Sink::start().await);
        let inbox = sink.inbox("/c");
        inbox.script([Answer::Status(500)]);
        let app = App::create_by(inside.account.clone()).await;
        let triggers = json!(["conversation:message"]);
        app.custom_with("c", json!({ "target": inbox.url(), "triggers": triggers })).await;
        let talk = app.talk("ann").await;
        // The first conversation of a user cannot be deleted.
        let second = app.conversation(&talk.user).await;
        let path = app.path(&format!("/conversations/{second}"));
        let second = Talk { conversation: second, path, ..talk };
        let said = second.says(&app.api, "hello").await;
        inbox.wait_for(1).await;
        app.delete(&format!("/conversations/{}", second.conversation)).await;
        inside.later(0).await;
        inside.later(HOUR_MS).await;
        let told = inbox.wait_for(2).await.remove(1);
        let message = &told.payload()["message"];
        assert_eq!((&message["id"], &message["deleted"]), (&json!(said), &json!(true)));
        assert_eq!(message["content"], json!({ "type": "text", "text": "" }));
        assert_eq!(message["author"]["userId"], json!(second.user), "{message}");
        inside.stop().await;
    });
}

#[test]
fn a_hubs_conversations_close_after_days_without_a_message() {
    run(60, async {
        let inside = Inside::start().await;
        let tenant = Tenant::with_key(inside.account.with(Credentials::None), inside.key.clone()).await;
        let body = json!({ "name": "h", "description": "d", "closeDormantConversation": 7 });
        let hub = text_at(&tenant.portal.post("/api/v1/hubs", &body).await.ok(), "/hubId");
        tenant.integration(&hub, "Direct", "a", json!({ "integrationType": "Agent" })).await;
        let customer =
            tenant.integration(&hub, "Direct", "c", json!({ "integrationType": "Customer" })).await;
        let establish = async |binding: &str| {
            let body =
                json!({ "integrationId": customer["integrationId"], "binding": binding, "channelType": 1 });
            let made = tenant.engine.post("/api/v1/conversations/establish", &body).await.ok();
            text_at(&made, "/conversationId")
        };
        let say = async |conversation: &str| {
            let path = format!("/inbound/customer/v1/direct/activity/{conversation}");
            tenant.engine.post(&path, &json!({ "message": { "type": "text", "text": "x" } })).await.ok()
        };
        let closed = async |conversation: &str| {
            let path = format!("/api/v1/conversations/{conversation}/established");
            tenant.engine.get(&path).await.ok().get("closedDateTime").is_some()
        };
        let (silent, old, busy) =
            (establish("silent").await, establish("old").await, establish("busy").await);
        say(&old).await;
        say(&busy).await;
        inside.later(6 * DAY_MS).await;
        say(&busy).await;
        inside.later(2 * DAY_MS).await;
        assert_eq!((closed(&silent).await, closed(&old).await, closed(&busy).await), (true, true, false));
        assert_ne!(establish("old").await, old);
        assert_eq!(establish("busy").await, busy);
        inside.stop().await;
    });
}

#[test]
fn an_address_hears_of_a_customer_whom_nobody_answers_for_five_minutes() {
    run(60, async {
        let (inside, sink) = (Inside::start().await, Sink::start().await);
        let missed = sink.inbox("/missed");
        missed.unchecked();
        let app = App::create_by(inside.account.clone()).await;
        let setting = json!({ "value": missed.url() });
        app.api.call("PUT", &app.path("/settings/missedCall")).json(&setting).send().await.ok();
        let (answered, waiting) = (app.talk("answered").await, app.talk("waiting").await);
        for talk in [&answered, &waiting] {
            talk.says(&app.api, "hello").await;
        }
        // Real time goes on, too: the second that counts stands in the hub's own tests.
        inside.later(200_000).await;
        answered.answers(&app.api, "good morning").await;
        inside.later(101_000).await;
        let hooks = missed.settles_at(1, 1_500).await;
        let conversation = hooks[0].body["CallSid"].as_str().and_then(model::Id::from_guid);
        assert_eq!(conversation.unwrap().to_string(), waiting.conversation);
        assert_eq!(
            (&hooks[0].body["CallStatus"], &hooks[0].body["CallState"]),
            (&json!("missed"), &json!("terminal"))
        );
        inside.stop().await;
    });
}

#[test]
fn an_access_token_ends_after_thirty_days_and_its_key_changes() {
    run(60, async {
        let inside = Inside::start().await;
        let open = inside.account.with(Credentials::None);
        let keys = async || {
            open.get("/.well-known/openid-configuration/jwks").await.ok()["keys"].as_array().unwrap().len()
        };
        let first = Tenant::with_key(open.clone(), inside.key.clone()).await;
        inside.later(29 * DAY_MS).await;
        first.portal.get("/api/v1/hubs").await.ok();
        assert_eq!(keys().await, 1);
        inside.later(DAY_MS + HOUR_MS).await;
        refused(first.portal.get("/api/v1/hubs").await, 401, &[102]);
        let second = Tenant::with_key(open.clone(), inside.key.clone()).await;
        second.portal.get("/api/v1/hubs").await.ok();
        assert_eq!(keys().await, 2);
        inside.stop().await;
    });
}
