//! Conversion events: handed on to Meta while the caller waits.

use serde_json::{Value, json};
use sim::{Clock, Fault, FaultKind, Provider};
use testkit::{run, text_at};

use super::{MESSENGER, Street, TELEGRAM};

fn now_s() -> i64 {
    Clock::system().now_ms() / 1_000
}

fn purchase(at_s: i64) -> Value {
    json!({ "event_name": "Purchase", "event_time": at_s, "action_source": "business_messaging",
        "custom_data": { "currency": "USD", "value": 123 } })
}

fn messenger(data: Value) -> Value {
    json!({ "messenger": { "payload": { "data": data } } })
}

#[test]
fn meta_hears_what_a_customer_on_messenger_did() {
    run(60, async {
        let street = Street::build().await;
        let (ann, conversation) = street.begun(MESSENGER).await;
        let path = street.app.path(&format!("/conversations/{conversation}/conversionEvents"));
        let at = now_s();
        let own = json!({ "page_scoped_user_id": "7000000000000009", "page_id": street.sim.page().page_id });
        let mut lead =
            json!({ "event_name": "LeadSubmitted", "event_time": at, "action_source": "business_messaging" });
        lead["user_data"] = own.clone();
        let told = street.app.api.post(&path, &messenger(json!([purchase(at), lead]))).await.ok();
        assert_eq!(told["conversionEvents"]["eventsReceived"], 2);
        let dataset = text_at(&told, "/conversionEvents/datasetId");
        assert!(dataset.bytes().all(|digit| digit.is_ascii_digit()), "{dataset}");

        let page = street.sim.page().page_id;
        let heard = street.sim.conversions(&page);
        let known = json!({ "page_id": page, "page_scoped_user_id": ann.key().customer });
        assert_eq!((&heard[0]["user_data"], &heard[0]["messaging_channel"]), (&known, &json!("messenger")));
        assert_eq!(heard[0]["custom_data"], json!({ "currency": "USD", "value": 123 }));
        assert_eq!(heard[1]["user_data"], own, "what the caller gave stays");
        street.sim.transcript().assert_clean();

        let again = street.app.api.post(&path, &messenger(json!([purchase(at)]))).await.ok();
        assert_eq!(text_at(&again, "/conversionEvents/datasetId"), dataset);
        assert_eq!(street.sim.conversions(&page).len(), 3);

        let body = messenger(json!([purchase(at)]));
        let mut answers = Vec::new();
        for _ in 0..2 {
            let call = street.app.api.call("POST", &path).header("idempotency-key", "k").json(&body);
            answers.push(call.send().await.ok());
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(street.sim.conversions(&page).len(), 4, "a repeat is not told");
    });
}

#[test]
fn what_meta_refuses_is_told_with_its_reason() {
    run(60, async {
        let street = Street::build().await;
        let (_ann, conversation) = street.begun(MESSENGER).await;
        let path = street.app.path(&format!("/conversations/{conversation}/conversionEvents"));
        let post = |body: Value| {
            let (api, path) = (&street.app.api, &path);
            async move { api.post(path, &body).await.refused(400, "bad_request") }
        };
        let title = post(messenger(json!([purchase(now_s() - 8 * 86_400)]))).await;
        assert!(title.contains("Meta refuses") && title.contains("within 7 days"), "{title}");
        for (channel, why) in
            [("instagram", "no client of this channel"), ("whatsapp", "no client of this channel")]
        {
            let title = post(json!({ channel: { "payload": { "data": [purchase(now_s())] } } })).await;
            assert!(title.contains(channel) && title.contains(why), "{title}");
        }
        let payload = json!({ "payload": { "data": [] } });
        post(json!({ "messenger": payload, "whatsapp": payload })).await;
        post(json!({})).await;
        assert_eq!(street.sim.conversions(&street.sim.page().page_id), Vec::<Value>::new());

        for kind in [FaultKind::ServerError { status: None }, FaultKind::Reset] {
            street.sim.fault(Fault::new(kind).at(Provider::Messenger).on("dataset"));
            let title = post(messenger(json!([purchase(now_s())]))).await;
            assert!(title.starts_with("messenger: "), "{title}");
            street.sim.heal();
        }
        let integrations = street.app.get("/integrations?filter[types]=messenger").await;
        assert_eq!(text_at(&integrations, "/integrations/0/status"), "active");
        street.sim.fault(Fault::new(FaultKind::DeadToken).at(Provider::Messenger).on("events").times(1));
        let title = post(messenger(json!([purchase(now_s())]))).await;
        assert!(title.contains("refuses the integration's token"), "{title}");
        let integrations = street.app.get("/integrations?filter[types]=messenger").await;
        assert_eq!(text_at(&integrations, "/integrations/0/status"), "error");
        street.app.api.post(&path, &messenger(json!([purchase(now_s())]))).await.ok();
        let integrations = street.app.get("/integrations?filter[types]=messenger").await;
        assert_eq!(text_at(&integrations, "/integrations/0/status"), "active", "the token lives");
    });
}

#[test]
fn a_conversation_of_another_channel_has_nobody_whom_meta_knows() {
    run(60, async {
        let street = Street::build().await;
        street.messenger().await;
        let (_ann, conversation) = street.begun(TELEGRAM).await;
        let path = street.app.path(&format!("/conversations/{conversation}/conversionEvents"));
        let events = messenger(json!([purchase(now_s())]));
        street.app.api.post(&path, &events).await.bad_request("messenger: the conversation has no client");
    });
}
