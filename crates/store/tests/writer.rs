//! The single writer: batches, failures inside a batch, panics, a full queue, ids across restarts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crosspoint_store::rows::sweeps::{self, SweepKind};
use crosspoint_store::rows::switchboards;
use crosspoint_store::{Command, Ctx, Options, Store, StoreError, Tx};
use model::record::{AppKey, Switchboard, SwitchboardKey};
use model::{Clock, Id, Millis};

/// A clock that is moved by hand.
#[derive(Default)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Relaxed))
    }
}

#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error("refused")]
    Refused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes a row and then does as it is told.
struct Write {
    target: i64,
    then: Then,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Succeed,
    FailBefore,
    FailAfter,
    Panic,
}

impl Command for Write {
    type Out = Id;
    type Error = TestError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Id, TestError> {
        if self.then == Then::FailBefore {
            return Err(TestError::Refused);
        }
        sweeps::insert(tx, SweepKind::App, self.target, AppKey(0), None, ctx.now).await?;
        match self.then {
            Then::FailAfter => Err(TestError::Refused),
            Then::Panic => panic!("a command that panics on purpose"),
            _ => Ok(ctx.id()),
        }
    }
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("crosspoint-store-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

async fn targets(store: &Store) -> Vec<i64> {
    let mut reader = store.reader().await.unwrap();
    let mut found: Vec<i64> = sweeps::waiting(&mut reader, 0, 10_000)
        .await
        .unwrap()
        .into_iter()
        .map(|(_, sweep)| sweep.unwrap().target)
        .collect();
    found.sort_unstable();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_command_changes_nothing_and_its_neighbours_everything() {
    let folder = folder("neighbours");
    let store = Store::open(Options::new(&folder)).unwrap();
    let mut running = Vec::new();
    for target in 0..400 {
        let then = match target % 8 {
            1 => Then::FailAfter,
            3 => Then::FailBefore,
            5 => Then::Panic,
            _ => Then::Succeed,
        };
        let store = store.clone();
        running.push(tokio::spawn(async move { (target, then, store.run(Write { target, then }).await) }));
    }
    let mut expected = Vec::new();
    for task in running {
        let (target, then, outcome) = task.await.unwrap();
        assert_eq!(outcome.is_ok(), then == Then::Succeed, "{target}: {outcome:?}");
        if then == Then::Panic {
            assert!(matches!(outcome, Err(TestError::Store(StoreError::Panicked))));
        }
        if then == Then::Succeed {
            expected.push(target);
        }
    }
    assert_eq!(targets(&store).await, expected);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_rise_across_a_restart_even_if_the_clock_went_back() {
    let folder = folder("ids");
    let clock = Arc::new(HandClock::default());
    clock.0.store(1_000_000, Ordering::Relaxed);
    let options = Options { clock: clock.clone(), ..Options::new(&folder) };
    let store = Store::open(options.clone()).unwrap();
    let first = store.run(AddEvent).await.unwrap();
    store.close().await;
    clock.0.store(5_000, Ordering::Relaxed);
    let store = Store::open(options).unwrap();
    let second = store.run(AddEvent).await.unwrap();
    assert!(second > first, "{second} must stand behind {first}");
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

struct AddEvent;

impl Command for AddEvent {
    type Out = Id;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Id, StoreError> {
        use crosspoint_store::rows::events::{Event, insert};
        let event = Event {
            sequence: 0,
            id: ctx.id(),
            at: ctx.now,
            app: AppKey(1),
            kind: model::event::EventType::UserUpdate,
            conversation: model::record::ConversationKey(0),
            user: model::record::UserKey(1),
            message: model::record::MessageKey(0),
            client: model::record::ClientKey(0),
            control: model::switchboard::Control::NONE,
            previous: 0,
            detail: None,
            integration: model::record::IntegrationKey(0),
        };
        insert(tx, &event).await?;
        Ok(event.id)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_of_the_newest_event_are_woken_after_the_commit() {
    let folder = folder("wake");
    let store = Store::open(Options::new(&folder)).unwrap();
    let mut newest = store.newest_event();
    assert_eq!(*newest.borrow_and_update(), 0);
    store.run(AddEvent).await.unwrap();
    newest.changed().await.unwrap();
    assert_eq!(*newest.borrow(), 1);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    let folder = folder("newer");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(Store::open(Options::new(&folder)).unwrap().close());
    let path = folder.join("crosspoint.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("INSERT INTO schema_versions VALUES (999, 'from the future', 0)", []).unwrap();
    drop(connection);
    let error = Store::open(Options::new(&folder)).err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 999, .. }), "{error}");
    assert!(error.to_string().contains("newer version"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_under_load_is_whole() {
    let folder = folder("backup");
    let store = Store::open(Options::new(&folder)).unwrap();
    let writer = store.clone();
    let load = tokio::spawn(async move {
        for target in 0..2_000 {
            writer.run(Write { target, then: Then::Succeed }).await.unwrap();
        }
    });
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy).unwrap();
    let (from, to) = (store.clone(), copy.join("crosspoint.db"));
    tokio::task::spawn_blocking(move || from.backup(&to, |_, _| {}).unwrap()).await.unwrap();
    load.await.unwrap();
    store.close().await;
    let copied = Store::open(Options::new(&copy)).unwrap();
    let found = targets(&copied).await;
    // Whatever was committed when it was taken is there, in commit order, without a gap.
    assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
    copied.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// What a command remembers of a switchboard.
struct Known(bool);

/// Looks whether an app's switchboard rules, as it is remembered or else as it stands, and then does as it
/// is told.
struct Look {
    toggle: bool,
    fail: bool,
}

impl Look {
    async fn board(tx: &mut Tx, ctx: &Ctx) -> Result<Switchboard, StoreError> {
        if let Some(found) = switchboards::of_app(tx, AppKey(1)).await? {
            return Ok(found);
        }
        let new = Switchboard {
            key: SwitchboardKey(0),
            id: ctx.id(),
            app: AppKey(1),
            enabled: false,
            default: None,
        };
        let key = switchboards::insert(tx, &new).await?;
        Ok(Switchboard { key, ..new })
    }
}

impl Command for Look {
    type Out = (bool, bool);
    type Error = TestError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(bool, bool), TestError> {
        let board = Look::board(tx, ctx).await?;
        if self.toggle {
            switchboards::update(tx, &Switchboard { enabled: !board.enabled, ..board }).await?;
        }
        let remembered = tx.recall::<Known>(1).map(|known| known.0);
        let enabled = match remembered {
            Some(enabled) => enabled,
            None => {
                let enabled = Look::board(tx, ctx).await?.enabled;
                tx.remember(1, Known(enabled)).0
            }
        };
        if self.fail { Err(TestError::Refused) } else { Ok((enabled, remembered.is_some())) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_is_forgotten_with_every_change_and_with_what_is_taken_back() {
    let folder = folder("remembered");
    let store = Store::open(Options::new(&folder)).unwrap();
    let look = async |toggle, fail| store.run(Look { toggle, fail }).await.ok();
    assert_eq!(look(false, false).await, Some((false, false)));
    assert_eq!(look(false, false).await, Some((false, true)));
    assert_eq!(look(true, false).await, Some((true, false)), "what the command itself has changed");
    assert_eq!(look(false, false).await, Some((true, true)));
    assert_eq!(look(true, true).await, None);
    assert_eq!(look(false, false).await, Some((true, false)), "a change that failed is no change");
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}
