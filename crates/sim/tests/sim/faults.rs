//! Faults, seeds, scripts and the control interface.

use std::time::Duration;

use serde_json::{Value, json};
use sim::{Channel, Fault, FaultKind, Provider, SimConfig};

use crate::bench::{Bench, Business, answer, newest_rule, quick};

const ANN: &str = "1111111";

async fn begun() -> (Bench, sim::Customer) {
    let bench = Bench::start().await;
    let ann = bench.sim.customer(Channel::Telegram, ANN);
    ann.say("Hi").await.unwrap();
    (bench, ann)
}

fn text() -> Value {
    json!({"chat_id": ANN, "text": "Hi"})
}

#[tokio::test]
async fn faults_strike_as_often_as_they_are_armed_and_only_where() {
    let (bench, ann) = begun().await;
    bench.sim.fault(Fault::new(FaultKind::ServerError { status: None }).on("sendMessage").times(2));
    assert_eq!(bench.bot("getMe", json!({})).await.0, 200);
    assert_eq!(bench.bot("sendMessage", text()).await.0, 500);
    assert_eq!(bench.bot("sendMessage", text()).await.0, 500);
    assert_eq!(bench.bot("sendMessage", text()).await.0, 200);
    assert_eq!(ann.received().len(), 1);
    bench.sim.fault(Fault::new(FaultKind::BlockedUser).to("2").times(1));
    assert_eq!(bench.bot("sendMessage", text()).await.0, 200);
}

#[tokio::test]
async fn each_provider_says_it_in_its_own_words() {
    let (bench, _ann) = begun().await;
    let sms: &[(&str, &str)] = &[("To", "+15550001234"), ("From", "+15557654321"), ("Body", "Hi")];
    let once = |kind| bench.sim.fault(Fault::new(kind).times(1));
    once(FaultKind::RateLimit { retry_after_s: Some(5) });
    let (status, body) = bench.bot("sendMessage", text()).await;
    assert_eq!((status, body["parameters"]["retry_after"].as_u64()), (429, Some(5)));
    assert_eq!(newest_rule(&bench.sim.transcript()), "rateLimit");
    once(FaultKind::RateLimit { retry_after_s: None });
    assert_eq!(bench.twilio(sms).await.1["code"], 20429);
    once(FaultKind::DeadToken);
    assert_eq!(bench.twilio(sms).await.1["code"], 20003);
    once(FaultKind::DeadToken);
    assert_eq!(bench.page(json!({})).await.1["error"]["code"], 190);
    once(FaultKind::BlockedUser);
    assert_eq!(bench.twilio(sms).await.1["code"], 21610);
    once(FaultKind::NumberNotOwned);
    assert_eq!(bench.twilio(sms).await.1["code"], 21659);
    assert_eq!(bench.twilio(sms).await.0, 201);
}

#[tokio::test]
async fn connections_hang_or_break() {
    let (bench, ann) = begun().await;
    let url = format!("{}/telegram/bot{}/sendMessage", bench.sim.url(), bench.sim.bot().token);
    bench.sim.fault(Fault::new(FaultKind::Reset).times(1));
    assert!(bench.http.post(&url).json(&text()).send().await.is_err());
    assert!(ann.received().is_empty());
    bench.sim.fault(Fault::new(FaultKind::LostAnswer).times(1));
    assert!(bench.http.post(&url).json(&text()).send().await.is_err());
    assert_eq!(ann.received().len(), 1);
    bench.sim.fault(Fault::new(FaultKind::Hang).times(1));
    let hanging = bench.http.post(&url).json(&text()).timeout(Duration::from_millis(100)).send().await;
    assert!(hanging.unwrap_err().is_timeout());
    assert_eq!(ann.received().len(), 1);
}

#[tokio::test]
async fn callbacks_come_twice_reversed_or_wrongly_signed() {
    let (bench, business) = (Bench::start().await, Business::open().await);
    bench.sim.set_sms_url("+15557654321", &business.url);
    let phone = bench.sim.customer(Channel::Sms, "+15550001234");
    bench.sim.fault(Fault::new(FaultKind::DuplicateCallback).times(1));
    phone.say("Hi").await.unwrap();
    bench.sim.wait_for("both", |t| t.from_provider(Provider::Twilio, "message").len() == 2).await.unwrap();
    assert_eq!(business.heard()[0].body, business.heard()[1].body);

    bench.sim.fault(Fault::new(FaultKind::BadSignature).times(1));
    phone.say("Hi").await.unwrap();
    let heard = &business.heard()[2];
    let right = sim::twilio_signature(&bench.sim.twilio().auth_token, &business.url, &heard.form());
    assert_ne!(heard.header("x-twilio-signature"), right);

    bench.sim.fault(Fault::new(FaultKind::OutOfOrderReceipts).times(1));
    let fields =
        [("To", "+15550001234"), ("From", "+15557654321"), ("Body", "a"), ("StatusCallback", &business.url)];
    bench.twilio(&fields).await;
    bench.sim.wait_for("receipts", |t| t.from_provider(Provider::Twilio, "status").len() == 2).await.unwrap();
    assert_eq!(business.heard()[3].field("MessageStatus"), "delivered");
    bench.sim.fault(Fault::new(FaultKind::EarlyReceipts).times(1));
    bench.twilio(&fields).await;
    assert_eq!(business.heard().len(), 7, "they came before the answer");
    bench.sim.fault(Fault::new(FaultKind::Undelivered).times(1));
    bench.twilio(&fields).await;
    bench.sim.wait_for("receipts", |t| t.from_provider(Provider::Twilio, "status").len() == 6).await.unwrap();
    assert_eq!(business.heard()[8].field("ErrorCode"), "30003");
}

#[tokio::test]
async fn a_seed_repeats_a_run() {
    let run = async |seed: u64| {
        let bench = Bench::with(SimConfig { seed, ..quick() }).await;
        let ann = bench.sim.customer(Channel::Telegram, ANN);
        ann.say("Hi").await.unwrap();
        bench.sim.fault(Fault::new(FaultKind::ServerError { status: None }).chance(0.5));
        let mut statuses = Vec::new();
        for _ in 0..24 {
            statuses.push(bench.bot("sendMessage", text()).await.0);
        }
        bench.sim.heal();
        let sent = bench.twilio(&[("To", "+15550001234"), ("From", "+15557654321"), ("Body", "Hi")]).await;
        (statuses, sent.1["sid"].to_string())
    };
    let (first, again, other) = (run(7).await, run(7).await, run(8).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(first.0.contains(&500) && first.0.contains(&200));
}

#[tokio::test]
async fn rates_are_enforced_when_they_are_asked_for() {
    let cell = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1_700_000_000_000));
    let clock = sim::Clock::manual(std::sync::Arc::clone(&cell));
    let bench = Bench::with(SimConfig { enforce_rates: true, clock, ..quick() }).await;
    bench.sim.customer(Channel::Telegram, ANN).say("Hi").await.unwrap();
    assert_eq!(bench.bot("sendMessage", text()).await.0, 200);
    let (status, body) = bench.bot("sendMessage", text()).await;
    assert_eq!((status, body["parameters"]["retry_after"].as_u64()), (429, Some(1)));
    cell.fetch_add(1000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(bench.bot("sendMessage", text()).await.0, 200);
}

#[tokio::test]
async fn scripts_and_the_control_interface_act_as_the_customer() {
    let bench = Bench::start().await;
    bench.sim.play("# a customer\n{\"act\":{\"channel\":\"telegram\",\"customer\":\"1111111\",\"do\":\"say\",\"text\":\"Hi\"}}\n").await.unwrap();
    assert!(bench.sim.play("{\"act\":{}}").await.unwrap_err().to_string().starts_with("line 1:"));
    assert!(bench.sim.play("{\"dance\":{}}").await.is_err());
    bench
        .sim
        .play("{\"fault\":{\"fault\":\"serverError\",\"provider\":\"telegram\",\"times\":1}}")
        .await
        .unwrap();
    assert_eq!(bench.bot("sendMessage", text()).await.0, 500);
    assert_eq!(bench.bot("sendMessage", text()).await.0, 200);
    bench.sim.play("{\"expect\":{\"customer\":\"1111111\",\"text\":\"Hi\"}}").await.unwrap();

    let post = async |path: &str, body: Value| {
        answer(bench.http.post(format!("{}{path}", bench.sim.url())).json(&body).send().await.unwrap()).await
    };
    let get = async |path: &str| {
        answer(bench.http.get(format!("{}{path}", bench.sim.url())).send().await.unwrap()).await
    };
    let said =
        post("/sim/act", json!({"channel": "telegram", "customer": ANN, "do": "say", "text": "again"})).await;
    assert_eq!(said.0, 200, "{}", said.1);
    assert_eq!(
        post("/sim/act", json!({"channel": "pigeon", "customer": ANN, "do": "say", "text": "a"})).await.0,
        400
    );
    assert_eq!(post("/sim/faults", json!({"fault": "rateLimit", "retryAfterS": 3})).await.0, 200);
    assert_eq!(get("/sim/faults").await.1["faults"][0]["retryAfterS"], 3);
    let bot = bench.sim.bot().id;
    let chat = get(&format!("/sim/chats/telegram/{bot}/{ANN}")).await.1;
    assert_eq!(chat["bubbles"][2]["text"], "again");
    let transcript = get("/sim/transcript?after=0").await.1;
    assert_eq!(transcript["entries"][0]["verdict"], "fault");
    assert!(
        bench
            .http
            .delete(format!("{}/sim/faults", bench.sim.url()))
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    for _ in 0..205 {
        assert_eq!(bench.bot("getMe", json!({})).await.0, 200);
    }
    let refused = get("/sim/transcript?newest&refused").await.1;
    let numbers: Vec<_> = refused["entries"].as_array().unwrap().iter().map(|it| &it["number"]).collect();
    assert_eq!(
        (&refused["fitting"], &numbers[0]),
        (&json!(numbers.len()), &&transcript["entries"][0]["number"])
    );
    assert_eq!(get("/sim/transcript?newest").await.1["entries"].as_array().unwrap().len(), 200);
    let picture = bench.http.get(format!("{}/sim/picture.png", bench.sim.url())).send().await.unwrap();
    assert_eq!(
        (picture.status(), &picture.headers()["content-type"]),
        (200.try_into().unwrap(), &"image/png".parse().unwrap())
    );
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    assert_eq!(get("/sim/nothing").await.0, 404);
    let foreign =
        bench.http.post(format!("{}/sim/act", bench.sim.url())).header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.body("{}").send().await.unwrap().status(), 403);
    let page = bench.http.get(bench.sim.url()).send().await.unwrap();
    assert_eq!(page.status(), 200);
}
