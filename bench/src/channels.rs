//! Channels: callbacks a second, verified, parsed, stored and durable; sends a second to a provider that
//! takes 50 ms for each.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sim::{Page, Provider, Sim, SimConfig, messenger_signature, twilio_signature};

use crate::Budget;
use crate::http::{Connection, request};
use crate::load::{self, Round};
use crate::scenarios::{median, post};
use crate::system::{Kind, Scene, System, authorization, fresh_dir, text};
use crate::table::Table;

/// People who write, on each channel.
pub const PEOPLE: usize = 500;
/// Callbacks a second that are written beforehand.
const RATE_MAX: usize = 40_000;
/// How long the provider takes for a send.
const LATENCY_MS: u64 = 50;
/// Conversations that the business writes into, and the pages that they are spread over: each page
/// obeys its provider's rate.
const CONVERSATIONS: usize = 1_000;
const PAGES: usize = 10;

/// Everything.
pub async fn all(budget: &Budget, out: &mut String) -> io::Result<()> {
    inbound(budget, out).await?;
    outbound(budget, out).await
}

/// Providers that answer after this time.
pub async fn simulator(latency_ms: u64) -> io::Result<Sim> {
    let config = SimConfig { latency_ms, transcript_max: 16, ..SimConfig::default() };
    Sim::start(config).await.map_err(io::Error::other)
}

/// Where the program finds them, as variables of its environment.
pub fn base_urls(sim: &Sim) -> Vec<(String, String)> {
    let providers = [Provider::Twilio, Provider::Messenger, Provider::Telegram];
    let name = |provider: Provider| format!("CROSSPOINT_CHANNEL_BASE_URL_{}", provider.word().to_uppercase());
    providers.into_iter().map(|provider| (name(provider), sim.base_url(provider))).collect()
}

async fn app(system: &System) -> io::Result<String> {
    Ok(text(&system.call("POST", "/v2/apps", &json!({"displayName": "Bench"})).await?, "/app/id"))
}

async fn integration(system: &System, app: &str, body: &Value) -> io::Result<String> {
    let made = system.call("POST", &format!("/v2/apps/{app}/integrations"), body).await?;
    Ok(text(&made, "/integration/id"))
}

fn messenger(sim: &Sim, page: &Page) -> Value {
    let meta = sim.meta_app();
    json!({
        "type": "messenger", "pageAccessToken": page.access_token, "appId": meta.app_id,
        "appSecret": meta.app_secret,
    })
}

/// A callback as it goes over the wire.
fn callback(path: &str, content_type: &str, proof: (&str, &str), body: &str) -> Arc<Vec<u8>> {
    let (header, value) = proof;
    Arc::new(
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {content_type}\r\n{header}: {value}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// Ids as providers make them: no two alike, in no order.
fn scattered(n: usize) -> u128 {
    let mixed = (n as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    mixed ^ (mixed >> 61)
}

/// The moment of the n-th callback of a connection, in milliseconds: all connections are at about the same
/// one.
fn moment(n: usize) -> i64 {
    1_700_000_000_000 + n as i64 * 8
}

/// Makes the n-th callback of a connection; no two are the same.
pub type Callbacks = Arc<dyn Fn(usize, usize) -> Arc<Vec<u8>> + Send + Sync>;

fn telegram_callbacks(sim: &Sim, id: &str) -> io::Result<Callbacks> {
    let webhook = sim.bot_webhook(sim.bot().id).ok_or_else(|| io::Error::other("no webhook"))?;
    let (path, secret) = (format!("/hooks/telegram/{id}"), webhook.secret_token.unwrap_or_default());
    Ok(Arc::new(move |connection, n| {
        let (unique, person) = (connection * 10_000_000 + n, (connection * 7_919 + n) % PEOPLE + 1);
        let chat = json!({ "id": person, "type": "private", "first_name": "Ann" });
        let from = json!({ "id": person, "is_bot": false, "first_name": "Ann" });
        let message = json!({
            "message_id": unique, "date": moment(n) / 1_000, "chat": chat, "from": from, "text": "Is anybody there?",
        });
        // Updates rise over all chats of a bot.
        let body = json!({ "update_id": n * 1_024 + connection, "message": message }).to_string();
        callback(&path, "application/json", ("x-telegram-bot-api-secret-token", &secret), &body)
    }))
}

fn messenger_callbacks(sim: &Sim, id: &str) -> Callbacks {
    let (path, secret, page) =
        (format!("/hooks/messenger/{id}"), sim.meta_app().app_secret, sim.page().page_id);
    Arc::new(move |connection, n| {
        let (unique, person) = (connection * 10_000_000 + n, (connection * 7_919 + n) % PEOPLE + 1);
        let message = json!({ "mid": format!("m_{:032x}", scattered(unique)), "text": "Is anybody there?" });
        let entry = json!({ "id": page, "time": moment(n), "messaging": [{
            "sender": { "id": person.to_string() }, "recipient": { "id": page },
            "timestamp": moment(n), "message": message }] });
        let body = json!({ "object": "page", "entry": [entry] }).to_string();
        let signature = messenger_signature(&secret, body.as_bytes());
        callback(&path, "application/json", ("x-hub-signature-256", &signature), &body)
    })
}

fn twilio_callbacks(sim: &Sim, system: &System, id: &str) -> Callbacks {
    let (path, account) = (format!("/hooks/twilio/{id}"), sim.twilio());
    let url = format!("http://{}{path}", system.address);
    let number = account.numbers.first().map(|number| number.phone_number.clone()).unwrap_or_default();
    Arc::new(move |connection, n| {
        let (unique, person) = (connection * 10_000_000 + n, (connection * 7_919 + n) % PEOPLE + 1);
        let pairs: Vec<(String, String)> = [
            ("AccountSid", account.account_sid.clone()),
            ("Body", "Hello".to_owned()),
            ("From", format!("+1514{person:07}")),
            ("MessageSid", format!("SM{:032x}", scattered(unique))),
            ("NumMedia", "0".to_owned()),
            ("To", number.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        let signature = twilio_signature(&account.auth_token, &url, &pairs);
        let encode = |value: &str| value.replace('+', "%2B");
        let body: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let kind = "application/x-www-form-urlencoded";
        callback(&path, kind, ("x-twilio-signature", &signature), &body.join("&"))
    })
}

/// An app with each channel, and the callbacks that come to it.
pub async fn callbacks(system: &System, sim: &Sim) -> io::Result<[(&'static str, Callbacks); 3]> {
    let app = app(system).await?;
    let telegram = json!({ "type": "telegram", "token": sim.bot().token });
    let account = sim.twilio();
    let number = account.numbers.first().map(|number| number.sid.clone()).unwrap_or_default();
    let twilio = json!({
        "type": "twilio", "accountSid": account.account_sid, "authToken": account.auth_token,
        "phoneNumberSid": number,
    });
    let telegram = integration(system, &app, &telegram).await?;
    let messenger = integration(system, &app, &messenger(sim, &sim.page())).await?;
    let twilio = integration(system, &app, &twilio).await?;
    Ok([
        ("telegram", telegram_callbacks(sim, &telegram)?),
        ("messenger", messenger_callbacks(sim, &messenger)),
        ("twilio", twilio_callbacks(sim, system, &twilio)),
    ])
}

/// The callbacks of a turn, with its own connections' numbers, so that none comes twice. They are written
/// and signed beforehand, as messages are: what a provider does for its callbacks is no work of ours.
pub fn of_turn(own: &Callbacks, turn: usize, connections: usize, time: Duration) -> Callbacks {
    let each = time.as_secs() as usize * RATE_MAX / connections + 1;
    let first = turn * connections;
    let written = |connection| (0..each).map(|n| own(first + connection, n)).collect::<Vec<_>>();
    let written: Vec<_> = (0..connections).map(written).collect();
    let own = own.clone();
    Arc::new(move |connection, n| match written[connection].get(n) {
        Some(callback) => callback.clone(),
        None => own(first + connection, n),
    })
}

/// Callbacks beside posting, in turns: the disk is another one from minute to minute.
async fn inbound(budget: &Budget, out: &mut String) -> io::Result<()> {
    eprintln!("callbacks of providers");
    let folder = fresh_dir("inbound")?;
    let sim = simulator(0).await?;
    let system = System::start_with(Kind::Full, &folder, &base_urls(&sim)).await?;
    let scene = Arc::new(Scene::make(&system, PEOPLE).await?);
    let channels = callbacks(&system, &sim).await?;
    let mut rounds: Vec<(Vec<Round>, Vec<Round>)> = vec![Default::default(); channels.len()];
    for turn in 0..budget.rounds {
        for (at, (name, callbacks)) in channels.iter().enumerate() {
            let posted = post(&system, &scene, 64, budget.round).await?;
            let numbered = of_turn(callbacks, turn, 64, budget.round);
            let told = load::run(system.address, 64, budget.round, 200, numbered).await?;
            assert_eq!(told.unexpected + posted.unexpected, 0, "{name}: other answers than expected");
            rounds[at].0.push(posted);
            rounds[at].1.push(told);
        }
    }
    let mut table = Table::new(&[
        "callbacks, durable, 64 connections",
        "/s",
        "p99 ms",
        "POST message in turn with them /s",
        "ratio",
    ]);
    for ((name, _), (posted, told)) in channels.iter().zip(rounds) {
        let ratios = posted.iter().zip(&told).map(|(posted, told)| told.rate / posted.rate);
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_by(f64::total_cmp);
        let (posted, told) = (median(&posted), median(&told));
        table.row(vec![
            (*name).to_owned(),
            format!("{:.0}", told.rate),
            format!("{:.1}", told.p99_ms),
            format!("{:.0}", posted.rate),
            format!("{:.2}", ratios[ratios.len() / 2]),
        ]);
    }
    out.push_str(&table.markdown());
    out.push('\n');
    system.stop();
    std::fs::remove_dir_all(folder)
}

async fn outbound(budget: &Budget, out: &mut String) -> io::Result<()> {
    eprintln!("sends to a provider that takes {LATENCY_MS} ms");
    let folder = fresh_dir("outbound")?;
    let sim = simulator(LATENCY_MS).await?;
    let system = System::start_with(Kind::Full, &folder, &base_urls(&sim)).await?;
    let app = app(&system).await?;
    let first = sim.page();
    for number in 1..PAGES {
        let page = Page {
            page_id: format!("2080327472400{number:02}"),
            access_token: format!("{}{number}", first.access_token),
            ..first.clone()
        };
        sim.add_messenger(sim.meta_app(), page.clone());
        integration(&system, &app, &messenger(&sim, &page)).await?;
    }
    integration(&system, &app, &messenger(&sim, &first)).await?;
    let conversations = write_first(&system, &sim, &app).await?;
    let requests: Vec<Vec<u8>> = conversations
        .iter()
        .map(|conversation| {
            let path = format!("/v2/apps/{app}/conversations/{conversation}/messages");
            let body = json!({"author": {"type": "business"}, "content": {"type": "text", "text": "Yes"}});
            request("POST", &path, &authorization(), &body.to_string())
        })
        .collect();
    let time = budget.round * 3;
    let (before, begin) = (sim.transcript().count(), Instant::now());
    let mut open = Connection::open(system.address).await?;
    for request in requests.iter().cycle() {
        if begin.elapsed() >= time {
            break;
        }
        open.call(request).await?;
    }
    let sent = sim.transcript().count() - before;
    let rate = sent as f64 / begin.elapsed().as_secs_f64();
    let mut table = Table::new(&["sends at 50 ms latency, 1,000 conversations", "/s", "memory MB"]);
    table.row(vec![
        "messenger, 10 pages".into(),
        format!("{rate:.0}"),
        format!("{:.0}", system.resident_mb()),
    ]);
    out.push_str(&table.markdown());
    out.push('\n');
    system.stop();
    std::fs::remove_dir_all(folder)
}

/// Lets a thousand people write first, spread over the pages; gives their conversations.
async fn write_first(system: &System, sim: &Sim, app: &str) -> io::Result<Vec<String>> {
    let first = sim.page().page_id;
    for person in 0..CONVERSATIONS {
        let page = match person % PAGES {
            0 => first.clone(),
            number => format!("2080327472400{number:02}"),
        };
        let sender = format!("70000000{person:08}");
        sim.customer_of(sim::Channel::Messenger, &page, &sender)
            .say("Hello")
            .await
            .map_err(io::Error::other)?;
    }
    let mut found = Vec::new();
    let mut after = String::new();
    while found.len() < CONVERSATIONS {
        let page =
            system.call("GET", &format!("/v2/apps/{app}/events?limit=100{after}"), &Value::Null).await?;
        let events = page["events"].as_array().cloned().unwrap_or_default();
        let created = events.iter().filter(|event| event["type"] == "conversation:create");
        found.extend(created.map(|event| text(event, "/payload/conversation/id")));
        let cursor = text(&page, "/meta/afterCursor");
        if events.is_empty() && cursor.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        } else {
            after = format!("&after={cursor}");
        }
    }
    Ok(found)
}
