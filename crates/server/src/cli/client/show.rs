//! Results: tables and fields for people, JSON for scripts.

use client::{Call, Paged};
use futures::TryStreamExt as _;
use serde::Serialize;
use serde_json::Value;

use super::super::output;
pub(super) use super::super::output::printable;
use super::session::Session;
use crate::exit::Result;

/// Most things that one call can give.
const PAGE_SIZE_MAX: usize = 100;

/// Shows one thing: its fields, one a line.
pub(super) fn thing(session: &Session, thing: &impl Serialize) {
    if session.json {
        return output::json(thing);
    }
    if let Ok(Value::Object(fields)) = serde_json::to_value(thing) {
        let width = fields.keys().map(String::len).max().unwrap_or(0);
        for (name, value) in fields {
            output::line(format_args!("{name:width$}  {}", plain(&value)));
        }
    }
}

/// Shows a list.
pub(super) fn list<T: Serialize, const COLUMNS: usize>(
    session: &Session,
    things: &[T],
    heads: [&str; COLUMNS],
    row: impl Fn(&T) -> [String; COLUMNS],
) {
    if session.json {
        return output::json(&things);
    }
    let rows: Vec<_> = things.iter().map(|thing| row(thing).map(|cell| printable(&cell))).collect();
    output::table(heads, &rows);
}

/// Says that something was done.
pub(super) fn done(session: &Session, text: impl std::fmt::Display) {
    if session.json {
        return output::json(&wire::sunshine::types::Empty {});
    }
    output::line(text);
}

/// Says that the thing with this id is deleted.
pub(super) fn deleted(session: &Session, id: &str) {
    done(session, format_args!("{id} is deleted"));
}

/// The first `limit` things of a paged list.
pub(super) async fn collect<T: Paged>(call: Call<T>, limit: usize) -> Result<Vec<T::Item>> {
    let size = u32::try_from(limit.clamp(1, PAGE_SIZE_MAX)).unwrap_or(1);
    let mut walk = call.page_size(size).stream();
    let mut things = Vec::new();
    while things.len() < limit
        && let Some(thing) = walk.try_next().await?
    {
        things.push(thing);
    }
    Ok(things)
}

/// A cell of what may not be there.
pub(super) fn cell(value: &Option<impl ToString>) -> String {
    value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        other => printable(&other.to_string()),
    }
}
