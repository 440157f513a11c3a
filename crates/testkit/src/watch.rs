//! What one started server was seen to answer, over all its clients.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Kept by a server and filled by its clients.
#[derive(Debug, Default)]
pub struct Watch {
    answered: Mutex<BTreeMap<String, BTreeSet<u16>>>,
    complaints: Mutex<Vec<String>>,
}

impl Watch {
    /// An operation answered with this status.
    pub fn answered(&self, operation: &str, status: u16) {
        let mut answered = self.answered.lock().expect("no panic while held");
        answered.entry(operation.to_owned()).or_default().insert(status);
    }

    /// Something that must not happen; the server's end fails with it even if the task that met it
    /// was lost.
    pub fn complain(&self, complaint: String) {
        self.complaints.lock().expect("no panic while held").push(complaint);
    }

    /// Operations that answered with a 2xx or a redirect.
    pub fn succeeded(&self) -> BTreeSet<String> {
        let answered = self.answered.lock().expect("no panic while held");
        let good = answered.iter().filter(|(_, statuses)| statuses.iter().any(|status| *status < 400));
        good.map(|(operation, _)| operation.clone()).collect()
    }

    /// All complaints so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().expect("no panic while held").clone()
    }
}
