//! Twilio: SMS, MMS, WhatsApp.

use serde_json::{Value, json};
use sim::{Channel, Provider, twilio_signature};

use crate::bench::{Bench, Business, answer, newest_rule};

const TO: &str = "+15550001234";
const FROM: &str = "+15557654321";

#[tokio::test]
async fn a_right_message_is_taken_shown_and_followed_by_receipts() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let (status, body) =
        bench.twilio(&[("To", TO), ("From", FROM), ("Body", "Hi"), ("StatusCallback", &business.url)]).await;
    assert_eq!(status, 201, "{body}");
    assert!(body["sid"].as_str().unwrap().starts_with("SM") && body["sid"].as_str().unwrap().len() == 34);
    assert_eq!(body["status"], "queued");
    let two = |t: &sim::Transcript| t.from_provider(Provider::Twilio, "status").len() == 2;
    bench.sim.wait_for("two receipts", two).await.unwrap();
    let statuses: Vec<String> = business.heard().iter().map(|heard| heard.field("MessageStatus")).collect();
    assert_eq!(statuses, ["sent", "delivered"]);
    let heard = &business.heard()[0];
    let expected = twilio_signature(&bench.sim.twilio().auth_token, &business.url, &heard.form());
    assert_eq!(heard.header("x-twilio-signature"), expected);
    let phone = bench.sim.customer(Channel::Sms, TO);
    assert_eq!(phone.received()[0].text, "Hi");
    assert_eq!(phone.received()[0].status, "delivered");
    bench.sim.transcript().assert_clean();
}

#[tokio::test]
async fn each_rule_of_a_message_refuses_with_twilios_code() {
    let bench = Bench::start().await;
    let long = "a".repeat(1601);
    type Case<'a> = (&'a [(&'a str, &'a str)], u32, &'a str);
    let fields: &[Case<'_>] = &[
        (&[("From", FROM), ("Body", "Hi")], 21604, "twilio.to.required"),
        (&[("To", TO), ("Body", "Hi")], 21603, "twilio.from.required"),
        (&[("To", TO), ("From", FROM)], 21602, "twilio.body.required"),
        (&[("To", TO), ("From", FROM), ("Body", &long)], 21617, "twilio.body.length"),
        (&[("To", "5550001234"), ("From", FROM), ("Body", "Hi")], 21211, "twilio.to.e164"),
        (&[("To", TO), ("From", "+15550009999"), ("Body", "Hi")], 21659, "twilio.from.owned"),
        (&[("To", TO), ("From", "my shop!"), ("Body", "Hi")], 21212, "twilio.from.e164"),
        (&[("To", FROM), ("From", FROM), ("Body", "Hi")], 21266, "twilio.from.self"),
        (&[("To", TO), ("From", "whatsapp:+15557654321"), ("Body", "Hi")], 21910, "twilio.from.channel"),
        (&[("To", TO), ("From", FROM), ("MediaUrl", "no address")], 21620, "twilio.media.url"),
        (
            &[("To", TO), ("From", FROM), ("Body", "a"), ("StatusCallback", "x")],
            21609,
            "twilio.status-callback.url",
        ),
        (&[("To", TO), ("MessagingServiceSid", "MG0"), ("Body", "Hi")], 21701, "twilio.service"),
        (&[("To", TO), ("From", FROM), ("ContentSid", "HX0")], 21655, "twilio.content.sid"),
    ];
    for (fields, code, rule) in fields {
        let (status, body) = bench.twilio(fields).await;
        assert_eq!((status, body["code"].as_u64()), (400, Some(u64::from(*code))), "{fields:?}: {body}");
        assert_eq!(newest_rule(&bench.sim.transcript()), *rule);
        assert_eq!(body["more_info"], format!("https://www.twilio.com/docs/errors/{code}"));
    }
    let media: Vec<(&str, &str)> = std::iter::repeat_n(("MediaUrl", "https://e.com/a.png"), 11).collect();
    let (_, body) = bench.twilio(&[&[("To", TO), ("From", FROM)], media.as_slice()].concat()).await;
    assert_eq!(body["code"], 21623);
    assert!(bench.sim.customer(Channel::Sms, TO).received().is_empty());
}

#[tokio::test]
async fn credentials_are_judged() {
    let bench = Bench::start().await;
    let account = bench.sim.twilio();
    let url = format!("{}/twilio/2010-04-01/Accounts/{}.json", bench.sim.url(), account.account_sid);
    let get = |user: &str, password: &str| {
        bench.http.get(&url).basic_auth(user.to_owned(), Some(password.to_owned()))
    };
    assert_eq!(get(&account.account_sid, &account.auth_token).send().await.unwrap().status(), 200);
    for request in [get(&account.account_sid, "wrong"), get("AC2", &account.auth_token), bench.http.get(&url)]
    {
        let (status, body) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, body["code"].as_u64()), (401, Some(20003)));
        assert_eq!(newest_rule(&bench.sim.transcript()), "twilio.credentials");
    }
    let shown = format!("{:?}", bench.sim.transcript());
    assert!(!shown.contains(&account.auth_token), "a secret stands in the transcript");
}

#[tokio::test]
async fn numbers_and_services_are_set_up_and_then_tell_what_customers_write() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let account = bench.sim.twilio();
    let number = &account.numbers[0].sid;
    let base = format!("{}/twilio/2010-04-01/Accounts/{}", bench.sim.url(), account.account_sid);
    let url = format!("{base}/IncomingPhoneNumbers/{number}.json");
    let post = |fields: &[(&str, &str)]| {
        bench.http.post(&url).basic_auth(&account.account_sid, Some(&account.auth_token)).form(fields).send()
    };
    assert_eq!(answer(post(&[("SmsUrl", "nowhere")]).await.unwrap()).await.1["code"], 21502);
    assert_eq!(answer(post(&[("SmsMethod", "PUT")]).await.unwrap()).await.1["code"], 21403);
    let (status, body) =
        answer(post(&[("SmsUrl", &business.url), ("SmsMethod", "POST")]).await.unwrap()).await;
    assert_eq!((status, body["sms_url"].as_str()), (200, Some(business.url.as_str())));

    let phone = bench.sim.customer(Channel::Sms, TO);
    let done = phone.say("Hi & bye é").await.unwrap();
    assert_eq!(done.status, Some(200));
    let heard = &business.heard()[0];
    assert_eq!(heard.field("Body"), "Hi & bye é");
    assert_eq!(heard.field("From"), TO);
    assert_eq!(heard.field("MessageSid"), done.message_id.unwrap());
    assert_eq!(
        heard.header("x-twilio-signature"),
        twilio_signature(&account.auth_token, &business.url, &heard.form())
    );
}

#[tokio::test]
async fn pictures_of_customers_need_the_credentials() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.sim.set_sms_url(FROM, &business.url);
    bench.sim.customer(Channel::Sms, TO).picture("my shoe").await.unwrap();
    let heard = &business.heard()[0];
    assert_eq!(heard.field("NumMedia"), "1");
    assert_eq!(heard.field("MediaContentType0"), "image/png");
    let url = heard.field("MediaUrl0");
    assert_eq!(bench.http.get(&url).send().await.unwrap().status(), 401);
    let account = bench.sim.twilio();
    let got =
        bench.http.get(&url).basic_auth(account.account_sid, Some(account.auth_token)).send().await.unwrap();
    assert_eq!(got.status(), 200);
    assert!(got.bytes().await.unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn media_are_really_fetched_and_fail_afterwards() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    let base = business.url.trim_end_matches("/hook").to_owned();
    let send = async |name: &str| {
        let url = format!("{base}/{name}");
        let (status, body) = bench.twilio(&[("To", TO), ("From", FROM), ("MediaUrl", &url)]).await;
        assert_eq!(status, 201, "{body}");
        newest_rule(&bench.sim.transcript())
    };
    assert_eq!(send("small.png").await, "");
    assert_eq!(send("large.png").await, "twilio.media.size");
    assert_eq!(
        bench.twilio(&[("To", TO), ("From", FROM), ("MediaUrl", "http://127.0.0.1:1/a")]).await.0,
        201
    );
    assert_eq!(newest_rule(&bench.sim.transcript()), "twilio.media.fetch");
}

#[tokio::test]
async fn stop_and_start_are_obeyed() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.sim.set_sms_url(FROM, &business.url);
    let phone = bench.sim.customer(Channel::Sms, TO);
    phone.say("stop").await.unwrap();
    assert_eq!(business.heard()[0].field("OptOutType"), "STOP");
    let (status, body) = bench.twilio(&[("To", TO), ("From", FROM), ("Body", "Hi")]).await;
    assert_eq!((status, body["code"].as_u64()), (400, Some(21610)));
    phone.say("START").await.unwrap();
    assert_eq!(bench.twilio(&[("To", TO), ("From", FROM), ("Body", "Hi")]).await.0, 201);
}

#[tokio::test]
async fn whatsapp_has_a_window_and_buttons_by_content_resources() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.sim.set_sms_url(FROM, &business.url);
    let (to, from) = (format!("whatsapp:{TO}"), format!("whatsapp:{FROM}"));
    bench.twilio(&[("To", &to), ("From", &from), ("Body", "Hi")]).await;
    assert_eq!(newest_rule(&bench.sim.transcript()), "twilio.whatsapp.window");

    let phone = bench.sim.customer(Channel::Whatsapp, TO);
    phone.say("Hello").await.unwrap();
    assert_eq!(business.heard()[0].field("From"), to);
    assert_eq!(business.heard()[0].field("WaId"), "15550001234");
    let content = async |types: Value| {
        let account = bench.sim.twilio();
        let url = format!("{}/twilio/v1/Content", bench.sim.url());
        let request = bench.http.post(url).basic_auth(account.account_sid, Some(account.auth_token));
        answer(request.json(&json!({"language": "en", "types": types})).send().await.unwrap()).await
    };
    let action = |n: usize| json!({"title": format!("Choice {n}"), "id": format!("P{n}")});
    let reply = |count: usize| json!({"twilio/quick-reply": {"body": "Pick", "actions": (0..count).map(action).collect::<Vec<_>>()}});
    assert_eq!(content(reply(4)).await.0, 400);
    assert_eq!(newest_rule(&bench.sim.transcript()), "twilio.content.limits");
    assert_eq!(content(json!({"twilio/hologram": {}})).await.0, 400);
    let (status, made) = content(reply(3)).await;
    assert_eq!(status, 201);
    let sid = made["sid"].as_str().unwrap();
    let (status, body) = bench.twilio(&[("To", &to), ("From", &from), ("ContentSid", sid)]).await;
    assert_eq!(status, 201, "{body}");
    phone.press("Choice 1").await.unwrap();
    let pressed = business.heard().pop().unwrap();
    assert_eq!(pressed.field("ButtonPayload"), "P1");
    assert_eq!(pressed.field("MessageType"), "button");
    assert_eq!(pressed.field("OriginalRepliedMessageSid"), body["sid"].as_str().unwrap());
}
