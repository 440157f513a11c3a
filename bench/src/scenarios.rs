//! What is measured, in this order: posting, reading pages, webhooks, memory and start-up, channels, events.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Budget;
use crate::http::request;
use crate::load::{self, Round};
use crate::sink::Sink;
use crate::system::{Kind, Scene, System, authorization, fresh_dir, message_body, text};
use crate::table::Table;

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
const CONVERSATIONS: usize = 500;

/// Everything.
pub async fn all(budget: &Budget) -> io::Result<()> {
    let mut text = String::new();
    let (floor_at_64, posting_at_64) = posting(budget, &mut text).await?;
    pages(budget, &mut text).await?;
    webhooks(budget, floor_at_64, &mut text).await?;
    crate::channels::all(budget, posting_at_64, &mut text).await?;
    crate::events::all(budget, &mut text).await?;
    println!("{text}");
    Ok(())
}

/// Events alone.
pub async fn events(budget: &Budget) -> io::Result<()> {
    let mut text = String::new();
    crate::events::all(budget, &mut text).await?;
    println!("{text}");
    Ok(())
}

async fn posting(budget: &Budget, text: &mut String) -> io::Result<(f64, f64)> {
    eprintln!("posting messages");
    let folder = fresh_dir("posting")?;
    let system = System::start(Kind::Full, &folder).await?;
    let scene = Arc::new(Scene::make(&system, CONVERSATIONS).await?);
    system.stop();
    let kinds = [Kind::Floor, Kind::Full, Kind::OneCommitEach];
    let mut rounds: Vec<Vec<Vec<Round>>> = vec![vec![Vec::new(); CONNECTIONS.len()]; kinds.len()];
    let mut resident = 0.0f64;
    for turn in 0..budget.rounds {
        for (at, kind) in kinds.iter().enumerate() {
            let system = System::start(*kind, &folder).await?;
            for (place, connections) in CONNECTIONS.iter().enumerate() {
                let round = post(&system, &scene, *connections, budget.round).await?;
                rounds[at][place].push(round);
            }
            if *kind == Kind::Full {
                resident = resident.max(system.resident_mb());
            }
            system.stop();
        }
        eprintln!("  round {} of {}", turn + 1, budget.rounds);
    }
    let mut table = Table::new(&[
        "POST message, durable",
        "floor /s",
        "Crosspoint /s (p99 ms)",
        "one commit each /s",
        "ratio to floor",
        "ratio to one commit each",
    ]);
    for (place, connections) in CONNECTIONS.iter().enumerate() {
        let [floor, full, single] = [0, 1, 2].map(|kind| median(&rounds[kind][place]));
        table.row(vec![
            format!("{connections} connections"),
            format!("{:.0}", floor.rate),
            format!("{:.0} ({:.1})", full.rate, full.p99_ms),
            format!("{:.0}", single.rate),
            format!("{:.2}", full.rate / floor.rate),
            format!("{:.1}", full.rate / single.rate),
        ]);
        let wrong: usize = rounds.iter().flat_map(|kind| &kind[place]).map(|round| round.unexpected).sum();
        assert_eq!(wrong, 0, "answers other than 201");
    }
    text.push_str(&table.markdown());
    text.push_str(&format!("\nMemory under this load: {resident:.0} MB.\n\n"));
    std::fs::remove_dir_all(folder)?;
    Ok((median(&rounds[0][2]).rate, median(&rounds[1][2]).rate))
}

/// One round of POST message.
pub async fn post(
    system: &System,
    scene: &Arc<Scene>,
    connections: usize,
    time: Duration,
) -> io::Result<Round> {
    let requests: Vec<Arc<Vec<u8>>> = (0..CONVERSATIONS)
        .map(|place| request("POST", &scene.messages_path(place), &authorization(), &message_body()))
        .map(Arc::new)
        .collect();
    let pick = move |connection: usize, n: usize| {
        requests[(connection * 7_919 + n * 104_729) % requests.len()].clone()
    };
    load::run(system.address, connections, time, 201, Arc::new(pick)).await
}

async fn pages(budget: &Budget, text: &mut String) -> io::Result<()> {
    let mut table = Table::new(&[
        "GET last 100 messages",
        "1 connection /s",
        "p50 ms",
        "p99 ms",
        "16 connections /s",
        "ratio to 1,000",
    ]);
    let mut base = None;
    for (messages, conversations) in
        [(1_000, 1), (100_000, 100), (budget.messages_large, budget.messages_large / 1_000)]
    {
        eprintln!("reading pages, {messages} messages stored");
        let (folder, scene) = filled(messages, conversations).await?;
        let system = System::start(Kind::Full, &folder).await?;
        let scene = Arc::new(scene);
        let get = |scene: &Arc<Scene>| {
            let scene = scene.clone();
            move |connection: usize, n: usize| {
                let path = scene.messages_path(connection * 7_919 + n * 104_729);
                Arc::new(request("GET", &path, &authorization(), ""))
            }
        };
        let one = load::run(system.address, 1, budget.round, 200, Arc::new(get(&scene))).await?;
        let many = load::run(system.address, 16, budget.round, 200, Arc::new(get(&scene))).await?;
        let base = *base.get_or_insert(one.rate);
        table.row(vec![
            format!("{messages} stored"),
            format!("{:.0}", one.rate),
            format!("{:.2}", one.p50_ms),
            format!("{:.2}", one.p99_ms),
            format!("{:.0}", many.rate),
            format!("{:.2}", one.rate / base),
        ]);
        assert_eq!(one.unexpected + many.unexpected, 0, "answers other than 200");
        system.stop();
    }
    text.push_str(&table.markdown());
    text.push('\n');
    Ok(())
}

/// A store with this many messages, from the cache if it was made before.
async fn filled(messages: usize, conversations: usize) -> io::Result<(PathBuf, Scene)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!(".cache/messages-{messages}"));
    let list = folder.join("scene.json");
    if let Ok(text) = std::fs::read_to_string(&list) {
        let scene: Value = serde_json::from_str(&text).map_err(io::Error::other)?;
        return Ok((folder, scene_of(&scene)));
    }
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let system = System::start(Kind::Full, &folder).await?;
    let scene = Scene::make(&system, conversations).await?;
    system.stop();
    crate::bulk::fill(&folder, &scene.conversations, messages).await?;
    std::fs::write(&list, json!({"app": scene.app, "conversations": scene.conversations}).to_string())?;
    Ok((folder, scene))
}

fn scene_of(value: &Value) -> Scene {
    let conversations = value["conversations"].as_array().cloned().unwrap_or_default();
    let conversations = conversations.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Scene { app: text(value, "/app"), conversations }
}

async fn webhooks(budget: &Budget, floor_at_64: f64, text: &mut String) -> io::Result<()> {
    eprintln!("webhooks, memory, start-up");
    let folder = fresh_dir("webhooks")?;
    let system = System::start(Kind::Full, &folder).await?;
    let idle = system.resident_mb();
    let sink = Sink::start().await?;
    let scene = Arc::new(Scene::make(&system, CONVERSATIONS).await?);
    let target = format!("http://{}/", sink.address);
    let body =
        json!({"type": "custom", "webhooks": [{"target": target, "triggers": ["conversation:message"]}]});
    system.call("POST", &format!("/v2/apps/{}/integrations", scene.app), &body).await?;
    let begin = Instant::now();
    let posted = post(&system, &scene, 64, budget.round * 2).await?;
    let mut delivered = 0;
    let mut last = Instant::now();
    // Until nothing has come for half a second.
    while last.elapsed() < Duration::from_millis(500) {
        let count = sink.count.load(Ordering::Relaxed);
        if count > delivered {
            delivered = count;
            last = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rate = delivered as f64 / (last - begin).as_secs_f64();
    let resident = system.resident_mb();
    system.stop();
    let mut starts = Vec::new();
    for _ in 0..5 {
        let system = System::start(Kind::Full, &folder).await?;
        starts.push(system.started_in.as_secs_f64());
        system.stop();
    }
    starts.sort_by(f64::total_cmp);
    let mut table = Table::new(&["Besides", "Figure", "Ratio"]);
    table.row(vec![
        "events to a local webhook sink, while 64 connections post".into(),
        format!("{rate:.0} /s"),
        format!("{:.2} of the floor at 64", rate / floor_at_64),
    ]);
    table.row(vec!["messages posted meanwhile".into(), format!("{:.0} /s", posted.rate), String::new()]);
    table.row(vec!["memory idle after start".into(), format!("{idle:.0} MB"), String::new()]);
    table.row(vec!["memory under load with webhooks".into(), format!("{resident:.0} MB"), String::new()]);
    table.row(vec![
        "start-up until the first answer (median of 5)".into(),
        format!("{:.3} s", starts[2]),
        String::new(),
    ]);
    text.push_str(&table.markdown());
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// The round with the middle rate.
pub fn median(rounds: &[Round]) -> Round {
    let mut sorted = rounds.to_vec();
    sorted.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    sorted.get(sorted.len() / 2).cloned().unwrap_or_default()
}
