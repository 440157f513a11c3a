//! What events have kept of users that were deleted. Events that tell the end show the user once more to
//! whoever asked for it; so each is cleared when nobody waits for it any more, and at the latest when
//! events are forgotten.

use std::collections::{HashMap, HashSet};

use model::Millis;
use model::event::EventDetail;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, UserKey};
use serde_json::json;
use store::rows::events::{self, Event};
use store::rows::sweeps::{self, Sweep, SweepKind};
use store::rows::{deliveries, users};
use store::{Command, Ctx, Read, Tx};

use super::events::{EventsProgress, WINDOW_EVENTS, forget_person, persons};
use super::steps::unless_damaged;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::outbox::Lane;

/// The step that forgets what events have kept of users who are gone.
pub(super) const DEPARTED: &str = "events of users who are gone";

/// Removes the row of a user, and has what events have kept of it forgotten.
pub(crate) async fn remove_row(tx: &mut Tx, ctx: &Ctx, app: AppKey, user: UserKey) -> Result<()> {
    users::remove(tx, user).await?;
    let rest = json!(EventsProgress::up_to(events::newest(tx).await?));
    sweeps::insert(tx, SweepKind::Departed, user.0, app, Some(&rest), ctx.now).await?;
    Ok(())
}

/// Details of at most a slice of events.
struct WriteDetails(Vec<(i64, EventDetail)>);

impl Command for WriteDetails {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for (sequence, detail) in &self.0 {
            events::set_detail(tx, *sequence, Some(detail)).await?;
        }
        Ok(())
    }
}

/// Users who are forgotten, and those of whom the events behind a number are looked at again.
struct NoteProgress {
    done: Vec<i64>,
    later: Vec<(i64, EventsProgress)>,
}

impl Command for NoteProgress {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for key in &self.done {
            sweeps::remove(tx, *key).await?;
        }
        for (key, progress) in &self.later {
            sweeps::set_detail(tx, *key, &json!(progress)).await?;
        }
        Ok(())
    }
}

impl Hub {
    /// Clears what can be cleared now. Events have no index by user: one look through the events of an app
    /// serves all of its users.
    pub(super) async fn forget_departed(&self) -> Result<()> {
        let mut after = 0;
        loop {
            let found = {
                let reader = &mut self.reader().await?;
                sweeps::departed(reader, after, SWEEP_SLICE_ROWS_MAX).await?
            };
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = *last;
            let mut of_app: HashMap<AppKey, Vec<Sweep>> = HashMap::new();
            for (key, sweep) in found {
                let Some(sweep) = unless_damaged(DEPARTED, key, sweep)? else { continue };
                of_app.entry(sweep.app).or_default().push(sweep);
            }
            for (app, sweeps) in of_app {
                unless_damaged(DEPARTED, app.0, self.forget_departed_of(app, &sweeps).await)?;
            }
        }
    }

    async fn forget_departed_of(&self, app: AppKey, sweeps: &[Sweep]) -> Result<()> {
        let begun: Vec<(i64, EventsProgress)> =
            sweeps.iter().map(|sweep| (sweep.key, EventsProgress::of(sweep))).collect();
        let mut at = begun.iter().map(|(_, progress)| progress.after).min().unwrap_or(0);
        let through = begun.iter().map(|(_, progress)| progress.through).max().unwrap_or(0);
        let mut departed = Departed {
            users: sweeps.iter().map(|sweep| UserKey(sweep.target)).collect(),
            kept_since: self.now().plus(-self.settings().event_retention_ms),
            awaited: None,
        };
        while at < through {
            let end = through.min(at + WINDOW_EVENTS);
            let mut reader = self.reader().await?;
            let found = events::with_detail(&mut reader, app, at, end, SWEEP_SLICE_ROWS_MAX).await?;
            at = match found.last() {
                Some((last, _)) if found.len() >= SWEEP_SLICE_ROWS_MAX => *last,
                _ => end,
            };
            let mut details = Vec::new();
            for (sequence, event) in found {
                let Some(event) = unless_damaged(DEPARTED, sequence, event)? else { continue };
                details.extend(departed.left_of(&mut reader, event).await?.map(|left| (sequence, left)));
            }
            drop(reader);
            if !details.is_empty() {
                self.run(WriteDetails(details)).await?;
            }
        }
        self.note_departed(begun, departed.awaited).await
    }

    /// `awaited` is the first event that somebody waits for.
    async fn note_departed(&self, begun: Vec<(i64, EventsProgress)>, awaited: Option<i64>) -> Result<()> {
        let mut note = NoteProgress { done: Vec::new(), later: Vec::new() };
        for (key, progress) in begun {
            match awaited.filter(|first| *first <= progress.through) {
                None => note.done.push(key),
                Some(first) if first - 1 > progress.after => {
                    note.later.push((key, EventsProgress { after: first - 1, ..progress }));
                }
                Some(_) => {}
            }
        }
        match note.done.is_empty() && note.later.is_empty() {
            true => Ok(()),
            false => self.run(note).await,
        }
    }
}

/// Users of one app who are to be forgotten.
struct Departed {
    users: HashSet<UserKey>,
    /// Who waits for an event from before this moment gets it without what it kept.
    kept_since: Millis,
    /// The first event that somebody waits for.
    awaited: Option<i64>,
}

impl Departed {
    /// What is to be left of an event's detail now; `None` when it stays as it is.
    async fn left_of(&mut self, read: &mut Read, mut event: Event) -> Result<Option<EventDetail>> {
        let Some(mut detail) = event.detail.take() else { return Ok(None) };
        if !self.are_in(&event, &mut detail) {
            return Ok(None);
        }
        let before = detail.clone();
        forget(&mut detail);
        if detail == before {
            return Ok(None);
        }
        let lane = Lane::of(event.conversation, event.user);
        if event.at >= self.kept_since
            && deliveries::is_awaited(read, event.app, event.kind, lane, event.sequence).await?
        {
            self.awaited = self.awaited.or(Some(event.sequence));
            return Ok(None);
        }
        Ok(Some(detail))
    }

    fn are_in(&self, event: &Event, detail: &mut EventDetail) -> bool {
        let (kept_users, kept_clients) = persons(detail);
        self.users.contains(&event.user)
            || kept_users.iter().any(|user| self.users.contains(&user.key))
            || kept_clients.iter().any(|client| self.users.contains(&client.user))
    }
}

/// Our ids and what was done stay.
fn forget(detail: &mut EventDetail) {
    forget_person(detail);
    let (users, clients) = persons(detail);
    for user in users {
        (user.external_id, user.zendesk_id) = (None, None);
    }
    for client in clients {
        (client.external_id, client.link) = (None, None);
    }
    (detail.referral, detail.passthrough) = (None, None);
}

#[cfg(test)]
#[path = "departed_tests.rs"]
mod tests;
