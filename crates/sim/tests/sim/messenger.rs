//! Facebook Messenger.

use serde_json::{Value, json};
use sim::{Action, Channel, Provider, messenger_signature};

use crate::bench::{Bench, Business, answer, newest_rule};

const PSID: &str = "24680135792468013";
const FIELDS: &[&str] =
    &["messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes"];

async fn opened() -> (Bench, Business, sim::Customer) {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.sim.set_messenger_callback(&bench.sim.page().page_id, &business.url, FIELDS);
    let ann = bench.sim.customer(Channel::Messenger, PSID);
    ann.say("Hé").await.unwrap();
    (bench, business, ann)
}

fn to(message: Value) -> Value {
    json!({"recipient": {"id": PSID}, "messaging_type": "RESPONSE", "message": message})
}

#[tokio::test]
async fn customers_are_heard_in_signed_and_escaped_bodies() {
    let (bench, business, _ann) = opened().await;
    let heard = &business.heard()[0];
    assert_eq!(
        heard.header("x-hub-signature-256"),
        messenger_signature(&bench.sim.meta_app().app_secret, &heard.body)
    );
    assert!(std::str::from_utf8(&heard.body).unwrap().contains(r"H\u00e9"));
    let body = heard.json();
    assert_eq!(body["entry"][0]["id"], bench.sim.page().page_id.as_str());
    assert_eq!(body["entry"][0]["messaging"][0]["message"]["text"], "Hé");
}

#[tokio::test]
async fn answers_are_taken_and_followed_by_echo_and_delivery() {
    let (bench, business, ann) = opened().await;
    let (status, body) = bench.page(to(json!({"text": "Hi", "metadata": "m1"}))).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["message_id"].as_str().unwrap().starts_with("m_"));
    let told = |t: &sim::Transcript| t.from_provider(Provider::Messenger, "message_deliveries").len() == 1;
    bench.sim.wait_for("the delivery", told).await.unwrap();
    let items: Vec<Value> =
        business.heard().iter().map(|heard| heard.json()["entry"][0]["messaging"][0].clone()).collect();
    assert_eq!(items[1]["message"]["is_echo"], true);
    assert_eq!(items[1]["message"]["metadata"], "m1");
    assert_eq!(items[2]["delivery"]["mids"][0], body["message_id"]);
    assert_eq!(ann.received()[0].status, "delivered");
    bench.sim.transcript().assert_clean();
}

#[tokio::test]
async fn each_rule_of_a_message_refuses_with_metas_code() {
    let (bench, business, ann) = opened().await;
    let base = business.url.trim_end_matches("/hook").to_owned();
    let button = |title: &str| json!({"type": "postback", "title": title, "payload": "P"});
    let template = |payload: Value| to(json!({"attachment": {"type": "template", "payload": payload}}));
    let buttons = |buttons: Vec<Value>| {
        template(json!({"template_type": "button", "text": "Pick", "buttons": buttons}))
    };
    let image = |url: String| to(json!({"attachment": {"type": "image", "payload": {"url": url}}}));
    let icon = |url: Option<&str>| {
        let mut reply = json!({"content_type": "text", "title": "", "payload": "p"});
        if let Some(url) = url {
            reply["image_url"] = url.into();
        }
        reply
    };
    let replies = |count: usize| {
        (0..count).map(|_| json!({"content_type": "text", "title": "a", "payload": "p"})).collect::<Vec<_>>()
    };
    let cases = [
        (
            json!({"messaging_type": "RESPONSE", "message": {"text": "a"}}),
            100,
            0,
            "messenger.recipient.required",
        ),
        (
            json!({"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": {"text": "a"}}),
            100,
            2_018_001,
            "messenger.recipient.known",
        ),
        (json!({"recipient": {"id": PSID}, "message": {"text": "a"}}), 100, 0, "messenger.messaging-type"),
        (
            json!({"recipient": {"id": PSID}, "messaging_type": "MESSAGE_TAG", "message": {"text": "a"}}),
            100,
            0,
            "messenger.tag.required",
        ),
        (
            json!({"recipient": {"id": PSID}, "messaging_type": "RESPONSE"}),
            100,
            0,
            "messenger.message.required",
        ),
        (json!({"recipient": {"id": PSID}, "sender_action": "dance"}), 100, 0, "messenger.sender-action"),
        (to(json!({"text": ""})), 100, 0, "messenger.text.required"),
        (to(json!({"text": "a".repeat(2001)})), 100, 0, "messenger.length"),
        (to(json!({"text": "a", "attachment": {"type": "image"}})), 100, 0, "messenger.message.one"),
        (to(json!({"text": "a", "quick_replies": replies(14)})), 100, 0, "messenger.replies.count"),
        (
            to(json!({"text": "a", "quick_replies": [{"content_type": "location"}]})),
            100,
            0,
            "messenger.replies.type",
        ),
        (to(json!({"text": "a", "quick_replies": [icon(None)]})), 100, 0, "messenger.required"),
        (buttons(vec![]), 100, 0, "messenger.buttons.count"),
        (buttons(vec![button("a"); 4]), 100, 0, "messenger.buttons.count"),
        (buttons(vec![button(&"t".repeat(21))]), 100, 0, "messenger.length"),
        (template(json!({"template_type": "list", "elements": []})), 100, 0, "messenger.template.type"),
        (
            template(json!({"template_type": "generic", "elements": [{"title": "a"}]})),
            100,
            0,
            "messenger.template.element",
        ),
        (image("ftp://e.com".to_owned()), 100, 0, "messenger.url"),
        (image(format!("{base}/large.png")), 100, 2_018_109, "messenger.attachment.size"),
        (image(format!("{base}/page.html")), 100, 2_018_047, "messenger.attachment.type"),
        (image("http://127.0.0.1:1/a".to_owned()), 100, 2_018_008, "messenger.attachment.fetch"),
    ];
    for (body, code, subcode, rule) in cases {
        let (status, answer) = bench.page(body.clone()).await;
        let error = &answer["error"];
        assert_eq!((status, error["code"].as_u64()), (400, Some(code)), "{body}: {answer}");
        assert_eq!(error["error_subcode"].as_u64().unwrap_or(0), subcode, "{body}: {answer}");
        assert_eq!(newest_rule(&bench.sim.transcript()), rule);
    }
    assert!(ann.received().is_empty());
    let alone = to(json!({"text": "a", "quick_replies": [icon(Some("https://e.com/a.png"))]}));
    assert_eq!(bench.page(alone).await.0, 200, "an icon may stand alone");
    assert_eq!(bench.page(image(format!("{base}/small.png"))).await.0, 200);
    assert_eq!(bench.page(json!({"recipient": {"id": PSID}, "sender_action": "typing_on"})).await.0, 200);
}

#[tokio::test]
async fn buttons_tell_postbacks_and_quick_replies() {
    let (bench, business, ann) = opened().await;
    bench.page(to(json!({"text": "a", "quick_replies": [{"content_type": "text", "title": "Red", "payload": "RED"}]}))).await;
    ann.press("Red").await.unwrap();
    let newest = || {
        business
            .heard()
            .iter()
            .rev()
            .map(|heard| heard.json()["entry"][0]["messaging"][0].clone())
            .find(|item| item.get("delivery").is_none() && item["message"].get("is_echo").is_none())
            .unwrap()
    };
    assert_eq!(newest()["message"]["quick_reply"]["payload"], "RED");
    let element = json!({"title": "Shoes", "subtitle": "Red", "buttons": [{"type": "postback", "title": "Buy", "payload": "B1"}]});
    let payload = json!({"template_type": "generic", "elements": [element]});
    assert_eq!(bench.page(to(json!({"attachment": {"type": "template", "payload": payload}}))).await.0, 200);
    assert_eq!(ann.received()[1].title.as_deref(), Some("Shoes"));
    ann.press("Buy").await.unwrap();
    assert_eq!(newest()["postback"]["payload"], "B1");
}

#[tokio::test]
async fn blocking_and_the_window_have_their_own_codes() {
    let cell = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1_700_000_000_000));
    let clock = sim::Clock::manual(std::sync::Arc::clone(&cell));
    let bench = Bench::with(sim::SimConfig { clock, ..crate::bench::quick() }).await;
    let ann = bench.sim.customer(Channel::Messenger, PSID);
    ann.say("Hi").await.unwrap();
    cell.fetch_add(25 * 60 * 60 * 1000, std::sync::atomic::Ordering::SeqCst);
    let (_, body) = bench.page(to(json!({"text": "a"}))).await;
    assert_eq!(
        (body["error"]["code"].as_u64(), body["error"]["error_subcode"].as_u64()),
        (Some(10), Some(2_018_278))
    );
    let tagged = json!({"recipient": {"id": PSID}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "a"}});
    assert_eq!(bench.page(tagged).await.0, 200);
    ann.act(Action::Block).await.unwrap();
    assert_eq!(bench.page(to(json!({"text": "a"}))).await.1["error"]["code"], 551);
}

#[tokio::test]
async fn setting_up_asks_the_callback_address_and_judges_tokens() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let (app, page) = (bench.sim.meta_app(), bench.sim.page());
    let token = format!("{}|{}", app.app_id, app.app_secret);
    let subscribe = |verify_token: &'static str, access_token: String| {
        let url = format!("{}/messenger/v24.0/{}/subscriptions", bench.sim.url(), app.app_id);
        let form = [
            ("object", "page".to_owned()),
            ("callback_url", business.url.clone()),
            ("verify_token", verify_token.to_owned()),
            ("fields", "messages".to_owned()),
            ("access_token", access_token),
        ];
        let request = bench.http.post(url).form(&form);
        async move { answer(request.send().await.unwrap()).await }
    };
    assert_eq!(subscribe("wrong", token.clone()).await.1["error"]["code"], 2200);
    assert_eq!(subscribe("right", "1|x".to_owned()).await.1["error"]["code"], 190);
    assert_eq!(subscribe("right", token).await.1["success"], true);

    let url = format!("{}/messenger/v24.0/{}/subscribed_apps", bench.sim.url(), page.page_id);
    let subscribed = |fields: &'static str, token: &str| {
        bench.http.post(&url).bearer_auth(token).form(&[("subscribed_fields", fields)]).send()
    };
    assert_eq!(answer(subscribed("messages", "x").await.unwrap()).await.0, 401);
    assert_eq!(answer(subscribed("gossip", &page.access_token).await.unwrap()).await.1["error"]["code"], 100);
    assert_eq!(answer(subscribed("messages", &page.access_token).await.unwrap()).await.1["success"], true);
    let me =
        format!("{}/messenger/v24.0/me?fields=id,name&access_token={}", bench.sim.url(), page.access_token);
    assert_eq!(
        answer(bench.http.get(me).send().await.unwrap()).await.1,
        json!({"id": page.page_id, "name": page.name})
    );

    bench.sim.customer(Channel::Messenger, PSID).say("Hi").await.unwrap();
    assert_eq!(business.heard().len(), 1);
    assert_eq!(
        answer(bench.http.delete(&url).bearer_auth(&page.access_token).send().await.unwrap()).await.0,
        200
    );
    bench.sim.customer(Channel::Messenger, PSID).say("Hi").await.unwrap();
    assert_eq!(business.heard().len(), 1, "nobody listens any more");
}

#[tokio::test]
async fn events_go_to_the_pages_data_set_and_each_rule_refuses_all_of_them() {
    let bench = Bench::start().await;
    let page = bench.sim.page();
    let post = async |path: &str, body: Value| {
        let url = format!("{}/messenger/v23.0/{path}?access_token={}", bench.sim.url(), page.access_token);
        answer(bench.http.post(url).json(&body).send().await.unwrap()).await
    };
    let dataset = format!("{}/dataset", page.page_id);
    let id = post(&dataset, json!({})).await.1["id"].as_str().unwrap().to_owned();
    assert_eq!(post(&dataset, json!({})).await.1["id"], id.as_str(), "the same one again");
    let events = format!("{id}/events");
    let good = json!({ "event_name": "Lead", "event_time": now_s(), "action_source": "business_messaging",
        "messaging_channel": "messenger",
        "user_data": { "page_id": page.page_id, "page_scoped_user_id": PSID } });
    let with = |name: &str, value: Value| {
        let mut event = good.clone();
        event[name] = value;
        event
    };
    for (event, rule) in [
        (with("event_name", "".into()), "messenger.events.required"),
        (with("event_time", "now".into()), "messenger.events.required"),
        (with("event_time", (now_s() - 8 * 86_400).into()), "messenger.events.age"),
        (with("action_source", "website".into()), "messenger.events.source"),
        (with("messaging_channel", "whatsapp".into()), "messenger.events.channel"),
        (with("user_data", json!({})), "messenger.events.required"),
        (with("user_data", json!({ "page_id": "1", "page_scoped_user_id": PSID })), "messenger.events.page"),
        (with("event_name", "Purchase".into()), "messenger.events.required"),
    ] {
        let (status, body) = post(&events, json!({ "data": [good, event] })).await;
        assert_eq!((status, &body["error"]["code"]), (400, &json!(100)), "{rule}: {body}");
        assert_eq!(newest_rule(&bench.sim.transcript()), rule);
    }
    assert_eq!(post(&events, json!({ "data": [] })).await.0, 400);
    assert_eq!(post("123/events", json!({ "data": [good] })).await.0, 400);
    assert_eq!(bench.sim.conversions(&page.page_id), Vec::<Value>::new());
    let (status, body) = post(&events, json!({ "data": [good, good] })).await;
    assert_eq!((status, &body["events_received"]), (200, &json!(2)), "{body}");
    assert!(body["fbtrace_id"].is_string());
    assert_eq!(bench.sim.conversions(&page.page_id).len(), 2);
}

fn now_s() -> i64 {
    sim::Clock::system().now_ms() / 1_000
}
