//! What was made at providers for sends, so that equal things are made once: only in memory, since
//! making one anew after a start costs a request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::recent::Recent;
use model::record::IntegrationKey;

/// Things that are remembered at most.
const MAKINGS_MAX: usize = 10_000;

type Ids = Recent<(IntegrationKey, String), String, MAKINGS_MAX>;

/// Ids by integration and name.
#[derive(Default)]
pub(super) struct Makings(Mutex<Ids>);

impl Makings {
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id of something that was made.
    pub(super) fn id(&self, integration: IntegrationKey, name: &str) -> Option<String> {
        self.ids().get(&(integration, name.to_owned())).cloned()
    }

    /// It was made.
    pub(super) fn note(&self, integration: IntegrationKey, name: &str, id: &str) {
        self.ids().insert((integration, name.to_owned()), id.to_owned());
    }

    /// It may be gone. Gives whether it was remembered.
    pub(super) fn forget(&self, integration: IntegrationKey, name: &str) -> bool {
        self.ids().remove(&(integration, name.to_owned())).is_some()
    }
}
