//! The single writer: drains the queue of waiting commands, runs them in one transaction, commits
//! once, then answers all of them.
//!
//! Commands run bare. Only when one fails after its first write is the batch rolled back and run
//! again with a savepoint around each command, so that the failed one rolls back alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use model::id::IdMint;
use model::{Clock, Id};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::Span;

use super::checkpoint::Checkpoints;
use crate::command::{Command, Ctx};
use crate::error::StoreError;
use crate::tx::{Engine, Read, Tx};
use crate::versions::{Versions, Written};
use crate::watched::WatchedApps;

/// Commands that may wait; one more is refused as busy.
pub(crate) const QUEUE_COMMANDS_MAX: usize = 4_096;

/// How a command ended inside the transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It worked.
    Done,
    /// It failed and had written nothing.
    FailedClean,
    /// It failed after its first write.
    FailedDirty,
}

/// A command in the queue, whatever its type.
pub(crate) trait Job: Send {
    fn run(&mut self, tx: &mut Tx, ctx: &Ctx) -> bool;
    fn fail(&mut self, error: StoreError);
    fn answer(self: Box<Self>);
}

/// What comes to the writer.
pub(crate) enum Work {
    /// A command.
    Run(Box<dyn Job>),
    /// Nothing more is taken; what is queued by now is still done.
    Stop,
}

/// A command with the place where its caller waits. A caller who has gone changes nothing.
pub(crate) struct Pending<C: Command> {
    pub(crate) command: C,
    pub(crate) outcome: Option<Result<C::Out, C::Error>>,
    pub(crate) reply: oneshot::Sender<Result<C::Out, C::Error>>,
    pub(crate) span: Span,
}

impl<C: Command> Job for Pending<C> {
    fn run(&mut self, tx: &mut Tx, ctx: &Ctx) -> bool {
        let _entered = self.span.enter();
        let run = catch_unwind(AssertUnwindSafe(|| self.command.run(tx, ctx).now_or_never()));
        let outcome = match run {
            Ok(Some(outcome)) => outcome,
            Ok(None) => Err(StoreError::Engine("a command waited inside the writer".into()).into()),
            Err(_) => {
                tracing::error!("a command ended in a panic");
                Err(StoreError::Panicked.into())
            }
        };
        let worked = outcome.is_ok();
        self.outcome = Some(outcome);
        worked
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            let _caller_may_have_gone = self.reply.send(outcome);
        }
    }
}

/// The thread's state.
pub(crate) struct Writer {
    pub(crate) queue: mpsc::Receiver<Work>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) newest_event: watch::Sender<i64>,
    pub(crate) watched_apps: Arc<WatchedApps>,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) batch_max: usize,
    pub(crate) versions: Arc<Versions>,
    pub(crate) newest_id: Id,
    /// Whether the last batch that changed anything was committed.
    pub(crate) commits: Arc<AtomicBool>,
}

impl Writer {
    /// Works until it is told to stop, or every handle to the queue is gone.
    pub(crate) fn run(mut self, connection: Connection) {
        let read = Read { engine: Engine::Sqlite(connection) };
        let mut tx = Tx::over(read);
        let mut batch: Vec<Box<dyn Job>> = Vec::with_capacity(self.batch_max);
        while let Some(first) = self.queue.blocking_recv() {
            self.take(first, &mut batch);
            while batch.len() < self.batch_max
                && let Ok(next) = self.queue.try_recv()
            {
                self.take(next, &mut batch);
            }
            if batch.is_empty() {
                continue;
            }
            self.commit(&mut tx, &mut batch);
            if tx.written != Written::default() {
                // Before the answers: whoever has one finds what it changed.
                self.versions.count(std::mem::take(&mut tx.written));
            }
            metrics::histogram!("crosspoint_store_batch_commands").record(batch.len() as f64);
            for job in batch.drain(..) {
                job.answer();
            }
            // Before the number: whoever has it and was not told of an app knows that it has nothing up to
            // there.
            self.watched_apps.tell(&tx.apps_with_events);
            tx.apps_with_events.clear();
            if tx.newest_event > 0 {
                self.newest_event.send_replace(std::mem::take(&mut tx.newest_event));
            }
            self.checkpoints.after_commit(connection_of(&tx));
        }
        self.checkpoints.finish(connection_of(&tx));
    }

    fn take(&mut self, work: Work, batch: &mut Vec<Box<dyn Job>>) {
        match work {
            Work::Run(job) => batch.push(job),
            Work::Stop => self.queue.close(),
        }
    }

    fn commit(&mut self, tx: &mut Tx, batch: &mut [Box<dyn Job>]) {
        let before = connection_of(tx).total_changes();
        let ran = self.attempt(tx, batch, false).and_then(|clean| match clean {
            true => Ok(()),
            false => {
                execute(tx, "ROLLBACK")?;
                tx.taken_back(0);
                self.attempt(tx, batch, true).map(|_| ())
            }
        });
        self.versions.announce(tx.written);
        let committed = ran.and_then(|()| execute(tx, "COMMIT"));
        // A batch that changed nothing commits on a full disk, too.
        if committed.is_err() || connection_of(tx).total_changes() > before {
            self.commits.store(committed.is_ok(), Ordering::Release);
        }
        if let Err(error) = committed {
            tracing::error!(%error, commands = batch.len(), "a batch could not be committed");
            let _none_may_be_open = execute(tx, "ROLLBACK");
            tx.taken_back(0);
            for job in batch {
                job.fail(StoreError::Engine(error.to_string()));
            }
        }
    }

    /// Runs the batch in a new transaction; `false` when it has to be run again with savepoints.
    fn attempt(
        &mut self,
        tx: &mut Tx,
        batch: &mut [Box<dyn Job>],
        savepoints: bool,
    ) -> Result<bool, StoreError> {
        execute(tx, "BEGIN IMMEDIATE")?;
        for job in batch {
            if savepoints {
                execute(tx, "SAVEPOINT command")?;
            }
            let newest_event = tx.newest_event;
            let verdict = self.run_one(tx, job.as_mut());
            if tx.is_over() {
                return Err(StoreError::Engine("the transaction was ended by an error in it".into()));
            }
            if savepoints {
                if verdict == Verdict::FailedDirty {
                    execute(tx, "ROLLBACK TO command")?;
                    tx.taken_back(newest_event);
                }
                execute(tx, "RELEASE command")?;
            } else if verdict == Verdict::FailedDirty {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn run_one(&mut self, tx: &mut Tx, job: &mut dyn Job) -> Verdict {
        tx.wrote = false;
        let ctx = Ctx::new(self.clock.now(), IdMint::after(self.newest_id));
        let worked = job.run(tx, &ctx);
        self.newest_id = ctx.newest_id();
        match (worked, tx.wrote) {
            (true, _) => Verdict::Done,
            (false, false) => Verdict::FailedClean,
            (false, true) => Verdict::FailedDirty,
        }
    }
}

fn connection_of(tx: &Tx) -> &Connection {
    let Engine::Sqlite(connection) = &tx.read.engine;
    connection
}

fn execute(tx: &Tx, sql: &str) -> Result<(), StoreError> {
    connection_of(tx).prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use futures::future::{join, join_all};
    use model::record::AppKey;

    use super::*;
    use crate::rows::sweeps::{self, SweepKind};
    use crate::{Options, Store};

    /// What a command does.
    enum Step {
        /// It says that it runs and waits, and everybody behind it.
        Wait(Sender<()>, Mutex<Receiver<()>>),
        /// It writes a row.
        Write(i64),
        /// It meets a disk that fails: SQLite ends the transaction. Then it fails, or writes all the same.
        Break { writes: Option<i64> },
    }

    impl Command for Step {
        type Out = ();
        type Error = StoreError;

        async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(), StoreError> {
            let write = match self {
                Step::Wait(runs, go_on) => {
                    runs.send(()).unwrap();
                    go_on.lock().unwrap().recv().unwrap();
                    return Ok(());
                }
                Step::Write(target) => *target,
                Step::Break { writes } => {
                    connection_of(tx).execute_batch("ROLLBACK").unwrap();
                    writes.ok_or(StoreError::Engine("the disk failed".into()))?
                }
            };
            sweeps::insert(tx, SweepKind::App, write, AppKey(0), None, ctx.now).await?;
            Ok(())
        }
    }

    async fn targets(store: &Store) -> Vec<i64> {
        let mut reader = store.reader().await.unwrap();
        let found = sweeps::waiting(&mut reader, 0, 100).await.unwrap();
        found.into_iter().map(|(_, sweep)| sweep.unwrap().target).collect()
    }

    #[tokio::test]
    async fn a_transaction_that_an_error_has_ended_leaves_nothing_of_its_batch() {
        for writes in [None, Some(2)] {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(Options::new(folder.path())).unwrap();
            // What is queued while one waits comes into one batch.
            let ((runs, running), (go_on, waits)) = (channel(), channel());
            let waiting = {
                let store = store.clone();
                tokio::spawn(async move { store.run(Step::Wait(runs, Mutex::new(waits))).await })
            };
            while running.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            let batch = [Step::Write(1), Step::Break { writes }, Step::Write(3)];
            let batch = join_all(batch.map(|command| store.run(command)));
            let released = async {
                while store.waiting_commands() < 3 {
                    tokio::task::yield_now().await;
                }
                go_on.send(()).unwrap();
            };
            let (outcomes, ()) = join(batch, released).await;
            waiting.await.unwrap().unwrap();
            assert!(outcomes.iter().all(Result::is_err), "nobody is told that anything was kept");
            assert_eq!(targets(&store).await, [] as [i64; 0], "and nothing was");
            store.run(Step::Write(4)).await.unwrap();
            assert_eq!(targets(&store).await, [4]);
            store.close().await;
        }
    }
}
