//! Telegram's Bot API.

use serde_json::json;
use sim::{Action, Channel, Provider};

use crate::bench::{Bench, Business, answer, newest_rule};

const ANN: &str = "1111111";

#[tokio::test]
async fn a_bot_hears_what_customers_write_and_answers() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let (status, me) = bench.bot("getMe", json!({})).await;
    assert_eq!((status, me["result"]["username"].as_str()), (200, Some("crosspoint_sim_bot")));
    let wanted = json!({"url": business.url, "secret_token": "a3f1_Zk-9", "allowed_updates": ["message"]});
    assert_eq!(bench.bot("setWebhook", wanted).await.0, 200);

    let ann = bench.sim.customer(Channel::Telegram, ANN);
    let refused = bench.bot("sendMessage", json!({"chat_id": 1_111_111, "text": "Hi"})).await;
    assert_eq!(refused.1["description"], "Forbidden: bot can't initiate conversation with a user");
    let done = ann.start(Some("ref42")).await.unwrap();
    assert_eq!(done.status, Some(200));
    let heard = &business.heard()[0];
    assert_eq!(heard.header("x-telegram-bot-api-secret-token"), "a3f1_Zk-9");
    let update = heard.json();
    assert_eq!(update["message"]["text"], "/start ref42");
    assert_eq!(update["message"]["entities"][0]["length"], 6);

    let text = json!({"chat_id": 1_111_111, "text": "<b>Hi</b> Ann", "parse_mode": "HTML"});
    let (status, body) = bench.bot("sendMessage", text).await;
    assert_eq!((status, body["ok"].as_bool()), (200, Some(true)));
    assert_eq!(ann.received()[0].text, "Hi Ann");
    // Nobody asked for reactions, so nobody is told.
    assert_eq!(
        ann.act(Action::React { emoji: Some("👍".into()), message: None }).await.unwrap().status,
        None
    );
}

#[tokio::test]
async fn some_buttons_and_pictures_are_refused_where_telegram_refuses_them() {
    let bench = Bench::start().await;
    let place = json!({"keyboard": [[{"text": "Here", "request_location": true}]]});
    let page = json!({"inline_keyboard": [[{"text": "Shop", "web_app": {"url": "https://e.com"}}]]});
    for (who, status) in [(ANN, 200), ("-4001234", 400)] {
        bench.sim.customer(Channel::Telegram, who).say("Hi").await.unwrap();
        for markup in [&place, &page] {
            let body = json!({"chat_id": who, "text": "Well?", "reply_markup": markup});
            assert_eq!(bench.bot("sendMessage", body).await.0, status, "{who}: {markup}");
        }
    }
    assert_eq!(newest_rule(&bench.sim.transcript()), "telegram.button.private");
    // What was pressed comes with the message below which it stands.
    let business = Business::open().await;
    bench.bot("setWebhook", json!({"url": business.url})).await;
    let buttons =
        json!([[{"text": "Yes", "callback_data": "Y"}], [{"text": "Look", "url": "https://e.com/"}]]);
    let markup = json!({"inline_keyboard": buttons});
    bench.bot("sendMessage", json!({"chat_id": ANN, "text": "Well?", "reply_markup": markup})).await;
    bench.sim.customer(Channel::Telegram, ANN).press("Yes").await.unwrap();
    let query = business.heard().pop().expect("a press").json()["callback_query"].clone();
    assert_eq!(query["message"]["reply_markup"], markup);
}

#[tokio::test]
async fn each_rule_of_a_message_refuses_in_telegrams_words() {
    let bench = Bench::start().await;
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    ann.say("Hi").await.unwrap();
    let (long, data) = ("a".repeat(4097), "d".repeat(65));
    let inline = |button: serde_json::Value| json!({"chat_id": ANN, "text": "a", "reply_markup": {"inline_keyboard": [[button]]}});
    let cases = [
        ("sendMessage", json!({"text": "a"}), "chat_id is empty", "telegram.chat.required"),
        ("sendMessage", json!({"chat_id": 5, "text": "a"}), "chat not found", "telegram.chat.known"),
        (
            "sendMessage",
            json!({"chat_id": ANN, "text": " "}),
            "message text is empty",
            "telegram.text.required",
        ),
        ("sendMessage", json!({"chat_id": ANN, "text": long}), "message is too long", "telegram.text.length"),
        (
            "sendMessage",
            json!({"chat_id": ANN, "text": "<h1>a</h1>", "parse_mode": "HTML"}),
            "can't parse entities: Unsupported start tag \"h1\" at byte offset 0",
            "telegram.markup.entities",
        ),
        (
            "sendMessage",
            json!({"chat_id": ANN, "text": "a", "parse_mode": "word"}),
            "unsupported parse_mode",
            "telegram.parse-mode",
        ),
        (
            "sendMessage",
            inline(json!({"text": "a", "callback_data": data})),
            "BUTTON_DATA_INVALID",
            "telegram.button.data",
        ),
        (
            "sendMessage",
            inline(json!({"text": "a"})),
            "Text buttons are unallowed in the inline keyboard",
            "telegram.button.action",
        ),
        (
            "sendMessage",
            inline(json!({"text": "a", "web_app": {"url": "http://127.0.0.1/"}})),
            "inline keyboard button Web App URL 'http://127.0.0.1/' is invalid: Only HTTPS links are allowed",
            "telegram.button.web-app",
        ),
        (
            "sendMessage",
            json!({"chat_id": ANN, "text": "a", "reply_markup": {"inline_keyboard": [], "keyboard": []}}),
            "exactly one of the keyboards has to be in a reply markup",
            "telegram.markup",
        ),
        (
            "sendPhoto",
            json!({"chat_id": ANN, "photo": "nothing"}),
            "wrong file identifier/HTTP URL specified",
            "telegram.file.reference",
        ),
        (
            "sendPhoto",
            json!({"chat_id": ANN, "photo": "http://127.0.0.1:1/a.png"}),
            "failed to get HTTP URL content",
            "telegram.file.fetch",
        ),
        (
            "sendPhoto",
            json!({"chat_id": ANN, "photo": "https://e.com/a.png", "caption": "c".repeat(1025)}),
            "message caption is too long",
            "telegram.text.length",
        ),
        (
            "sendLocation",
            json!({"chat_id": ANN, "latitude": 91, "longitude": 0}),
            "wrong location specified",
            "telegram.location",
        ),
        (
            "sendMediaGroup",
            json!({"chat_id": ANN, "media": [{"type": "photo", "media": "https://e.com/a.png"}]}),
            "media group must include 2-10 items",
            "telegram.album.count",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1"}),
            "query is too old and response timeout expired or query ID is invalid",
            "telegram.answer.open",
        ),
        (
            "setWebhook",
            json!({"url": "ftp://e.com"}),
            "bad webhook: An HTTPS URL must be provided for webhook",
            "telegram.webhook.url",
        ),
        (
            "setWebhook",
            json!({"url": "https://e.com:444/"}),
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
            "telegram.webhook.port",
        ),
        (
            "setWebhook",
            json!({"url": "https://e.com/", "secret_token": "a b"}),
            "secret token contains unallowed characters",
            "telegram.webhook.secret",
        ),
    ];
    for (method, body, expected, rule) in cases {
        let (status, answer) = bench.bot(method, body.clone()).await;
        assert_eq!(status, 400, "{method} {body}: {answer}");
        assert_eq!(answer["description"], format!("Bad Request: {expected}"), "{method} {body}");
        assert_eq!(newest_rule(&bench.sim.transcript()), rule);
    }
    assert!(ann.received().is_empty());
}

#[tokio::test]
async fn buttons_come_back_and_have_to_be_acknowledged_once() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.bot("setWebhook", json!({"url": business.url})).await;
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    ann.say("Hi").await.unwrap();
    let markup = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "p:1"}, {"text": "Shop", "url": "https://e.com"}]]});
    bench.bot("sendMessage", json!({"chat_id": ANN, "text": "Pick", "reply_markup": markup})).await;
    ann.press("Shop").await.unwrap();
    ann.press("Yes").await.unwrap();
    let query = business.heard().pop().unwrap().json()["callback_query"].clone();
    assert_eq!(query["data"], "p:1");
    assert_eq!(business.heard().len(), 2, "a link tells nothing");
    let id = json!({"callback_query_id": query["id"]});
    assert_eq!(bench.bot("answerCallbackQuery", id.clone()).await.0, 200);
    assert_eq!(bench.bot("answerCallbackQuery", id).await.0, 400);

    let keyboard = json!({"keyboard": [[{"text": "Red"}], [{"text": "Blue"}]], "one_time_keyboard": true});
    bench.bot("sendMessage", json!({"chat_id": ANN, "text": "Colour?", "reply_markup": keyboard})).await;
    ann.press("Blue").await.unwrap();
    assert_eq!(business.heard().pop().unwrap().json()["message"]["text"], "Blue");
    assert!(ann.press("Red").await.is_err(), "the keyboard is gone");
}

#[tokio::test]
async fn tokens_are_judged_and_files_need_them() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    for (token, status) in [("4200000042:wrong", 401), ("nothing", 404)] {
        let url = format!("{}/telegram/bot{token}/getMe", bench.sim.url());
        let (given, body) = answer(bench.http.get(url).send().await.unwrap()).await;
        assert_eq!((given, body["ok"].as_bool()), (status, Some(false)));
    }
    bench.bot("setWebhook", json!({"url": business.url})).await;
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    ann.picture("my shoe").await.unwrap();
    let message = business.heard().pop().unwrap().json()["message"].clone();
    assert_eq!(message["caption"], "my shoe");
    let id = message["photo"][1]["file_id"].clone();
    let (_, file) = bench.bot("getFile", json!({"file_id": id})).await;
    let path = file["result"]["file_path"].as_str().unwrap();
    let token = bench.sim.bot().token;
    let got =
        bench.http.get(format!("{}/telegram/file/bot{token}/{path}", bench.sim.url())).send().await.unwrap();
    assert!(got.bytes().await.unwrap().starts_with(b"\x89PNG"));
    let got =
        bench.http.get(format!("{}/telegram/file/bot42:x/{path}", bench.sim.url())).send().await.unwrap();
    assert_eq!(got.status(), 401);
}

#[tokio::test]
async fn updates_wait_for_a_webhook_and_are_sent_until_they_are_taken() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    assert_eq!(ann.say("one").await.unwrap().status, None);
    business.answer_next(&[500, 503, 404]);
    bench.bot("setWebhook", json!({"url": business.url})).await;
    bench
        .sim
        .wait_for("four tries", |t| t.from_provider(Provider::Telegram, "message").len() == 4)
        .await
        .unwrap();
    assert_eq!(ann.say("two").await.unwrap().status, Some(200));
    let texts: Vec<String> =
        business.heard().iter().map(|heard| heard.json()["message"]["text"].to_string()).collect();
    assert_eq!(texts, ["\"one\"", "\"one\"", "\"one\"", "\"one\"", "\"two\""]);
    let ids: std::collections::BTreeSet<String> =
        business.heard().iter().map(|heard| heard.json()["update_id"].to_string()).collect();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn a_blocked_bot_is_told_so() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.bot("setWebhook", json!({"url": business.url})).await;
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    ann.say("Hi").await.unwrap();
    ann.act(Action::Block).await.unwrap();
    let told = business.heard().pop().unwrap().json();
    assert_eq!(told["my_chat_member"]["new_chat_member"]["status"], "kicked");
    let (status, body) = bench.bot("sendMessage", json!({"chat_id": ANN, "text": "Hi"})).await;
    assert_eq!((status, body["description"].as_str()), (403, Some("Forbidden: bot was blocked by the user")));
    ann.act(Action::Unblock).await.unwrap();
    assert_eq!(bench.bot("sendMessage", json!({"chat_id": ANN, "text": "Hi"})).await.0, 200);
}

#[tokio::test]
async fn a_group_that_becomes_a_supergroup_tells_it_in_both_chats_and_takes_nothing_more() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.bot("setWebhook", json!({"url": business.url})).await;
    let group = bench.sim.customer(Channel::Telegram, "-4001234");
    group.say("Hello all").await.unwrap();
    let said = &business.heard()[0].json()["message"];
    assert_eq!((&said["chat"]["type"], &said["chat"]["title"]), (&json!("group"), &json!("Friends")));
    assert_eq!(said["from"]["is_bot"], false);
    assert!(bench.sim.supergroup(&group).is_none());

    group.act(Action::Upgrade { silently: false }).await.unwrap();
    let supergroup = bench.sim.supergroup(&group).unwrap();
    let new: i64 = supergroup.key().customer.parse().unwrap();
    let told: Vec<_> = business.heard()[1..].iter().map(|heard| heard.json()["message"].clone()).collect();
    assert_eq!((&told[0]["chat"]["id"], &told[0]["migrate_to_chat_id"]), (&json!(-4_001_234), &json!(new)));
    assert_eq!((&told[1]["chat"]["id"], &told[1]["migrate_from_chat_id"]), (&json!(new), &json!(-4_001_234)));
    assert_eq!(told[1]["chat"]["type"], "supergroup");

    let (status, body) = bench.bot("sendMessage", json!({"chat_id": -4_001_234, "text": "Hi"})).await;
    let refusal = json!({"ok": false, "error_code": 400, "parameters": {"migrate_to_chat_id": new},
        "description": "Bad Request: group chat was upgraded to a supergroup chat"});
    assert_eq!((status, body), (400, refusal));
    assert_eq!(newest_rule(&bench.sim.transcript()), "telegram.chat.upgraded");
    assert_eq!(bench.bot("sendMessage", json!({"chat_id": new, "text": "Hi"})).await.0, 200);
    assert_eq!(supergroup.received()[0].text, "Hi");
    group.say("is anybody there?").await.unwrap_err();
    supergroup.act(Action::Upgrade { silently: false }).await.unwrap_err();
}
