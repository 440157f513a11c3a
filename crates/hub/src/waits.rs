//! Calls that wait for events: how many each key may have, and how they end when the server stops.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::watch;

use crate::access::Grant;
use crate::hub::Hub;

/// Calls of one key that may wait at the same time, unless the operator decides otherwise.
const CALLS_PER_KEY_MAX: usize = 100;

/// The calls that wait.
#[derive(Default)]
pub(crate) struct Waits {
    calls: Arc<Mutex<HashMap<String, usize>>>,
    max: OnceLock<usize>,
    ending: watch::Sender<bool>,
}

/// The place of a call that may wait; dropping it gives it back.
pub struct WaitingCall {
    calls: Arc<Mutex<HashMap<String, usize>>>,
    key_id: String,
}

impl Drop for WaitingCall {
    fn drop(&mut self) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = calls.get_mut(&self.key_id) {
            *count -= 1;
            if *count == 0 {
                calls.remove(&self.key_id);
            }
        }
    }
}

impl Waits {
    /// Ends with the first call of [`Hub::end_waits`].
    pub(crate) async fn ended(&self) {
        let mut ending = self.ending.subscribe();
        let _ended = ending.wait_for(|ending| *ending).await;
    }
}

impl Hub {
    /// Hands in how many calls of one key may wait at the same time. The first number stays.
    pub fn limit_waiting_calls(&self, per_key_max: usize) {
        let _the_first_stays = self.waits().max.set(per_key_max);
    }

    /// A place for a call that may wait; `None` when the key has as many as it may.
    pub fn waiting_call(&self, grant: &Grant) -> Option<WaitingCall> {
        let waits = self.waits();
        let max = waits.max.get().copied().unwrap_or(CALLS_PER_KEY_MAX);
        let key_id = grant.caller.key_id.clone();
        let mut calls = waits.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.entry(key_id.clone()).or_default();
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(WaitingCall { calls: waits.calls.clone(), key_id })
    }

    /// The server stops: whoever waits for events gets what there is.
    pub fn end_waits(&self) {
        self.waits().ending.send_replace(true);
    }
}
