//! What is measured, in this order: posting, reading pages, webhooks, memory and start-up, channels, events.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::http::request;
use crate::load::{self, Round};
use crate::sink::Sink;
use crate::system::{Kind, Scene, System, authorization, fresh_dir, message_body, text};
use crate::table::Table;
use crate::{Budget, Part};

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
const CONVERSATIONS: usize = 500;

/// Everything, or one part. Webhooks are told beside posting, which is measured with them.
pub async fn all(budget: &Budget, only: Option<Part>) -> io::Result<()> {
    let wants = |part| only.is_none_or(|only| only == part);
    let mut text = String::new();
    let mut floor_at_64 = 0.0;
    if wants(Part::Posting) || wants(Part::Webhooks) {
        floor_at_64 = posting(budget, &mut text).await?;
    }
    if wants(Part::Pages) {
        pages(budget, &mut text).await?;
    }
    if wants(Part::Settings) {
        crate::settings::all(budget, &mut text).await?;
    }
    if wants(Part::Webhooks) {
        webhooks(budget, floor_at_64, &mut text).await?;
    }
    if wants(Part::Channels) {
        crate::channels::all(budget, &mut text).await?;
    }
    if wants(Part::Events) {
        crate::events::all(budget, &mut text).await?;
    }
    if wants(Part::Cost) {
        crate::cost::all(budget, &mut text).await?;
    }
    println!("{text}");
    Ok(())
}

/// Gives the floor at 64 connections.
async fn posting(budget: &Budget, text: &mut String) -> io::Result<f64> {
    eprintln!("posting messages");
    let folder = fresh_dir("posting")?;
    let system = System::start(Kind::Full, &folder).await?;
    let scene = Arc::new(Scene::make(&system, CONVERSATIONS).await?);
    system.stop();
    let plain_folder = fresh_dir("posting-plain")?;
    crate::plain::copy(&folder, &plain_folder)?;
    let kinds = [
        (Kind::Floor, &folder),
        (Kind::Full, &folder),
        (Kind::OneCommitEach, &folder),
        (Kind::OneCommitEach, &plain_folder),
    ];
    let mut rounds: Vec<Vec<Vec<Round>>> = vec![vec![Vec::new(); CONNECTIONS.len()]; kinds.len()];
    let mut resident = 0.0f64;
    for turn in 0..budget.rounds {
        for (at, (kind, folder)) in kinds.iter().enumerate() {
            let system = System::start(*kind, folder).await?;
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
        "on plain tables /s",
        "ratio to floor",
        "ratio to one commit each",
        "on plain tables",
    ]);
    for (place, connections) in CONNECTIONS.iter().enumerate() {
        let [floor, full, single, plain] = [0, 1, 2, 3].map(|kind| median(&rounds[kind][place]));
        table.row(vec![
            format!("{connections} connections"),
            format!("{:.0}", floor.rate),
            format!("{:.0} ({:.1})", full.rate, full.p99_ms),
            format!("{:.0}", single.rate),
            format!("{:.0}", plain.rate),
            format!("{:.2}", full.rate / floor.rate),
            format!("{:.1}", full.rate / single.rate),
            format!("{:.1}", full.rate / plain.rate),
        ]);
        let wrong: usize = rounds.iter().flat_map(|kind| &kind[place]).map(|round| round.unexpected).sum();
        assert_eq!(wrong, 0, "answers other than 201");
    }
    text.push_str(&table.markdown());
    text.push_str(&format!("\nMemory under this load: {resident:.0} MB.\n\n"));
    std::fs::remove_dir_all(folder)?;
    std::fs::remove_dir_all(plain_folder)?;
    Ok(median(&rounds[0][2]).rate)
}

/// Posts for a time, each message into another conversation.
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
