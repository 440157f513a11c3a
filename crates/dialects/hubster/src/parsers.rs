//! Every parser of input from outside behind one function each, for fuzzing and property tests: whatever
//! comes gives a value or an error, never a panic.

use crate::engine::inbound;
use crate::guid::Named;
use crate::http::query::Query;
use crate::identity::ClientId;
use crate::portal::integrations;

/// Reads a body as an activity of a customer and of an agent, with its message, event and command.
pub fn activities(data: &[u8]) {
    inbound::read_any(data);
}

/// Reads a body as the configuration of an integration of every channel.
pub fn configurations(data: &[u8]) {
    integrations::read_any(data);
}

/// Reads a text as everything that stands in paths, queries and forms.
pub fn texts(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _malformed_or_read = Named::read(&text);
    let _refused_or_read = Query::parse(&text).page();
    let _unknown_or_read = ClientId::read(&text);
}
