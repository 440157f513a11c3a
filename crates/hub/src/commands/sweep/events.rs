//! Snapshots of people in events that have happened: they go with an app, and when a user's personal
//! information is deleted.

use std::collections::HashMap;

use model::content::Metadata;
use model::event::EventDetail;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{Client, Profile, User, UserKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::rows::sweeps::{self, Sweep};
use store::rows::{events, users};
use store::{Command, Ctx, Read, Tx};

use super::steps::unless_damaged;
use crate::error::{HubError, Result};
use crate::hub::Hub;

/// Numbers of events that are looked at in one statement.
pub(super) const WINDOW_EVENTS: i64 = 5_000;
/// Windows without anything to clear that are looked at before it is noted how far the sweep has come.
const WINDOWS_MAX: usize = 20;

/// How far the sweep has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct EventsProgress {
    /// Events up to this one are done.
    pub(super) after: i64,
    /// The newest event when it began.
    pub(super) through: i64,
}

impl EventsProgress {
    /// All events up to one.
    pub(crate) fn up_to(through: i64) -> EventsProgress {
        EventsProgress { after: 0, through }
    }

    /// Of a sweep that was begun. What cannot be read is done.
    pub(super) fn of(sweep: &Sweep) -> EventsProgress {
        serde_json::from_value(sweep.detail.clone().unwrap_or_default()).unwrap_or_default()
    }
}

/// What one slice writes: details of at most a slice of events, and how far it came.
struct WriteDetails {
    sweep: i64,
    details: Vec<(i64, Option<EventDetail>)>,
    progress: EventsProgress,
}

impl Command for WriteDetails {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        for (sequence, detail) in &self.details {
            events::set_detail(tx, *sequence, detail.as_ref()).await?;
        }
        match self.progress.after >= self.progress.through {
            true => sweeps::remove(tx, self.sweep).await?,
            false => sweeps::set_detail(tx, self.sweep, &json!(self.progress)).await?,
        }
        Ok(())
    }
}

impl Hub {
    /// One slice. Events have no index by app or user: they are looked through by a reader, and the
    /// command gets what is to be changed. An event that was once written is changed by nobody else.
    pub(super) async fn clear_events(&self, sweep: Sweep) -> Result<bool> {
        let mut progress = EventsProgress::of(&sweep);
        let mut details = Vec::new();
        let mut reader = self.reader().await?;
        let mut persons = Persons { target: UserKey(sweep.target), known: HashMap::new() };
        for _ in 0..WINDOWS_MAX {
            if progress.after >= progress.through || !details.is_empty() {
                break;
            }
            let end = progress.through.min(progress.after + WINDOW_EVENTS);
            let found =
                events::with_detail(&mut reader, sweep.app, progress.after, end, SWEEP_SLICE_ROWS_MAX)
                    .await?;
            progress.after = match found.last() {
                Some((last, _)) if found.len() >= SWEEP_SLICE_ROWS_MAX => *last,
                _ => end,
            };
            for (sequence, event) in found {
                let left = match unless_damaged("events of people", sequence, event)? {
                    Some(event) => {
                        let detail = event.detail.unwrap_or_default();
                        persons.cleared(&mut reader, event.user, detail).await?
                    }
                    // Whom it is about nobody can read; of an app that is gone everybody is meant.
                    None => (persons.target == UserKey(0)).then_some(None),
                };
                details.extend(left.map(|left| (sequence, left)));
            }
        }
        drop(reader);
        let is_done = progress.after >= progress.through;
        self.run(WriteDetails { sweep: sweep.key, details, progress }).await?;
        Ok(is_done)
    }
}

/// Whose snapshots go: a user's, also under the keys of users merged into it; everybody's for 0.
struct Persons {
    target: UserKey,
    known: HashMap<UserKey, bool>,
}

impl Persons {
    /// What is left of a detail; `None` when it stays as it is.
    async fn cleared(
        &mut self,
        read: &mut Read,
        user: UserKey,
        mut detail: EventDetail,
    ) -> Result<Option<Option<EventDetail>>> {
        if self.target == UserKey(0) {
            return Ok(Some(None));
        }
        if detail.user.is_none() && detail.client.is_none() && detail.merge.is_none() {
            return Ok(None);
        }
        if !self.is_one(read, user).await? {
            return Ok(None);
        }
        forget_person(&mut detail);
        Ok(Some(Some(detail)))
    }

    async fn is_one(&mut self, read: &mut Read, user: UserKey) -> Result<bool> {
        if let Some(known) = self.known.get(&user) {
            return Ok(*known);
        }
        let is_one = users::is_part_of(read, user, self.target).await?;
        self.known.insert(user, is_one);
        Ok(is_one)
    }
}

/// The people of whom a detail keeps what was known: users and clients.
pub(super) fn persons(detail: &mut EventDetail) -> (Vec<&mut User>, Vec<&mut Client>) {
    let mut users: Vec<&mut User> = detail.user.as_deref_mut().into_iter().collect();
    let mut clients: Vec<&mut Client> = detail.client.as_deref_mut().into_iter().collect();
    if let Some(merge) = detail.merge.as_deref_mut() {
        users.extend([&mut merge.surviving, &mut merge.discarded]);
        if let Some((surviving, discarded)) = &mut merge.clients {
            clients.extend([surviving, discarded]);
        }
    }
    (users, clients)
}

/// Ids, external ids and what was done stay.
pub(super) fn forget_person(detail: &mut EventDetail) {
    if let Some(merge) = detail.merge.as_deref_mut() {
        merge.discarded_metadata = None;
    }
    let (users, clients) = persons(detail);
    for user in users {
        user.profile = Profile::default();
        user.metadata = Metadata::new();
        user.identities.clear();
    }
    for client in clients {
        (client.display_name, client.avatar_url, client.info, client.raw) = (None, None, None, None);
    }
}
