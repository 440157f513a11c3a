//! Integrations come and go at their provider; what strangers send to their hooks is refused.

use serde_json::json;
use sim::{Channel, Fault, FaultKind, Provider, Webhook};
use testkit::{eventually, run, text_at};

use super::{Street, knock};

#[test]
fn a_provider_that_refuses_leaves_nothing_behind() {
    run(60, async {
        let street = Street::build().await;
        let body = json!({ "type": "telegram", "token": "123:wrong" });
        let reply = street.app.api.post(&street.app.path("/integrations"), &body).await;
        let title = reply.refused(400, "bad_request");
        assert!(title.contains("provider"), "{title}");
        let listed = street.app.get("/integrations").await;
        assert_eq!(listed["integrations"].as_array().unwrap().len(), 1, "the business's own: {listed}");
        street.sim.fault(Fault::new(FaultKind::ServerError { status: None }).at(Provider::Telegram));
        let body = json!({ "type": "telegram", "token": street.sim.bot().token });
        street.app.api.post(&street.app.path("/integrations"), &body).await.refused(400, "bad_request");
        street.sim.heal();
        street.telegram().await;
    });
}

#[test]
fn a_kill_while_the_provider_is_asked_leaves_nothing_behind() {
    run(60, async {
        let mut street = Street::build().await;
        let bot = street.sim.bot();
        street.sim.fault(Fault::new(FaultKind::Hang).at(Provider::Telegram).on("setWebhook"));
        let (api, path) = (street.app.api.clone(), street.app.path("/integrations"));
        let body = json!({ "type": "telegram", "token": bot.token });
        let waiting = tokio::spawn(async move { api.post(&path, &body).await });
        let asked = "the webhook's address";
        let is_asked = |transcript: &sim::Transcript| {
            !transcript.to_provider(Provider::Telegram, "setWebhook").is_empty()
        };
        street.sim.wait_for(asked, is_asked).await.unwrap();
        let listed = street.app.get("/integrations").await;
        assert_eq!(listed["integrations"].as_array().unwrap().len(), 1, "it is not there yet: {listed}");
        street.server.kill9();
        waiting.await.unwrap_err();
        // The provider has done what it was asked, though nobody was there to hear it.
        let transcript = street.sim.transcript();
        let body = &transcript.to_provider(Provider::Telegram, "setWebhook")[0].body;
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let webhook = Webhook {
            url: text_at(&body, "/url"),
            secret_token: None,
            allowed_updates: Vec::new(),
            max_connections: 40,
        };
        street.sim.set_bot_webhook(bot.id, webhook);
        street.sim.heal();
        assert!(street.sim.transcript().to_provider(Provider::Telegram, "deleteWebhook").is_empty());
        street.server.restart().await;
        let is_withdrawn = |transcript: &sim::Transcript| {
            transcript.to_provider(Provider::Telegram, "deleteWebhook").len() == 1
        };
        street.sim.wait_for("the withdrawal", is_withdrawn).await.unwrap();
        assert!(street.sim.bot_webhook(bot.id).is_none());
        let listed = street.app.get("/integrations").await;
        assert_eq!(listed["integrations"].as_array().unwrap().len(), 1, "the business's own: {listed}");
        street.telegram().await;
    });
}

#[test]
fn a_server_that_has_moved_tells_its_providers_and_hears_them_there() {
    run(60, async {
        let mut street = Street::build().await;
        street.telegram().await;
        let bot = street.sim.bot().id;
        let before = street.sim.bot_webhook(bot).unwrap();
        let moved = street.server.base().replace("127.0.0.1", "localhost");
        assert!(!before.url.starts_with(&moved), "{}", before.url);
        street.server.sigterm();
        street.server.restart_with("CROSSPOINT_PUBLIC_URL", &moved).await;
        let told = || async { street.sim.bot_webhook(bot).filter(|webhook| webhook.url.starts_with(&moved)) };
        let now = eventually(20, "the new address is told", told).await;
        assert_eq!(now.url.strip_prefix(&moved), before.url.strip_prefix(&street.server.base()));
        assert_eq!(now.secret_token, before.secret_token);
        street.sim.customer(Channel::Telegram, "1111111").say("found you").await.unwrap();
        street.event("conversation:message").await;
    });
}

#[test]
fn deleting_an_integration_withdraws_it_and_its_hook_is_unknown() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        let bot = street.sim.bot().id;
        assert!(street.sim.bot_webhook(bot).is_some());
        street.app.delete(&format!("/integrations/{id}")).await;
        assert!(street.sim.bot_webhook(bot).is_none_or(|webhook| webhook.url.is_empty()));
        assert_eq!(knock(&street, "POST", &format!("/hooks/telegram/{id}"), "{}", None).await.0, 404);
    });
}

#[test]
fn a_callback_that_nobody_has_signed_is_refused_and_stored_nowhere() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        let path = format!("/hooks/telegram/{id}");
        let update = json!({ "update_id": 1, "message": { "message_id": 1, "date": 1, "text": "x",
            "chat": { "id": 5, "type": "private" }, "from": { "id": 5, "is_bot": false, "first_name": "x" } } });
        let update = update.to_string();
        let secret = street.sim.bot_webhook(street.sim.bot().id).unwrap().secret_token.unwrap();
        for (method, path, body, secret, status) in [
            ("POST", path.as_str(), update.as_str(), None, 401),
            ("POST", path.as_str(), &update, Some("wrong"), 401),
            ("POST", path.as_str(), "junk", Some(secret.as_str()), 400),
            ("PUT", path.as_str(), &update, Some(&secret), 405),
            ("POST", &format!("/hooks/twilio/{id}"), &update, Some(&secret), 404),
            ("POST", "/hooks/telegram/nothing", &update, Some(&secret), 404),
            ("POST", &format!("/hooks/telegram/{}", testkit::scene::NO_ID), &update, Some(&secret), 404),
            ("POST", "/hooks/viber/nothing", &update, None, 404),
        ] {
            let answer = knock(&street, method, path, body, secret).await;
            assert_eq!(answer, (status, String::new()), "{method} {path} {body}");
        }
        // A real message comes after all of them, and is the only one.
        street.sim.customer(Channel::Telegram, "1111111").say("real").await.unwrap();
        street.event("conversation:message").await;
        assert_eq!(street.inbox.kinds(), ["conversation:create", "conversation:message"]);
    });
}

#[test]
fn an_integration_shows_how_it_does() {
    run(60, async {
        let street = Street::build().await;
        let made = street.telegram().await;
        assert!(made["health"]["lastGoodAt"].is_string(), "{made}");
        assert!(made["health"].get("reason").is_none());
    });
}

#[test]
fn a_preview_shows_what_every_channel_would_make_of_a_message() {
    run(60, async {
        let street = Street::build().await;
        let actions = json!([{ "type": "reply", "text": "Yes", "payload": "YES" }]);
        let body = json!({
            "author": { "type": "business" },
            "content": { "type": "text", "text": "Shall we?", "actions": actions },
        });
        let shown = street.app.post("/messages/preview", body).await;
        let previews = shown["previews"].as_array().unwrap();
        let channels: Vec<&str> = previews.iter().map(|it| it["channel"].as_str().unwrap()).collect();
        assert_eq!(channels, ["messenger", "telegram", "twilio", "twilio"]);
        for preview in previews {
            assert!(preview["requests"][0].to_string().contains("Shall we?"), "{preview}");
        }
        let twilio = &previews[2];
        assert!(twilio["requests"][0].to_string().contains("1. Yes"), "{twilio}");
        assert!(!twilio["losses"].as_array().unwrap().is_empty(), "{twilio}");
        let wrong = json!({ "author": { "type": "business" }, "content": { "type": "fax" } });
        street.app.api.post(&street.app.path("/messages/preview"), &wrong).await.refused(400, "bad_request");
        assert_eq!(street.inbox.kinds(), Vec::<String>::new());
    });
}
