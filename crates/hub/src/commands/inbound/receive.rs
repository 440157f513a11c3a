//! Stores what one callback of a provider says: all of it, or nothing.

use std::sync::Arc;

use model::Id;
use model::channel::{Inbound, InboundEvent};
use model::record::{App, Integration};
use serde_json::Value;
use store::rows::{clients, inbound_seen};
use store::{Command, Ctx, Tx};

use super::ready::{ReadyEvent, ReadyWhat, make_ready};
use super::receipt;
use crate::channel::OpenChannel;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::{moved, standing};

/// What became of a callback.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// Things that were new.
    pub taken: usize,
    /// Things that had been told before.
    pub repeated: usize,
    /// People who came for the first time and whose name the channel did not say.
    pub newcomers: Vec<Newcomer>,
    /// Whether media are to be fetched.
    has_media: bool,
    /// Whether the sweeper has something to do: rows of users who have become one, receipts that were left.
    needs_sweep: bool,
}

/// Somebody who has come for the first time, without a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Newcomer {
    /// The integration through which they came.
    pub integration: Id,
    /// The channel's id of the person.
    pub external_id: String,
}

/// What came for one integration.
struct Batch {
    app: Arc<App>,
    channel: Arc<OpenChannel>,
    events: Vec<ReadyEvent>,
}

struct Receive {
    batches: Vec<Batch>,
}

/// One thing that a person did on a channel, and where.
pub(super) struct Arrival<'a> {
    pub app: &'a App,
    pub integration: &'a Integration,
    pub event: &'a ReadyEvent,
    /// What the same callback told in front of it.
    pub before: &'a [ReadyEvent],
}

impl Command for Receive {
    type Out = Received;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Received> {
        let mut received = Received::default();
        for Batch { app, channel, events } in &self.batches {
            for (at, event) in events.iter().enumerate() {
                let before = events.get(..at).unwrap_or_default();
                let arrival = Arrival { app, integration: &channel.integration, event, before };
                let Some(taken) = arrival.take_once(tx, ctx).await? else {
                    received.repeated += 1;
                    continue;
                };
                received.taken += 1;
                received.newcomers.extend(taken.newcomer);
                received.has_media |= event.has_media();
                received.needs_sweep |= taken.needs_sweep;
            }
        }
        Ok(received)
    }
}

/// What became of one event.
#[derive(Default)]
pub(super) struct Taken {
    pub newcomer: Option<Newcomer>,
    pub needs_sweep: bool,
}

impl<'a> Arrival<'a> {
    /// How the person came, if the same callback told it before and that alone was not to begin a
    /// conversation.
    pub(super) fn came_by(&self) -> Option<&'a Value> {
        let person = &self.event.person.external_id;
        let own = self.before.iter().filter(|before| before.person.external_id == *person);
        let mut referrals = own.filter_map(|before| match &before.what {
            ReadyWhat::Told(InboundEvent::Referral(referral)) => Some(referral),
            _ => None,
        });
        referrals.next_back().filter(|_| self.app.settings.ignore_auto_conversation_start)
    }

    /// Takes the event; `None` when it was told before.
    async fn take_once(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Taken>> {
        let ReadyEvent { serial, key, .. } = *self.event;
        match inbound_seen::note(tx, self.integration.key, serial, key, ctx.now).await? {
            true => self.take(tx, ctx).await.map(Some),
            false => Ok(None),
        }
    }

    async fn take(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Taken> {
        if self.is_spoken() {
            return self.spoken(tx, ctx).await;
        }
        match &self.event.what {
            ReadyWhat::Edit { external_id, part } => self.edit(tx, ctx, external_id, part).await?,
            ReadyWhat::Echo(message) => self.echo(tx, ctx, message).await?,
            ReadyWhat::Told(told) => return self.take_told(tx, ctx, told).await,
            ReadyWhat::Message(_) => {}
        }
        Ok(Taken::default())
    }

    /// Takes what makes nobody known to us: receipts, typing, consent and the like.
    async fn take_told(&self, tx: &mut Tx, ctx: &Ctx, told: &InboundEvent) -> Result<Taken> {
        let mut needs_sweep = false;
        match told {
            InboundEvent::Delete { external_id } => self.take_back(tx, external_id).await?,
            InboundEvent::Receipt { messages, state } => {
                needs_sweep = receipt::take(self, tx, ctx, messages, state).await?;
            }
            InboundEvent::Typing { starts } => self.typing(tx, ctx, *starts).await?,
            InboundEvent::Consent { .. } | InboundEvent::Blocked => self.take_standing(tx, ctx, told).await?,
            InboundEvent::Moved { to } => {
                let (at, from) = ((self.app.key, self.integration.key), &self.event.person.external_id);
                needs_sweep = moved::follow(tx, ctx, at, from, to).await?;
            }
            _ => {}
        }
        Ok(Taken { needs_sweep, ..Taken::default() })
    }

    /// The person wants to hear nothing more, wants to hear from us again, or has blocked us.
    async fn take_standing(&self, tx: &mut Tx, ctx: &Ctx, told: &InboundEvent) -> Result<()> {
        let (app, id) = (self.app.key, &self.event.person.external_id);
        let found = clients::by_external_id(tx, self.integration.key, id).await?;
        let Some(mut client) = found else { return Ok(()) };
        match told {
            InboundEvent::Consent { given } => standing::consent(tx, ctx, app, &mut client, *given).await,
            _ => standing::set_blocked(tx, ctx, app, &mut client, true).await,
        }
    }

    /// Whether the person does something that makes them known to us.
    fn is_spoken(&self) -> bool {
        match &self.event.what {
            ReadyWhat::Message(_) => true,
            ReadyWhat::Edit { .. } | ReadyWhat::Echo(_) => false,
            ReadyWhat::Told(told) => match told {
                InboundEvent::Postback { .. } | InboundEvent::Referral(_) => true,
                InboundEvent::Reaction { emoji, .. } => emoji.is_some(),
                _ => false,
            },
        }
    }
}

impl Hub {
    /// Stores everything that one callback of a provider says, for one or several integrations. What
    /// was told before is left out. Durable when this returns.
    ///
    /// # Errors
    /// `NotFound` when an app is gone; the store's.
    pub async fn receive(&self, told: Vec<(Arc<OpenChannel>, Vec<Inbound>)>) -> Result<Received> {
        let mut batches = Vec::with_capacity(told.len());
        for (channel, events) in told {
            let app = self.directory().app_by_key(self, channel.integration.app).await?;
            let app = app.or_not_found(Thing::App)?;
            let events = events.into_iter().map(|event| make_ready(&app, event)).collect();
            batches.push(Batch { app, channel, events });
        }
        let received = self.run(Receive { batches }).await?;
        if received.has_media {
            self.media_waits();
        }
        if received.needs_sweep {
            self.wake_sweeper();
        }
        Ok(received)
    }
}
