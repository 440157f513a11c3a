//! Other secrets for an integration that is connected already.

use serde_json::{Value, json};
use sim::{Channel, Fault, FaultKind, Page, Provider};
use testkit::{run, text_at};

use super::{SMS, Street, TELEGRAM, conversation_of};

/// A second page of the app that is there from the beginning.
fn second_page(street: &Street) -> Page {
    Page {
        page_id: "108032747240002".to_owned(),
        name: "Second page".to_owned(),
        access_token: "EAAsecondPageAccessToken".to_owned(),
        ..street.sim.page()
    }
}

async fn shown(street: &Street, id: &str) -> Value {
    street.app.get(&format!("/integrations/{id}")).await["integration"].take()
}

#[test]
fn a_token_that_the_provider_refuses_changes_nothing() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.messenger().await, "/id");
        let before = shown(&street, &id).await;
        let path = street.app.path(&format!("/integrations/{id}"));
        for body in [
            json!({ "pageAccessToken": "EAAwrong", "displayName": "new" }),
            json!({ "pageAccessToken": null, "displayName": "new" }),
        ] {
            let reply = street.app.api.patch(&path, &body).await;
            let title = reply.refused(400, "bad_request");
            assert!(title.contains("the provider refused the integration: "), "{title}");
        }
        assert_eq!(shown(&street, &id).await, before);
        // The old token goes on serving.
        let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        street.answer_text(&conversation, "Good morning").await;
        street.event("conversation:message:delivery:channel").await;
    });
}

#[test]
fn a_token_of_another_page_moves_the_integration_there() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.messenger().await, "/id");
        let (first, second) = (street.sim.page(), second_page(&street));
        street.sim.add_messenger(street.sim.meta_app(), second.clone());
        street.sim.clear_transcript();
        let body = json!({ "pageAccessToken": second.access_token });
        let changed = street.app.patch(&format!("/integrations/{id}"), body).await;
        assert_eq!(text_at(&changed, "/integration/pageName"), "Second page");
        assert_eq!(changed["integration"]["pageId"].to_string(), second.page_id);
        let transcript = street.sim.transcript();
        let subscriptions = transcript.to_provider(Provider::Messenger, "subscribed_apps");
        let told: Vec<(&str, bool)> = subscriptions
            .iter()
            .map(|entry| (entry.method.as_str(), entry.path.contains(&first.page_id)))
            .collect();
        assert_eq!(told, [("POST", false), ("DELETE", true)], "the new page comes, the former goes");
        let ann = street.sim.customer_of(Channel::Messenger, &second.page_id, "7000000000000002");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        street.answer_text(&conversation, "Good morning").await;
        street.event("conversation:message:delivery:channel").await;
        transcript.assert_clean();
    });
}

#[test]
fn a_token_given_anew_heals_the_integration() {
    run(60, async {
        let street = Street::build().await;
        let id = text_at(&street.messenger().await, "/id");
        let ann = street.sim.customer(Channel::Messenger, "7000000000000001");
        ann.say("Hello").await.unwrap();
        let conversation = conversation_of(&street.event("conversation:message").await);
        // Until it is given anew: whoever waits tries again by themselves, too.
        street.sim.fault(Fault::new(FaultKind::DeadToken).at(Provider::Messenger).on("me/messages"));
        street.answer_text(&conversation, "one").await;
        street.event("conversation:message:delivery:failure").await;
        let before = shown(&street, &id).await;
        assert_eq!(text_at(&before, "/status"), "error");
        street.sim.heal();
        let body = json!({ "pageAccessToken": street.sim.page().access_token });
        let healed = street.app.patch(&format!("/integrations/{id}"), body).await;
        assert_eq!(text_at(&healed, "/integration/status"), "active");
        assert!(healed["integration"]["health"].get("reason").is_none(), "{healed}");
        street.event("conversation:message:delivery:channel").await;
    });
}

/// The secret of a channel's integration, and a field that names it.
fn secret_of(street: &Street, provider: Provider) -> (&'static str, String) {
    match provider {
        Provider::Telegram => ("token", street.sim.bot().token),
        _ => ("authToken", street.sim.twilio().auth_token),
    }
}

#[test]
fn a_new_token_keeps_the_customers_and_sends_what_waited() {
    run(120, async {
        for line in [TELEGRAM, SMS] {
            let street = Street::build().await;
            let integration = text_at(&street.connect(line).await, "/id");
            let customer = street.sim.customer(line.channel, line.who);
            customer.say("Hello").await.unwrap();
            let before = street.event("conversation:message").await;
            let conversation = conversation_of(&before);
            let (field, former) = secret_of(&street, line.provider);
            let renewed = format!("{}Z", &former[..former.len() - 1]);
            street.sim.renew_token(&former, &renewed);
            street.answer_text(&conversation, "Good morning").await;
            street.event("conversation:message:delivery:failure").await;
            let dead = shown(&street, &integration).await;
            assert_eq!(text_at(&dead, "/status"), "error");

            let path = street.app.path(&format!("/integrations/{integration}"));
            let wrong = format!("{}X", &former[..former.len() - 1]);
            street.app.api.patch(&path, &json!({ field: wrong })).await.refused(400, "bad_request");
            assert_eq!(text_at(&shown(&street, &integration).await, "/status"), "error");
            let healed =
                street.app.patch(&format!("/integrations/{integration}"), json!({ field: renewed })).await;
            assert_eq!(text_at(&healed, "/integration/status"), "active");
            assert!(!healed.to_string().contains(&renewed), "{healed}");
            street.event("conversation:message:delivery:channel").await;

            customer.say("Still me").await.unwrap();
            let after = street.events("conversation:message", 3).await.remove(2);
            assert_eq!(conversation_of(&after), conversation, "{field}");
            let user = "/message/author/userId";
            assert_eq!(text_at(after.payload(), user), text_at(before.payload(), user), "{field}");
        }
    });
}
