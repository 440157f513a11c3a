//! Scripts: one JSON object a line, played in order.

use std::time::Duration;

use serde::Deserialize;

use crate::chat::{ChatKey, Side};
use crate::control::Act;
use crate::error::SimError;
use crate::fault::Fault;
use crate::shared::Handle;

const WAIT_MAX: Duration = Duration::from_secs(60);

/// A line of a script.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Line {
    /// A customer does something.
    Act(Act),
    /// A fault is armed.
    Fault(Fault),
    /// All faults go, or stay.
    Heal(bool),
    /// So many milliseconds pass.
    PauseMs(u64),
    /// The business' next answer with this text in it is waited for.
    Expect(Expected),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expected {
    customer: String,
    text: String,
}

pub(crate) async fn play(shared: &Handle, text: &str) -> Result<(), SimError> {
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let named = |error: String| SimError::Unreadable(format!("line {}: {error}", at + 1));
        let line: Line = serde_json::from_str(line).map_err(|error| named(error.to_string()))?;
        step(shared, line).await.map_err(|error| named(error.to_string()))?;
    }
    Ok(())
}

async fn step(shared: &Handle, line: Line) -> Result<(), SimError> {
    match line {
        Line::Act(act) => act.carry_out(shared).await.map(drop),
        Line::Fault(fault) => {
            shared.with(|world| world.faults.push(fault));
            Ok(())
        }
        Line::Heal(all) => {
            shared.with(|world| world.faults.retain(|_| !all));
            Ok(())
        }
        Line::PauseMs(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Ok(())
        }
        Line::Expect(expected) => expect(shared, &expected).await,
    }
}

async fn expect(shared: &Handle, expected: &Expected) -> Result<(), SimError> {
    let mut changes = shared.changes();
    let waiting = async {
        loop {
            changes.mark_unchanged();
            if shared.look(|world| has_come(world, expected)) {
                return;
            }
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let late = |_| SimError::TimedOut(60_000, format!("{:?} to {}", expected.text, expected.customer));
    tokio::time::timeout(WAIT_MAX, waiting).await.map_err(late)
}

/// Whether the business has written this to the customer since the customer last wrote.
fn has_come(world: &crate::world::World, expected: &Expected) -> bool {
    let of_customer = |key: &ChatKey| key.customer == expected.customer;
    let chats = world.chats.iter().filter(|(key, _)| of_customer(key));
    chats.into_iter().any(|(_, chat)| {
        let since = chat.bubbles.iter().rev().take_while(|bubble| bubble.side == Side::Business);
        since.into_iter().any(|bubble| bubble.text.contains(&expected.text))
    })
}
