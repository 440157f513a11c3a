//! Events: one activity to a thousand sockets, beside a bare broadcast over WebSockets in the same run;
//! and activities that come in, beside messages that are posted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Budget;
use crate::channels::Callbacks;
use crate::http::{Connection, request};
use crate::load;
use crate::scenarios::{median, post};
use crate::system::{KEY_ID, KEY_SECRET, Kind, Scene, System, fresh_dir, text};
use crate::table::Table;

/// Clients that hear the same.
const CLIENTS: usize = 1_000;
/// Conversations that are written into.
const CONVERSATIONS: usize = 500;
/// Times that something is told to all, for each second of a round.
const TELLINGS_A_SECOND: u64 = 20;
/// Rounds of activities and messages, at least.
const TURNS_MIN: usize = 3;
/// No telling takes longer.
const TELLING_TIME_MAX: Duration = Duration::from_secs(20);

/// Everything.
pub async fn all(budget: &Budget, out: &mut String) -> io::Result<()> {
    eprintln!("one activity to {CLIENTS} sockets");
    let tellings = (budget.round.as_secs() * TELLINGS_A_SECOND) as usize;
    let floor = bare(tellings).await?;
    let ours = fan_out(tellings).await?;
    let mut table = Table::new(&["To 1,000 sockets, median", "bare broadcast", "Crosspoint", "ratio"]);
    for (name, pick) in [("ms until a client has it", 0), ("ms until the last one has it", 1)] {
        let [floor, ours] = [&floor, &ours].map(|times| median_ms(times, pick));
        table.row(vec![
            name.into(),
            format!("{floor:.1}"),
            format!("{ours:.1}"),
            format!("{:.2}", ours / floor),
        ]);
    }
    out.push_str(&table.markdown());
    out.push('\n');

    eprintln!("activities that come in");
    let (activities, messages) = inbound(budget).await?;
    let mut table =
        Table::new(&["Activities in, durable, in turns", "/s (p99 ms)", "POST message /s (p99 ms)", "ratio"]);
    table.row(vec![
        "64 connections".into(),
        format!("{:.0} ({:.1})", activities.rate, activities.p99_ms),
        format!("{:.0} ({:.1})", messages.rate, messages.p99_ms),
        format!("{:.2}", activities.rate / messages.rate),
    ]);
    out.push_str(&table.markdown());
    Ok(())
}

/// From the request to the middle client and to the last one.
type Telling = [Duration; 2];

fn median_ms(tellings: &[Telling], pick: usize) -> f64 {
    let mut times: Vec<Duration> = tellings.iter().map(|telling| telling[pick]).collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// Clients that note when they hear something.
struct Clients {
    heard: mpsc::UnboundedReceiver<Instant>,
}

impl Clients {
    /// Opens them; each says `hello` first, if there is something to say, and reads the answer.
    async fn open(address: SocketAddr, path: &str, hello: Option<&str>) -> io::Result<Clients> {
        let (told, heard) = mpsc::unbounded_channel();
        for _ in 0..CLIENTS {
            let mut socket = connect(address, path).await?;
            if let Some(hello) = hello {
                socket.send(Message::text(hello)).await.map_err(io::Error::other)?;
                socket.next().await.ok_or_else(ended)?.map_err(io::Error::other)?;
            }
            tokio::spawn(listen(socket, told.clone()));
        }
        Ok(Clients { heard })
    }

    /// Sends the request and waits until all have heard what it says.
    async fn tell(&mut self, open: &mut Connection, request: &[u8]) -> io::Result<Telling> {
        let begin = Instant::now();
        let answer = open.call(request).await?;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let mut times = Vec::with_capacity(CLIENTS);
        while times.len() < CLIENTS {
            let heard = tokio::time::timeout(TELLING_TIME_MAX, self.heard.recv()).await;
            times.push(heard.map_err(io::Error::other)?.ok_or_else(ended)? - begin);
        }
        times.sort_unstable();
        Ok([times[CLIENTS / 2], times[CLIENTS - 1]])
    }
}

fn ended() -> io::Error {
    io::Error::other("a socket has ended")
}

async fn connect(address: SocketAddr, path: &str) -> io::Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
    let opened = client_async_with_config(format!("ws://{address}{path}"), stream, Some(config)).await;
    Ok(opened.map_err(io::Error::other)?.0)
}

/// Keep-alives are no news.
async fn listen(mut socket: WebSocketStream<TcpStream>, told: mpsc::UnboundedSender<Instant>) {
    while let Some(Ok(frame)) = socket.next().await {
        if frame.len() > 100 && told.send(Instant::now()).is_err() {
            return;
        }
    }
}

async fn bare(tellings: usize) -> io::Result<Vec<Telling>> {
    let folder = fresh_dir("broadcast")?;
    let system = System::start(Kind::Broadcast, &folder).await?;
    let mut clients = Clients::open(system.address, "/socket", None).await?;
    let mut open = Connection::open(system.address).await?;
    // As long as an activity is.
    let body = "x".repeat(activity_bytes());
    let request = request("POST", "/tell", "none", &body);
    let mut times = Vec::with_capacity(tellings);
    for _ in 0..tellings {
        times.push(clients.tell(&mut open, &request).await?);
    }
    system.stop();
    std::fs::remove_dir_all(folder)?;
    Ok(times)
}

/// Roughly the length of an activity with the text of the bench.
fn activity_bytes() -> usize {
    1_100
}

/// A hub with customers and agents who are on sockets.
pub struct Hub {
    authorization: String,
    token: String,
    agents: String,
    conversations: Vec<String>,
}

impl Hub {
    /// Makes one, with conversations of a customer each.
    pub async fn make(system: &System, conversations: usize) -> io::Result<Hub> {
        let portal = format!("Bearer {}", token(system, "portal").await?);
        let bought = token(system, "engine").await?;
        let engine = format!("Bearer {bought}");
        let call = async |path: &str, who: &str, body: Value| call(system, path, who, &body).await;
        let hub = call("/api/v1/hubs", &portal, json!({ "name": "Bench", "description": "x" })).await?;
        let hub = format!("/api/v1/integrations/hubs/{}", text(&hub, "/hubId"));
        let direct = |name: &str, role: &str| json!({ "channelId": "Direct", "name": name, "configuration": { "integrationType": role } });
        let agents = text(&call(&hub, &portal, direct("a", "Agent")).await?, "/integrationId");
        let customers = text(&call(&hub, &portal, direct("c", "Customer")).await?, "/integrationId");
        let mut made = Vec::with_capacity(conversations);
        for number in 0..conversations {
            let wish = json!({ "integrationId": customers, "binding": format!("u{number}"), "channelType": "Direct" });
            let found = call("/api/v1/conversations/establish", &engine, wish).await?;
            made.push(text(&found, "/conversationId"));
        }
        Ok(Hub { authorization: engine, token: bought, agents, conversations: made })
    }

    /// A customer says something of 300 bytes.
    fn saying(&self, conversation: usize) -> Vec<u8> {
        let id = &self.conversations[conversation % self.conversations.len()];
        let said = "All work and no play makes a hub a dull switch. ".repeat(7);
        let body = json!({ "type": "message", "message": { "type": "text", "text": &said[..300] } });
        let path = format!("/inbound/customer/v1/direct/activity/{id}");
        request("POST", &path, &self.authorization, &body.to_string())
    }

    /// The n-th activity of a connection, each in another conversation.
    pub fn sayings(&self) -> Callbacks {
        let requests: Vec<Arc<Vec<u8>>> =
            (0..self.conversations.len()).map(|place| Arc::new(self.saying(place))).collect();
        Arc::new(move |connection: usize, n: usize| {
            requests[(connection * 7_919 + n * 104_729) % requests.len()].clone()
        })
    }
}

async fn call(system: &System, path: &str, authorization: &str, body: &Value) -> io::Result<Value> {
    let mut open = Connection::open(system.address).await?;
    let answer = open.call(&request("POST", path, authorization, &body.to_string())).await?;
    if answer.status != 200 {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(io::Error::other(format!("{path}: {} {text}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(io::Error::other)
}

async fn token(system: &System, resource: &str) -> io::Result<String> {
    let form = format!(
        "grant_type=client_credentials&client_id=hubster.{resource}.api.{KEY_ID}&client_secret={KEY_SECRET}"
    );
    let mut open = Connection::open(system.address).await?;
    let answer = open.call(&request("POST", "/connect/token", "none", &form)).await?;
    let answer: Value = serde_json::from_slice(&answer.body).map_err(io::Error::other)?;
    Ok(text(&answer, "/access_token"))
}

async fn fan_out(tellings: usize) -> io::Result<Vec<Telling>> {
    let folder = fresh_dir("events")?;
    let system = System::start(Kind::Full, &folder).await?;
    let hub = Hub::make(&system, 1).await?;
    let path = format!("/engine-chat-hub?iId={}&access_token={}", hub.agents, hub.token);
    let hello = "{\"protocol\":\"json\",\"version\":1}\u{1e}";
    let mut clients = Clients::open(system.address, &path, Some(hello)).await?;
    let mut open = Connection::open(system.address).await?;
    let saying = hub.saying(0);
    let mut times = Vec::with_capacity(tellings);
    for _ in 0..tellings {
        times.push(clients.tell(&mut open, &saying).await?);
    }
    eprintln!("  memory with {CLIENTS} sockets: {:.0} MB", system.resident_mb());
    system.stop();
    std::fs::remove_dir_all(folder)?;
    Ok(times)
}

/// Activities and messages, in turns on one server, so that both meet the same machine.
async fn inbound(budget: &Budget) -> io::Result<(load::Round, load::Round)> {
    let folder = fresh_dir("activities")?;
    let system = System::start(Kind::Full, &folder).await?;
    let hub = Hub::make(&system, CONVERSATIONS).await?;
    let scene = Arc::new(Scene::make(&system, CONVERSATIONS).await?);
    let pick = hub.sayings();
    let (mut activities, mut messages) = (Vec::new(), Vec::new());
    for _ in 0..budget.rounds.max(TURNS_MIN) {
        activities.push(load::run(system.address, 64, budget.round, 200, pick.clone()).await?);
        messages.push(post(&system, &scene, 64, budget.round).await?);
    }
    let wrong: usize = activities.iter().chain(&messages).map(|round| round.unexpected).sum();
    assert_eq!(wrong, 0, "answers other than those of success");
    system.stop();
    std::fs::remove_dir_all(folder)?;
    Ok((median(&activities), median(&messages)))
}
