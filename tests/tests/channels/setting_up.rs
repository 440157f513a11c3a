use serde_json::json;
use sim::{Channel, Fault, FaultKind, Provider};
use testkit::{run, text_at};

use super::Street;

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
fn deleting_an_integration_withdraws_it_and_its_hook_is_unknown() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        let bot = street.sim.bot().id;
        assert!(street.sim.bot_webhook(bot).is_some());
        street.app.delete(&format!("/integrations/{id}")).await;
        assert!(street.sim.bot_webhook(bot).is_none_or(|webhook| webhook.url.is_empty()));
        let reply = street.server.api().post(&format!("/hooks/telegram/{id}"), &json!({})).await;
        assert_eq!(reply.status, 404);
    });
}

#[test]
fn a_callback_that_nobody_has_signed_is_refused_and_stored_nowhere() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.telegram().await, "/id");
        let api = street.server.api();
        let path = format!("/hooks/telegram/{id}");
        let update = json!({ "update_id": 1, "message": { "message_id": 1, "date": 1, "text": "x",
            "chat": { "id": 5, "type": "private" }, "from": { "id": 5, "is_bot": false, "first_name": "x" } } });
        let reply = api.post(&path, &update).await;
        assert_eq!((reply.status, reply.text.as_str()), (401, ""));
        let wrong = api.call("POST", &path).json(&update).header("x-telegram-bot-api-secret-token", "no").send().await;
        assert_eq!(wrong.status, 401);
        assert_eq!(api.call("PUT", &path).send().await.status, 405);
        assert_eq!(api.post(&format!("/hooks/twilio/{id}"), &json!({})).await.status, 404);
        assert_eq!(api.post("/hooks/telegram/nothing", &json!({})).await.status, 404);
        let secret = street.sim.bot_webhook(street.sim.bot().id).unwrap().secret_token.unwrap();
        let junk = api
            .call("POST", &path)
            .text("application/json", "junk")
            .header("x-telegram-bot-api-secret-token", &secret)
            .send()
            .await;
        assert_eq!(junk.status, 400);
        // A real message comes after all of them, and is the only one.
        street.sim.customer(Channel::Telegram, "1111111").say("real").await.unwrap();
        street.event("conversation:message").await;
        assert_eq!(street.inbox.kinds(), ["conversation:create", "conversation:message"]);
    });
}
