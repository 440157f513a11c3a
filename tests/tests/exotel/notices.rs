//! What the addresses in an app's settings are sent.

use client::exotel::types::SettingRequest;
use serde_json::{Value, json};
use sim::{Channel, Sim, SimConfig};
use testkit::scene::{TRIGGERS, business};
use testkit::{Answer, Api, Builder, Crosspoint, Hook, Inbox, Key, Sink, eventually, run, text_at};

use super::settings::{Registered, register};

const CUSTOMER: &str = "+15145550100";

/// An app that was registered over this API, with a simulated provider of telephones.
struct Desk {
    server: Crosspoint,
    sim: Sim,
    app: Registered,
    sink: Sink,
}

impl Desk {
    async fn open() -> Desk {
        Desk::open_with(|builder| builder).await
    }

    async fn open_with(change: impl FnOnce(Builder) -> Builder) -> Desk {
        let sim = Sim::start(SimConfig::default()).await.unwrap();
        let server = change(Crosspoint::start().providers(&sim)).await;
        let app = register(&server, "Desk").await;
        Desk { server, sim, app, sink: Sink::start().await }
    }

    async fn with_twilio(change: impl FnOnce(Builder) -> Builder) -> Desk {
        let desk = Desk::open_with(change).await;
        let account = desk.sim.twilio();
        let body = json!({
            "type": "twilio", "accountSid": account.account_sid, "authToken": account.auth_token,
            "phoneNumberSid": account.numbers[0].sid,
        });
        desk.account().post(&desk.path("/integrations"), &body).await.ok();
        desk
    }

    /// The account's client of the server as it runs now.
    fn account(&self) -> Api {
        self.server.as_account()
    }

    fn path(&self, rest: &str) -> String {
        format!("/v2/apps/{}{rest}", hex(&json!(self.app.id)))
    }

    /// An inbox that the setting names from now on.
    async fn told(&self, key: &str) -> Inbox {
        let inbox = self.sink.inbox(&format!("/{key}"));
        inbox.unchecked();
        self.set(key, inbox.url()).await;
        inbox
    }

    async fn set(&self, key: &str, value: &str) {
        self.app.client(&self.server).put_setting(&SettingRequest::new(key, value)).await.unwrap();
    }

    async fn answer(&self, conversation: &str, text: &str) -> String {
        let path = self.path(&format!("/conversations/{conversation}/messages"));
        text_at(&self.account().post(&path, &business(text)).await.ok(), "/messages/0/id")
    }

    async fn talk(&self, name: &str) -> (String, String) {
        let (account, user) = (self.account(), json!({ "externalId": name }));
        let user = text_at(&account.post(&self.path("/users"), &user).await.ok(), "/user/id");
        let body = json!({ "type": "personal", "participants": [{ "userId": user }] });
        let made = account.post(&self.path("/conversations"), &body).await.ok();
        (user, text_at(&made, "/conversation/id"))
    }

    async fn says(&self, (user, conversation): &(String, String), text: &str) {
        let path = self.path(&format!("/conversations/{conversation}/messages"));
        let body = json!({ "author": { "type": "user", "userId": user }, "content": { "type": "text", "text": text } });
        self.account().post(&path, &body).await.ok();
    }
}

/// The id of another API that a GUID of this one stands for.
fn hex(guid: &Value) -> String {
    model::Id::from_guid(guid.as_str().unwrap()).unwrap().to_string()
}

fn statuses(hooks: &[Hook]) -> Vec<&str> {
    hooks.iter().map(|hook| hook.body["CallStatus"].as_str().unwrap()).collect()
}

#[test]
fn the_states_of_a_message_come_in_order_across_kill_9() {
    run(90, async {
        // No state is given up while the receiver is down, however long that takes.
        let patient = |builder: Builder| builder.env("CROSSPOINT_WEBHOOK_RETRY_BASE_MS", "500");
        let mut desk = Desk::with_twilio(patient).await;
        let (callback, popup) = (desk.told("callback").await, desk.told("popup").await);
        let ann = desk.sim.customer(Channel::Sms, CUSTOMER);
        ann.say("Hello").await.unwrap();
        let opened = popup.wait_for(1).await.remove(0).body;
        let conversation = hex(&opened["CallSid"]);

        // The first state is taken, then the receiver is down, and so is the server.
        callback.script([Answer::Status(200)]);
        callback.otherwise(Answer::Status(503));
        let message = desk.answer(&conversation, "Good morning").await;
        desk.sim.wait_for_bubble(&ann, "the answer", |bubble| bubble.text == "Good morning").await.unwrap();
        eventually(20, "a state that is refused", || async {
            (callback.hooks().iter().any(|hook| hook.body["CallStatus"] == "sent")).then_some(())
        })
        .await;
        // The provider says the last state once: it has to be stored before the server is killed.
        eventually(20, "the last state, from the provider", || async {
            let page = desk.account().get(&desk.path("/events?limit=100")).await.ok();
            page.to_string().contains("conversation:message:delivery:user").then_some(())
        })
        .await;
        desk.server.kill9();
        let before = callback.hooks();
        assert_eq!(statuses(&before)[..2], ["queued", "sent"]);
        assert!(!statuses(&before).contains(&"delivered"), "it overtook a state that waits");
        callback.clear();
        callback.otherwise(Answer::Status(200));
        desk.server.restart().await;
        let last = eventually(30, "the last state", || async {
            let hooks = callback.hooks();
            hooks.last().is_some_and(|hook| hook.body["CallStatus"] == "delivered").then_some(hooks)
        })
        .await;

        // What was not noted as taken may come once more, never out of order.
        let mut states = statuses(&last);
        states.dedup();
        assert!(states == ["sent", "delivered"] || states == ["queued", "sent", "delivered"], "{states:?}");
        let own = desk.sim.twilio().numbers[0].phone_number.clone();
        for hook in before.iter().chain(&last) {
            let body = &hook.body;
            assert_eq!(hex(&body["CallSid"]), message);
            assert_eq!(hex(&body["TicketId"]), conversation);
            assert_eq!(
                (&body["AppId"], &body["CustomerId"]),
                (&json!(desk.app.id), &json!(desk.app.customer_id))
            );
            assert_eq!((&body["Kind"], &body["Direction"]), (&json!("message"), &json!("outbound")));
            assert_eq!((&body["ToNumber"], &body["FromNumber"]), (&json!(CUSTOMER), &json!(own)));
            assert_eq!(
                (&body["ExotelAccountSid"], &body["AccountDomain"]),
                (&json!("sid"), &json!("singapore"))
            );
            let is_last = body["CallStatus"] == "delivered";
            assert_eq!(body["CallState"], if is_last { "terminal" } else { "active" });
            assert_eq!(body["EndTime"] != "", is_last);
            assert!(
                hook.headers.get("x-api-key").is_none() && hook.headers.get("webhook-signature").is_none()
            );
        }
    });
}

#[test]
fn a_message_that_cannot_be_sent_is_told_with_its_reason() {
    run(60, async {
        let desk = Desk::with_twilio(|builder| builder).await;
        let popup = desk.told("popup").await;
        let ann = desk.sim.customer(Channel::Sms, CUSTOMER);
        ann.say("Hello").await.unwrap();
        let conversation = hex(&popup.wait_for(1).await[0].body["CallSid"]);
        ann.say("STOP").await.unwrap();
        let callback = desk.told("callback").await;
        eventually(20, "a customer who is blocked", || async {
            let page = desk.account().get(&desk.path("/events?limit=100")).await.ok();
            page.to_string().contains("blocked").then_some(())
        })
        .await;
        desk.answer(&conversation, "Wait!").await;
        let hooks = callback.settles_at(2, 300).await;
        assert_eq!(statuses(&hooks), ["queued", "failed"]);
        let failed = &hooks[1].body;
        assert_eq!(failed["CallState"], "terminal");
        assert!(failed["CallDetail"].as_str().unwrap().starts_with("forbidden: "), "{failed}");
    });
}

#[test]
fn only_messages_of_the_business_are_told_and_each_is_read_once() {
    run(60, async {
        let desk = Desk::open().await;
        let callback = desk.told("callback").await;
        let talk = desk.talk("ann").await;
        desk.says(&talk, "hello").await;
        let first = desk.answer(&talk.1, "one").await;
        let second = desk.answer(&talk.1, "two").await;
        let activity = desk.path(&format!("/conversations/{}/activity", talk.1));
        let body = json!({ "author": { "type": "user", "userId": talk.0 }, "type": "conversation:read" });
        for _ in 0..2 {
            desk.account().post(&activity, &body).await.ok();
        }
        let hooks = callback.settles_at(4, 300).await;
        assert_eq!(statuses(&hooks), ["queued", "queued", "read", "read"]);
        let told: Vec<String> = hooks.iter().map(|hook| hex(&hook.body["CallSid"])).collect();
        assert_eq!(told, [first.clone(), second.clone(), first, second]);
        assert_eq!(hooks[3].body["CallState"], "terminal");
    });
}

#[test]
fn an_opening_pops_up_and_a_reopening_too() {
    run(60, async {
        let desk = Desk::open().await;
        let popup = desk.told("popup").await;
        let talk = desk.talk("ann").await;
        desk.says(&talk, "hello").await;
        desk.says(&talk, "are you there?").await;
        let conversation = desk.path(&format!("/conversations/{}", talk.1));
        desk.account().post_nothing(&format!("{conversation}/close")).await.ok();
        desk.says(&talk, "hello again").await;
        let hooks = popup.settles_at(2, 300).await;
        for hook in &hooks {
            assert_eq!(hex(&hook.body["CallSid"]), talk.1);
            assert_eq!(
                (&hook.body["CallStatus"], &hook.body["CallState"]),
                (&json!("opened"), &json!("active"))
            );
            assert_eq!(
                (&hook.body["Direction"], &hook.body["TotalDuration"]),
                (&json!("inbound"), &json!(0))
            );
        }
        desk.app.client(&desk.server).delete_setting("popup").await.unwrap();
        desk.account().post_nothing(&format!("{conversation}/close")).await.ok();
        desk.says(&talk, "nobody hears").await;
        popup.settles_at(2, 300).await;
    });
}

#[test]
fn who_waits_for_an_answer_is_not_forgotten_by_kill_9() {
    run(60, async {
        let mut desk = Desk::open().await;
        let missed = desk.told("missedCall").await;
        desk.set("missedCallAfterSeconds", "1").await;
        let talk = desk.talk("ann").await;
        desk.says(&talk, "hello").await;
        desk.server.kill9();
        desk.server.restart().await;
        let hooks = eventually(20, "a missed call", || async {
            let hooks = missed.hooks();
            (!hooks.is_empty()).then_some(hooks)
        })
        .await;
        assert_eq!((hex(&hooks[0].body["CallSid"]), statuses(&hooks)[0]), (talk.1, "missed"));
    });
}

#[test]
fn a_release_of_control_hangs_up() {
    run(60, async {
        let desk = Desk::open().await;
        let hangup = desk.told("incomingCallHangup").await;
        let account = desk.account();
        let body = json!({ "type": "custom", "displayName": "bot", "webhooks": [{ "target": desk.sink.inbox("/bot").url(), "triggers": TRIGGERS }] });
        let bot = account.post(&desk.path("/integrations"), &body).await.ok();
        let board = account.post_nothing(&desk.path("/switchboards")).await.ok();
        let boards = desk.path(&format!("/switchboards/{}", text_at(&board, "/switchboard/id")));
        let member = json!({ "name": "bot", "integrationId": bot["integration"]["id"] });
        let member = account.post(&format!("{boards}/switchboardIntegrations"), &member).await.ok();
        let change = json!({
            "enabled": true, "defaultSwitchboardIntegrationId": member["switchboardIntegration"]["id"],
        });
        account.patch(&boards, &change).await.ok();
        let talk = desk.talk("ann").await;
        desk.says(&talk, "hello").await;
        let release = desk.path(&format!("/conversations/{}/releaseControl", talk.1));
        account.post(&release, &json!({})).await.ok();
        let hook = hangup.settles_at(1, 300).await.remove(0);
        assert_eq!((hex(&hook.body["CallSid"]), &hook.body["CallState"]), (talk.1, &json!("terminal")));
        assert_eq!((&hook.body["CallStatus"], &hook.body["AppUserID"]), (&json!("released"), &json!("bot")));
    });
}

#[test]
fn the_addresses_of_one_app_hear_nothing_of_another() {
    run(60, async {
        let desk = Desk::open().await;
        let callback = desk.told("callback").await;
        let other = testkit::scene::App::create(&desk.server).await;
        let talk = other.talk("ann").await;
        talk.says(&other.api, "hello").await;
        talk.answers(&other.api, "good morning").await;
        let own = desk.talk("bob").await;
        let message = desk.answer(&own.1, "hello").await;
        let hook = callback.settles_at(1, 300).await.remove(0);
        assert_eq!(hex(&hook.body["CallSid"]), message);
        // An address of the own network is refused where the operator does not allow it.
        let closed = Crosspoint::start().env("CROSSPOINT_WEBHOOK_ALLOW_PRIVATE", "false").await;
        let app = register(&closed, "Desk").await;
        let setting = SettingRequest::new("callback", callback.url());
        assert_eq!(app.client(&closed).put_setting(&setting).await.unwrap_err().status(), Some(400));
    });
}

#[test]
fn an_app_key_sets_what_the_other_api_reads() {
    run(60, async {
        let desk = Desk::open().await;
        let inbox = desk.sink.inbox("/own");
        inbox.unchecked();
        let keys = desk.account().post(&desk.path("/keys"), &json!({ "displayName": "k" })).await.ok();
        let own = desk.server.api().as_key(&Key::from_reply(&keys));
        let setting = json!({ "value": inbox.url() });
        own.call("PUT", &desk.path("/settings/popup")).json(&setting).send().await.ok();
        let exotel = desk.app.client(&desk.server);
        assert_eq!(exotel.get_setting("popup").await.unwrap().value, inbox.url());
        let newer = exotel.get_app_settings(&desk.app.customer_id, &desk.app.id).await.unwrap();
        assert_eq!(newer.settings.popup_url.as_deref(), Some(inbox.url()));
        desk.says(&desk.talk("ann").await, "hello").await;
        inbox.wait_for(1).await;
    });
}
