//! The portal: clients, hubs, integrations, commands (hubster.md §2.1–2.4, §4).

pub(crate) mod clients;
pub(crate) mod hubs;
pub(crate) mod integrations;
pub(crate) mod responses;
pub(crate) mod transfers;

use crate::read::{Check, Fields};

/// Characters of a name.
const NAME_CHARS_MAX: usize = wire::sunshine::limits::DISPLAY_NAME_CHARS_MAX;
/// Characters of a description, category or label.
const DESCRIPTION_CHARS_MAX: usize = 1_024;

/// A status: whether it is the number of *paused* and not that of *active*.
fn status(check: &mut Check, fields: &Fields<'_>, active: i64, paused: i64) -> Option<bool> {
    let value = fields.get("statusId")?;
    let number = check.integer(fields, "statusId")?;
    if number != active && number != paused {
        check.not_valid(value);
        return None;
    }
    Some(number == paused)
}
