//! What all parts of a running simulator share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::callback::Callback;
use crate::config::SimConfig;
use crate::http::client::Client;
use crate::world::World;

/// What all parts of a running simulator share.
pub(crate) struct Shared {
    world: Mutex<World>,
    version: watch::Sender<u64>,
    tasks: Mutex<JoinSet<()>>,
    pub(crate) lanes: Mutex<HashMap<String, mpsc::UnboundedSender<Callback>>>,
    pub(crate) config: SimConfig,
    pub(crate) client: Client,
    /// `http://127.0.0.1:9090`.
    pub(crate) origin: String,
}

impl Shared {
    pub(crate) fn new(config: SimConfig, origin: String) -> Shared {
        Shared {
            world: Mutex::new(World::new(config.seed, config.transcript_max)),
            version: watch::channel(0).0,
            tasks: Mutex::new(JoinSet::new()),
            lanes: Mutex::new(HashMap::new()),
            config,
            client: Client::new(),
            origin,
        }
    }

    /// Looks at the world or changes it; whoever waits for something looks again afterwards.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let done = act(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner));
        self.version.send_modify(|version| *version += 1);
        done
    }

    /// Looks at the world.
    pub(crate) fn look<T>(&self, act: impl FnOnce(&World) -> T) -> T {
        act(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts the changes of the world.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.config.clock.now_ms()
    }

    pub(crate) fn callback_timeout(&self) -> Duration {
        Duration::from_millis(self.config.callback_timeout_ms)
    }

    /// Runs something beside; it ends with the simulator.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// Ends everything that runs beside.
    pub(crate) fn stop(&self) {
        lock(&self.tasks).abort_all();
        lock(&self.lanes).clear();
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A part of the shared state that is handed to tasks.
pub(crate) type Handle = Arc<Shared>;
