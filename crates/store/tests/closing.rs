//! Closing a store, and copying it while it is in use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use crosspoint_store::rows::sweeps::{self, SweepKind};
use crosspoint_store::{Command, Ctx, Options, Store, StoreError, Tx};
use model::record::AppKey;
use serde_json::json;

/// Writes rows of this many bytes.
struct Fill {
    target: i64,
    rows: usize,
    bytes: usize,
}

impl Command for Fill {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
        let detail = json!({ "text": "x".repeat(self.bytes) });
        for _ in 0..self.rows {
            sweeps::insert(tx, SweepKind::App, self.target, AppKey(0), Some(&detail), ctx.now).await?;
        }
        Ok(())
    }
}

/// Removes the rows of a target.
struct Remove(i64);

impl Command for Remove {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<(), StoreError> {
        for (key, found) in sweeps::waiting(tx, 0, 10_000).await? {
            if found?.target == self.0 {
                sweeps::remove(tx, key).await?;
            }
        }
        Ok(())
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("crosspoint-store-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn log_bytes(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("crosspoint.db-wal")).map_or(0, |log| log.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_others_still_hold_is_closed_with_everything_in_the_database() {
    let folder = folder("closed");
    let store = Store::open(Options::new(&folder)).unwrap();
    let other = store.clone();
    drop(store.reader().await.unwrap());
    let mut queued = Vec::new();
    for target in 0..100 {
        let store = store.clone();
        queued.push(tokio::spawn(async move { store.run(Fill { target, rows: 1, bytes: 10 }).await }));
        tokio::task::yield_now().await;
    }
    store.close().await;
    assert_eq!(log_bytes(&folder), 0);
    let refused = other.run(Fill { target: 0, rows: 1, bytes: 1 }).await;
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    assert!(matches!(other.reader().await, Err(StoreError::Closed)));
    let mut done = 0;
    for task in queued {
        match task.await.unwrap() {
            Ok(()) => done += 1,
            Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
        }
    }
    let database = rusqlite::Connection::open(folder.join("crosspoint.db")).unwrap();
    let kept: i64 = database.query_row("SELECT count(*) FROM sweeps", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, done, "what was answered, and nothing else");
    other.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_goes_on_while_somebody_commits_at_each_of_its_steps() {
    let folder = folder("steps");
    let store = Store::open(Options::new(&folder)).unwrap();
    for target in 0..16 {
        store.run(Fill { target, rows: 10, bytes: 100_000 }).await.unwrap();
    }
    let copy = folder.join("copy.db");
    let (from, to, here) = (store.clone(), copy.clone(), tokio::runtime::Handle::current());
    let steps = tokio::task::spawn_blocking(move || {
        let mut steps = Vec::new();
        let meanwhile = |done, of| {
            steps.push((done, of));
            // More than the log keeps, in all.
            here.block_on(from.run(Fill { target: 99, rows: 200, bytes: 100_000 })).unwrap();
            assert!(steps.len() < 100, "it does not come to an end: {steps:?}");
        };
        from.backup(&to, meanwhile).unwrap();
        steps
    });
    let steps = steps.await.unwrap();
    assert!(steps.len() >= 3, "{steps:?}");
    assert!(steps.is_sorted() && steps.iter().all(|(_, of)| *of == steps[0].1), "{steps:?}");

    let copied = rusqlite::Connection::open(&copy).unwrap();
    let text: String = copied.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(text, "ok");
    let count = |sql: &str| -> i64 { copied.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("SELECT count(*) FROM sweeps WHERE target < 99"), 160);
    assert_eq!(count("SELECT count(*) FROM sweeps WHERE target = 99"), 0, "it is of one moment");
    assert!(!folder.join("copy.db-wal").exists());

    let grown = log_bytes(&folder);
    assert!(grown > 64 << 20, "{grown}");
    store.run(Fill { target: 100, rows: 8_000, bytes: 10 }).await.unwrap();
    for commits in 0.. {
        store.run(Fill { target: 101, rows: 1, bytes: 10 }).await.unwrap();
        if log_bytes(&folder) <= 64 << 20 {
            break;
        }
        assert!(commits < 10_000, "the log does not shrink");
    }
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_overwritten_where_its_page_stays_in_use() {
    let folder = folder("overwritten");
    let store = Store::open(Options::new(&folder)).unwrap();
    for (target, rows, bytes) in [(0, 100, 100), (1, 1, 200), (0, 100, 100)] {
        store.run(Fill { target, rows, bytes }).await.unwrap();
    }
    store.run(Remove(1)).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(folder.join("crosspoint.db")).unwrap();
    let holds = |times: usize| bytes.windows(times).any(|part| part.iter().all(|byte| *byte == b'x'));
    assert!(holds(100), "the others");
    assert!(!holds(101));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_holds_a_reader_gets_no_other_where_that_is_watched() {
    let folder = folder("nesting");
    let store = Store::open(Options { one_reader_a_task: true, ..Options::new(&folder) }).unwrap();
    let (one, two) = (store.clone(), store.clone());
    let nested = tokio::spawn(async move {
        let _first = one.reader().await.unwrap();
        one.reader().await.is_ok()
    });
    assert!(nested.await.is_err_and(|ended| ended.is_panic()));
    let in_turn = tokio::spawn(async move {
        drop(two.reader().await.unwrap());
        drop(two.reader().await.unwrap());
    });
    let held = store.reader().await.unwrap();
    in_turn.await.unwrap();
    drop(held);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_fails_is_known_until_one_works() {
    let folder = folder("commits");
    let store = Store::open(Options::new(&folder)).unwrap();
    assert!(store.commits());
    // Somebody else writes, for longer than is waited.
    let other = rusqlite::Connection::open(folder.join("crosspoint.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.run(Fill { target: 1, rows: 1, bytes: 1 }).await.is_err());
    assert!(!store.commits());
    other.execute_batch("ROLLBACK").unwrap();
    store.run(Fill { target: 1, rows: 1, bytes: 1 }).await.unwrap();
    assert!(store.commits());
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}
