//! Asking a provider while a caller waits: one request after the other, all of them in a short time.

use std::time::Duration;

use channels::Plan;
use http::StatusCode;
use hub::outbox::Outbox;
use serde_json::Value;

use super::request::carry_out;
use super::set::ChannelSet;

/// How long all requests may take together.
const TIME_MAX: Duration = Duration::from_secs(5);

/// Makes a request; the error is for the caller.
pub(super) async fn ask(
    set: &ChannelSet,
    outbox: &Outbox,
    plan: Plan,
) -> Result<(StatusCode, Value), String> {
    let sent = carry_out(set, outbox, plan, TIME_MAX).await;
    let answer = sent.map_err(|error| format!("the provider could not be reached ({})", error.word()))?;
    let body = serde_json::from_slice(&answer.body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&answer.body).into_owned()));
    Ok((answer.status, body))
}

/// Ends what takes too long.
pub(super) async fn in_time<T, E: From<String>>(asking: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let late = |_| Err(E::from("the provider did not answer in time".to_owned()));
    tokio::time::timeout(TIME_MAX, asking).await.unwrap_or_else(late)
}
