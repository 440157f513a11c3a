//! What one request costs the server: processor time by thread and pages written to the log. Unlike
//! rates, these hold while other programs use the machine and the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::Budget;
use crate::channels::{self, Callbacks};
use crate::events::Hub;
use crate::load;
use crate::scenarios::post;
use crate::system::{Kind, Scene, System, fresh_dir};
use crate::table::Table;

const CONNECTIONS: usize = 64;
/// Rounds of each, at least.
const TURNS_MIN: usize = 3;
/// Ticks of the kernel's clock a second, in which it counts processor time.
const TICKS_A_SECOND: f64 = 100.0;
/// A page in the log with its header.
const FRAME_BYTES: f64 = 4_120.0;

/// What a server has used since it started.
#[derive(Clone, Debug, Default)]
struct Used {
    /// Seconds of processor time, by the name of the thread.
    seconds: BTreeMap<String, f64>,
    /// Bytes that the store's writer has written.
    written: f64,
}

impl Used {
    fn of(process: u32) -> io::Result<Used> {
        let mut used = Used::default();
        for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
            let thread = thread?.path();
            let Ok(stat) = std::fs::read_to_string(thread.join("stat")) else { continue };
            let (name, seconds) = name_and_seconds(&stat);
            if name == "store-writer" {
                used.written += written(&thread);
            }
            *used.seconds.entry(name).or_default() += seconds;
        }
        Ok(used)
    }

    fn all(&self) -> f64 {
        self.seconds.values().sum()
    }

    fn thread(&self, name: &str) -> f64 {
        self.seconds.get(name).copied().unwrap_or_default()
    }
}

/// The name stands in brackets; user and system time are the 14th and 15th field.
fn name_and_seconds(stat: &str) -> (String, f64) {
    let (name, rest) = stat.rsplit_once(')').unwrap_or_default();
    let name = name.split_once('(').map_or("", |(_, name)| name);
    let ticks = rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    (name.to_owned(), ticks.sum::<f64>() / TICKS_A_SECOND)
}

fn written(thread: &Path) -> f64 {
    let io = std::fs::read_to_string(thread.join("io")).unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("wchar:"));
    line.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// What the requests of one kind have used.
#[derive(Default)]
struct Sum {
    requests: f64,
    all: f64,
    writer: f64,
    checkpoint: f64,
    written: f64,
}

impl Sum {
    fn add(&mut self, requests: usize, before: &Used, after: &Used) {
        self.requests += requests as f64;
        self.all += after.all() - before.all();
        self.writer += after.thread("store-writer") - before.thread("store-writer");
        self.checkpoint += after.thread("store-checkpoin") - before.thread("store-checkpoin");
        self.written += after.written - before.written;
    }
}

/// Measures and adds its table.
pub async fn all(budget: &Budget, report: &mut String) -> io::Result<()> {
    eprintln!("what one request costs");
    let folder = fresh_dir("cost")?;
    let sim = channels::simulator(0).await?;
    let system = System::start_with(Kind::Full, &folder, &channels::base_urls(&sim)).await?;
    let hub = Hub::make(&system, channels::PEOPLE).await?;
    let scene = Arc::new(Scene::make(&system, channels::PEOPLE).await?);
    let told = channels::callbacks(&system, &sim).await?;
    let mut kinds: Vec<(&str, Callbacks)> = told.into();
    kinds.push(("activity", hub.sayings()));
    let mut sums: Vec<(&str, Sum)> = std::iter::once("POST message")
        .chain(kinds.iter().map(|(name, _)| *name))
        .map(|name| (name, Sum::default()))
        .collect();
    for turn in 0..budget.rounds.max(TURNS_MIN) {
        for (at, (_, sum)) in sums.iter_mut().enumerate() {
            let told = at.checked_sub(1);
            let told = told.map(|at| channels::of_turn(&kinds[at].1, turn, CONNECTIONS, budget.round));
            let before = Used::of(system.process())?;
            let round = match told {
                None => post(&system, &scene, CONNECTIONS, budget.round).await?,
                Some(told) => load::run(system.address, CONNECTIONS, budget.round, 200, told).await?,
            };
            assert_eq!(round.unexpected, 0, "other answers than expected");
            sum.add(round.answers, &before, &Used::of(system.process())?);
        }
    }
    report.push_str(&table(&sums));
    report.push('\n');
    system.stop();
    std::fs::remove_dir_all(folder)
}

fn table(sums: &[(&str, Sum)]) -> String {
    let mut table = Table::new(&[
        "one request of 64 connections",
        "processor µs",
        "of it the writer",
        "checkpoints",
        "pages of the log",
        "ratio to POST message",
    ]);
    let each = |what: f64, sum: &Sum| what * 1e6 / sum.requests;
    for (name, sum) in sums {
        table.row(vec![
            (*name).to_owned(),
            format!("{:.1}", each(sum.all, sum)),
            format!("{:.1}", each(sum.writer, sum)),
            format!("{:.1}", each(sum.checkpoint, sum)),
            format!("{:.2}", sum.written / FRAME_BYTES / sum.requests),
            format!("{:.2}", each(sums[0].1.all, &sums[0].1) / each(sum.all, sum)),
        ]);
    }
    table.markdown()
}
