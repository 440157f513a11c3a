//! Numbers that say how old a memory is. The store counts by itself, in the functions that write, so that
//! nobody can forget to tell, and a caller who goes away keeps nobody from being told.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
    /// Whether a commit is under way that will raise `audience`: whoever reads now may see it before it
    /// counts.
    audience_changes: AtomicBool,
}

impl Default for Versions {
    fn default() -> Versions {
        Versions {
            settings: AtomicU64::new(0),
            keys: AtomicU64::new(0),
            audience: watch::Sender::new(0),
            audience_changes: AtomicBool::new(false),
        }
    }
}

impl Versions {
    /// Something was written, and is about to be committed.
    pub(crate) fn announce(&self, written: Written) {
        if written.audience {
            self.audience_changes.store(true, Ordering::SeqCst);
        }
    }

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
            self.audience_changes.store(false, Ordering::SeqCst);
        }
    }

    /// Whether what was read when the audience had this number is as it was then.
    pub(crate) fn is_audience(&self, version: u64) -> bool {
        // The number comes last: it rises before the commit is over.
        !self.audience_changes.load(Ordering::SeqCst) && self.audience() == version
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_as_it_was_from_before_the_commit_on() {
        let versions = Versions::default();
        let (nothing, audience) = (Written::default(), Written { audience: true, ..Written::default() });
        versions.announce(nothing);
        assert!(versions.is_audience(0));
        versions.announce(audience);
        assert!(!versions.is_audience(0), "a reader may see it, and the number has not risen");
        versions.count(audience);
        assert!(!versions.is_audience(0) && versions.is_audience(1));
    }
}
