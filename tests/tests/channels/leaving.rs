//! What is gone is told to its provider, however late, and nothing is undone that somebody needs.

use serde_json::json;
use sim::{Channel, Fault, FaultKind, Page, Provider, Transcript};
use testkit::scene::App;
use testkit::{run, text_at};

use super::{Street, conversation_of, knock};

/// The requests that look, or undo without looking, at each provider.
const FIRST_STEPS: [(Provider, &str); 3] = [
    (Provider::Telegram, "getWebhookInfo"),
    (Provider::Messenger, "subscribed_apps"),
    (Provider::Twilio, "IncomingPhoneNumbers.fetch"),
];

fn down(street: &Street) {
    for (provider, step) in FIRST_STEPS {
        street.sim.fault(Fault::new(FaultKind::ServerError { status: None }).at(provider).on(step));
    }
}

/// Waits until that many withdrawals had this outcome.
async fn outcomes(street: &Street, outcome: &str, count: f64) {
    let series = format!("crosspoint_withdrawals_total{{outcome=\"{outcome}\"}}");
    testkit::eventually(20, &series, || async {
        (street.server.metrics().value(&series) == Some(count)).then_some(())
    })
    .await;
}

fn are_asked(transcript: &Transcript) -> bool {
    FIRST_STEPS.iter().all(|(provider, step)| !transcript.to_provider(*provider, step).is_empty())
}

#[test]
fn a_deleted_app_is_withdrawn_at_providers_that_listen_only_after_a_kill() {
    run(120, async {
        let mut street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        street.messenger().await;
        street.twilio().await;
        street.sim.clear_transcript();
        down(&street);
        street.app.account.delete(&street.app.path("")).await.ok();
        street.sim.wait_for("an attempt at each provider", are_asked).await.unwrap();
        assert_eq!(knock(&street, "POST", &format!("/hooks/telegram/{id}"), "{}", None).await.0, 404);
        street.server.kill9();
        assert!(street.sim.bot_webhook(street.sim.bot().id).is_some(), "nobody could undo it");
        street.sim.heal();
        street.sim.clear_transcript();
        street.server.restart().await;
        let are_told = |transcript: &Transcript| {
            let count = |provider, step| transcript.to_provider(provider, step).len();
            count(Provider::Telegram, "deleteWebhook") == 1
                && count(Provider::Messenger, "subscribed_apps") == 1
                && count(Provider::Twilio, "IncomingPhoneNumbers.update") == 1
        };
        street.sim.wait_for("the withdrawals", are_told).await.unwrap();
        assert!(street.sim.bot_webhook(street.sim.bot().id).is_none());
        outcomes(&street, "told", 3.0).await;
    });
}

#[test]
fn a_late_withdrawal_leaves_what_has_come_back_meanwhile() {
    run(60, async {
        let mut street = Street::build().await;
        street.telegram().await;
        street.sim.clear_transcript();
        down(&street);
        street.app.account.delete(&street.app.path("")).await.ok();
        let is_asked = |transcript: &Transcript| {
            !transcript.to_provider(Provider::Telegram, "getWebhookInfo").is_empty()
        };
        street.sim.wait_for("an attempt", is_asked).await.unwrap();
        street.app = App::create(&street.server).await;
        street.app.custom("business", &street.inbox).await;
        street.telegram().await;
        let webhook = street.sim.bot_webhook(street.sim.bot().id).unwrap();
        street.sim.heal();
        outcomes(&street, "told", 1.0).await;
        assert_eq!(street.sim.bot_webhook(street.sim.bot().id).unwrap().url, webhook.url);
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        assert_eq!(ann.say("Still there?").await.unwrap().status, Some(200));
        let hook = street.event("conversation:message").await;
        street.answer_text(&conversation_of(&hook), "Yes").await;
        street.event("conversation:message:delivery:channel").await;
    });
}

#[test]
fn a_page_that_another_app_has_too_stays_subscribed() {
    run(60, async {
        let mut street = Street::build().await;
        street.messenger().await;
        let gone = street.app.clone();
        street.app = App::create(&street.server).await;
        street.app.custom("business", &street.inbox).await;
        street.messenger().await;
        street.sim.clear_transcript();
        gone.account.delete(&gone.path("")).await.ok();
        outcomes(&street, "held", 1.0).await;
        assert!(street.sim.transcript().to_provider(Provider::Messenger, "subscribed_apps").is_empty());
        let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
        ann.say("Still there?").await.unwrap();
        street.event("conversation:message").await;
    });
}

#[test]
fn two_integrations_of_one_page_keep_it_until_both_are_gone() {
    run(60, async {
        let street = Street::build().await;
        let first = text_at(&street.messenger().await, "/id");
        let second = text_at(&street.messenger().await, "/id");
        street.sim.clear_transcript();
        let told = || street.sim.transcript().to_provider(Provider::Messenger, "subscribed_apps").len();
        street.app.delete(&format!("/integrations/{first}")).await;
        assert_eq!(told(), 0, "the other one needs the page's subscription");
        street.app.delete(&format!("/integrations/{second}")).await;
        assert_eq!(told(), 1);
    });
}

#[test]
fn a_page_that_goes_leaves_the_other_pages_of_its_app_their_callback() {
    run(60, async {
        let street = Street::build().await;
        street.messenger().await;
        let second = Page {
            page_id: "108032747240002".to_owned(),
            access_token: "EAAsecondPageAccessToken".to_owned(),
            ..street.sim.page()
        };
        street.sim.add_messenger(street.sim.meta_app(), second.clone());
        let body = json!({
            "type": "messenger",
            "pageAccessToken": second.access_token,
            "appId": street.sim.meta_app().app_id,
            "appSecret": street.sim.meta_app().app_secret,
        });
        let made = street.app.post("/integrations", body.clone()).await;
        let hears = async |text: &str| {
            let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
            assert_eq!(ann.say(text).await.unwrap().status, Some(200), "{text}");
            street.event("conversation:message").await;
        };
        hears("Both are there").await;
        street.app.delete(&format!("/integrations/{}", text_at(&made, "/integration/id"))).await;
        hears("The second one is gone").await;
        // One that fails on its way in takes nothing along.
        street.sim.fault(
            Fault::new(FaultKind::ServerError { status: None }).at(Provider::Messenger).on("subscribed_apps"),
        );
        street.app.api.post(&street.app.path("/integrations"), &body).await.refused(400, "bad_request");
        street.sim.heal();
        hears("Another one was refused").await;
    });
}

#[test]
fn a_bot_is_connected_once() {
    run(60, async {
        let street = Street::build().await;
        let first = text_at(&street.telegram().await, "/id");
        let body = json!({ "type": "telegram", "token": street.sim.bot().token });
        let reply = street.app.api.post(&street.app.path("/integrations"), &body).await;
        let title = reply.refused(400, "bad_request");
        assert!(title.contains(&format!("is connected as integration {first}")), "{title}");
        let ann = street.sim.customer(Channel::Telegram, "1111111");
        assert_eq!(ann.say("Do you hear me?").await.unwrap().status, Some(200));
        street.event("conversation:message").await;
        street.app.delete(&format!("/integrations/{first}")).await;
        street.telegram().await;
    });
}
