//! Numbers that say how old a memory is. The store counts by itself, in the functions that write, so that
//! nobody can forget to tell, and a caller who goes away keeps nobody from being told.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// What was written since the last commit, of the things that others hold in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// An app, an integration or a switchboard.
    pub(crate) settings: bool,
    /// What decides who opens what: a key was changed or has ended, by itself or with its owner.
    pub(crate) keys: bool,
    /// What decides who hears of events: a subscription, an endpoint, a switchboard, the state of an
    /// integration or of an app.
    pub(crate) audience: bool,
}

/// The numbers, which rise with commits.
pub(crate) struct Versions {
    settings: AtomicU64,
    keys: AtomicU64,
    audience: watch::Sender<u64>,
}

impl Default for Versions {
    fn default() -> Versions {
        Versions { settings: AtomicU64::new(0), keys: AtomicU64::new(0), audience: watch::Sender::new(0) }
    }
}

impl Versions {
    /// Something was written, and is committed.
    pub(crate) fn count(&self, written: Written) {
        if written.settings {
            self.settings.fetch_add(1, Ordering::AcqRel);
        }
        if written.keys {
            self.keys.fetch_add(1, Ordering::AcqRel);
        }
        if written.audience {
            self.audience.send_modify(|version| *version += 1);
        }
    }

    pub(crate) fn settings(&self) -> u64 {
        self.settings.load(Ordering::Acquire)
    }

    pub(crate) fn keys(&self) -> u64 {
        self.keys.load(Ordering::Acquire)
    }

    pub(crate) fn audience(&self) -> u64 {
        *self.audience.borrow()
    }

    pub(crate) fn watch_audience(&self) -> watch::Receiver<u64> {
        self.audience.subscribe()
    }
}
