//! Connections that were negotiated and are to be opened, each once and soon. A ticket holds everything
//! itself, so that it does not matter which node it is brought to.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hub::Hub;
use model::Millis;
use wire::hubster::codes;

use crate::http::error::{ApiError, Result};

/// How long a client may take from negotiating to connecting, milliseconds.
const LIFE_MS: i64 = 15_000;
/// What these tickets are for.
const PURPOSE: &str = "connection";
/// Used tickets that are remembered until their end; nobody negotiates so much in their life.
const USED_MAX: usize = 100_000;

/// Tickets that were used here.
#[derive(Default)]
pub(super) struct Tickets {
    used: Mutex<HashMap<String, Millis>>,
}

impl Tickets {
    /// A ticket for a connection.
    pub(super) fn sell(&self, hub: &Hub, connection: &str) -> Result<String> {
        Ok(hub.make_ticket(PURPOSE, connection, hub.now().plus(LIFE_MS))?)
    }

    /// Takes a ticket.
    ///
    /// # Errors
    /// 404 for one that is none or too old, 409 for one that was used.
    pub(super) fn take(&self, hub: &Hub, ticket: &str) -> Result<()> {
        let read = hub.read_ticket(PURPOSE, ticket);
        let (connection, ends_at) =
            read.ok_or_else(|| ApiError::of(codes::NOT_FOUND, "There is no such connection."))?;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= USED_MAX {
            let now = hub.now();
            used.retain(|_, end| *end > now);
        }
        match used.insert(connection, ends_at) {
            None => Ok(()),
            Some(_) => Err(ApiError::of(codes::ALREADY_EXISTS, "The connection is open already.")),
        }
    }
}
