//! Forgets events that everybody has received and that were kept long enough, and then rows of deleted
//! conversations that none of them tells of.

use model::Millis;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::ConversationKey;
use store::rows::{deliveries, sweeps};
use store::{Command, Ctx, Tx};

use super::conversation::remove_rows;
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Events that are looked at in one statement.
const WINDOW_EVENTS: usize = 5_000;
/// Windows of events of the future that are looked through for an old one behind them.
const FUTURE_WINDOWS_MAX: usize = 100;

/// Events that were kept long enough and that nobody has still to get: once that is so, it stays so.
struct ForgetEvents(Vec<i64>);

impl Command for ForgetEvents {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for event in &self.0 {
            deliveries::forget_event(tx, *event).await?;
        }
        Ok(())
    }
}

/// Rows of deleted conversations that no event tells of any more. Gives whether all of them are gone.
struct RemoveConversations(Vec<ConversationKey>);

impl Command for RemoveConversations {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let mut left = SWEEP_SLICE_ROWS_MAX;
        for key in &self.0 {
            // Something may have been told meanwhile.
            if sweeps::is_untold(tx, *key).await? {
                remove_rows(tx, *key, &mut left).await?;
            }
            if left == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Hub {
    /// Forgets events that were kept long enough, and then conversations that none of them tells of.
    pub(super) async fn expire_settled(&self) -> Result<()> {
        let retention_ms = self.settings().event_retention_ms;
        self.expire_events(self.now().plus(-retention_ms)).await?;
        let mut after = Some((Millis(i64::MIN), ConversationKey(0)));
        while let Some(from) = after {
            let before = self.now().plus(-retention_ms);
            let mut reader = self.reader().await?;
            let found =
                sweeps::deleted_conversations(&mut reader, before, from, SWEEP_SLICE_ROWS_MAX).await?;
            drop(reader);
            let last = found.last().filter(|_| found.len() >= SWEEP_SLICE_ROWS_MAX);
            after = last.map(|last| (last.deleted_at, last.key));
            let untold: Vec<_> = found.iter().filter(|found| found.untold).map(|found| found.key).collect();
            let remove = |untold: &[ConversationKey]| RemoveConversations(untold.to_vec());
            self.run_for_each("deleted conversations", &untold, |key| key.0, remove).await?;
        }
        Ok(())
    }

    /// Forgets events from before a moment, as far as each app's own receivers have come.
    async fn expire_events(&self, before: Millis) -> Result<()> {
        let through = self.last_event_from(before).await?;
        let (mut after, mut first_awaited) = (0, None);
        while after < through {
            let mut reader = self.reader().await?;
            let mut window = deliveries::leaving(&mut reader, after, WINDOW_EVENTS).await?;
            let first_awaited = match &first_awaited {
                Some(known) => known,
                None => first_awaited.insert(deliveries::first_awaited(&mut reader).await?),
            };
            drop(reader);
            let Some(last) = window.last() else { return Ok(()) };
            after = last.event;
            window.retain(|leaving| {
                let first = first_awaited.get(&leaving.app);
                leaving.event <= through && first.is_none_or(|first| leaving.event < *first)
            });
            for leaving in window.chunks(SWEEP_SLICE_ROWS_MAX) {
                self.run(ForgetEvents(leaving.iter().map(|leaving| leaving.event).collect())).await?;
            }
        }
        Ok(())
    }

    /// The last event from before a moment, in front of the first from between then and now; 0 for none. An
    /// event of the future was written while the clock was ahead: it is as old as what stands behind it.
    async fn last_event_from(&self, before: Millis) -> Result<i64> {
        let (mut after, mut found, mut of_future) = (0, 0, 0);
        loop {
            let now = self.now();
            let window = deliveries::leaving(&mut *self.reader().await?, after, WINDOW_EVENTS).await?;
            let young = window.iter().position(|leaving| leaving.at >= before && leaving.at <= now);
            let looked_at = &window[..young.unwrap_or(window.len())];
            match looked_at.iter().rfind(|leaving| leaving.at < before) {
                Some(old) => (found, of_future) = (old.event, 0),
                None => of_future += 1,
            }
            match window.last() {
                Some(last) if young.is_none() && of_future < FUTURE_WINDOWS_MAX => after = last.event,
                _ => return Ok(found),
            }
        }
    }
}

#[cfg(test)]
#[path = "settled_tests.rs"]
mod tests;
