//! Stores what one callback of a provider says: all of it, or nothing.

use std::sync::Arc;

use model::Id;
use model::channel::{Choice, Inbound, InboundEvent};
use model::event::Postback;
use model::record::{App, Client, Integration, User};
use model::time::SECOND_MS;
use serde_json::Value;
use store::rows::{clients, inbound_seen, users};
use store::{Command, Ctx, Tx};

use super::ready::{ReadyEvent, ReadyWhat, make_ready};
use super::{receipt, say};
use crate::channel::OpenChannel;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::links::Consent;
use crate::rules::words::words_for;
use crate::rules::{arrival, choices, links, moved, standing};

/// What became of a callback.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// Things that were new.
    pub taken: usize,
    /// Things that had been told before.
    pub repeated: usize,
    /// People who have come for the first time and of whom the channel has not said a name.
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

/// A person's sign of life is written this often, at most: it costs as much as a message.
const SEEN_EVERY_MS: i64 = 60 * SECOND_MS;

struct Receive {
    batches: Vec<Batch>,
}

/// Of whom something came.
pub(super) struct Arrival<'a> {
    pub app: &'a App,
    pub integration: &'a Integration,
    pub event: &'a ReadyEvent,
    /// What the callback told before it.
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

/// Whether something that a person said answers a link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    /// It does, and enters the history.
    Besides,
    /// It does, and does not enter the history: it answers a prompt.
    AllThatWasSaid,
}

/// What became of one event.
#[derive(Default)]
struct Taken {
    newcomer: Option<Newcomer>,
    needs_sweep: bool,
}

impl<'a> Arrival<'a> {
    /// How the person came, if the same callback told it and that could begin no conversation.
    pub(super) fn came_by(&self) -> Option<&'a Value> {
        let person = &self.event.person.external_id;
        let own = self.before.iter().filter(|before| before.person.external_id == *person);
        let mut referrals = own.filter_map(|before| match &before.what {
            ReadyWhat::Told(InboundEvent::Referral(referral)) => Some(referral),
            _ => None,
        });
        referrals.next_back().filter(|_| self.app.settings.ignore_auto_conversation_start)
    }

    /// Takes what has not been told before.
    async fn take_once(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Taken>> {
        let key = (self.event.serial, self.event.dedupe_key.as_str());
        match inbound_seen::note(tx, self.integration.key, key, ctx.now).await? {
            true => self.take(tx, ctx).await.map(Some),
            false => Ok(None),
        }
    }

    async fn take(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Taken> {
        if self.is_spoken() {
            return self.spoken(tx, ctx).await;
        }
        match &self.event.what {
            ReadyWhat::Edit { external_id, part } => {
                say::edit(self, tx, ctx, external_id, part).await?;
            }

            ReadyWhat::Told(InboundEvent::Delete { external_id }) => {
                say::take_back(self, tx, external_id).await?
            }
            ReadyWhat::Told(InboundEvent::Receipt { messages, state }) => {
                let needs_sweep = receipt::take(self, tx, ctx, messages, state).await?;
                return Ok(Taken { needs_sweep, ..Taken::default() });
            }
            ReadyWhat::Told(InboundEvent::Typing { starts }) => say::typing(self, tx, ctx, *starts).await?,
            ReadyWhat::Told(told @ (InboundEvent::Consent { .. } | InboundEvent::Blocked)) => {
                let id = &self.event.person.external_id;
                if let Some(mut client) = clients::by_external_id(tx, self.integration.key, id).await? {
                    let app = self.app.key;
                    match told {
                        InboundEvent::Consent { given } => {
                            standing::consent(tx, ctx, app, &mut client, *given).await?;
                        }
                        _ => standing::set_blocked(tx, ctx, app, &mut client, true).await?,
                    }
                }
            }
            ReadyWhat::Told(InboundEvent::Moved { to }) => {
                let (at, from) = ((self.app.key, self.integration.key), &self.event.person.external_id);
                let needs_sweep = moved::follow(tx, ctx, at, from, to).await?;
                return Ok(Taken { needs_sweep, ..Taken::default() });
            }
            ReadyWhat::Echo(message) => say::echo(self, tx, ctx, message).await?,
            ReadyWhat::Message(_) | ReadyWhat::Told(_) => {}
        }
        Ok(Taken::default())
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

    async fn spoken(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Taken> {
        let person = &self.event.person;
        let integration = self.integration;
        let mut known = arrival::known(tx, integration.key, &person.external_id).await?;
        let mut needs_sweep = false;
        if known.as_ref().is_none_or(|known| known.is_awaited) {
            let link = self.answers_link(tx, ctx).await?;
            needs_sweep = link != Answer::None;
            if link == Answer::AllThatWasSaid {
                return Ok(Taken { needs_sweep, ..Taken::default() });
            }
            if needs_sweep {
                known = arrival::known(tx, integration.key, &person.external_id).await?;
            }
        }
        let (is_new, has_choices) = (known.is_none(), known.as_ref().is_some_and(|known| known.has_choices));
        let (mut client, user) = match known {
            Some(known) => (known.client, known.user),
            None => arrival::newcomer(tx, ctx, self.app, integration, person).await?,
        };
        if !is_new {
            standing::alive(tx, ctx, self.app.key, &mut client).await?;
            let is_seen = client.last_seen.is_some_and(|at| ctx.now.since(at) < SEEN_EVERY_MS);
            client.last_seen = Some(ctx.now);
            match arrival::describe(&mut client, person) {
                true => clients::update(tx, &client).await?,
                false if is_seen => {}
                false => clients::set_seen(tx, client.key, client.status, client.last_seen).await?,
            }
        }
        let choice = match has_choices {
            true => self.choice(tx, ctx, &client).await?,
            false => None,
        };
        self.say(tx, ctx, &client, &user, choice).await?;
        let is_nameless = is_new && client.display_name.is_none();
        let newcomer = is_nameless
            .then(|| Newcomer { integration: self.integration.id, external_id: person.external_id.clone() });
        Ok(Taken { newcomer, needs_sweep })
    }

    async fn say(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        client: &Client,
        user: &User,
        choice: Option<Choice>,
    ) -> Result<()> {
        if let Some(choice) = choice {
            return say::choice(self, tx, ctx, (client, user), &choice).await;
        }
        match &self.event.what {
            ReadyWhat::Message(message) => {
                say::message(self, tx, ctx, client, user, message).await?;
            }
            ReadyWhat::Told(InboundEvent::Postback { payload, label }) => {
                let pressed = Postback { payload: payload.clone(), metadata: None };
                say::postback(self, tx, ctx, (client, user), pressed, label.as_deref()).await?;
            }
            ReadyWhat::Told(InboundEvent::Reaction { external_id, emoji: Some(emoji) }) => {
                say::reaction(self, tx, ctx, (client, user), external_id, emoji).await?;
            }
            ReadyWhat::Told(InboundEvent::Referral(referral)) => {
                say::referral(self, tx, ctx, client, user, referral).await?;
            }
            ReadyWhat::Edit { .. } | ReadyWhat::Echo(_) | ReadyWhat::Told(_) => {}
        }
        Ok(())
    }

    /// The button that the person means, if what came back is not its payload.
    async fn choice(&self, tx: &mut Tx, ctx: &Ctx, client: &Client) -> Result<Option<Choice>> {
        let found = match self.said() {
            (_, Some(key)) => choices::by_key(tx, client.key, &key).await?,
            (Some(text), None) => choices::by_text(tx, ctx, client.key, &text).await?,
            (None, None) => None,
        };
        if found.is_some() {
            choices::answered(tx, client.key).await?;
        }
        Ok(found)
    }

    /// A link that waits for this person is confirmed, or refused.
    async fn answers_link(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Answer> {
        let id = &self.event.person.external_id;
        let Some(pending) = clients::pending_for(tx, self.integration.key, id).await? else {
            return Ok(Answer::None);
        };
        let Some(link) = pending.link.clone() else { return Ok(Answer::None) };
        // Nobody becomes one with a user whose removal has begun.
        if !users::is_living(tx, pending.user).await? {
            return Ok(Answer::None);
        }
        let (text, mut payload) = self.said();
        if let Some(key) = &payload
            && let Some(choice) = choices::by_key(tx, pending.key, key).await?
        {
            payload = Some(choice.payload);
        }
        if payload.is_none()
            && let Some(text) = &text
        {
            payload = choices::by_text(tx, ctx, pending.key, text).await?.map(|choice| choice.payload);
        }
        let user = users::by_key(tx, pending.user).await?;
        let words = words_for(&self.app.settings, user.as_ref());
        let answer = links::consent(&link, words, text.as_deref(), payload.as_deref());
        match answer {
            Consent::Unclear => return Ok(Answer::None),
            Consent::Refused => links::refuse(tx, ctx, self.app, pending).await?,
            Consent::Given => {
                links::confirm(tx, ctx, self.app, pending).await?;
            }
        }
        let is_all = answer == Consent::Refused || link.confirmation == "prompt";
        Ok(if is_all { Answer::AllThatWasSaid } else { Answer::Besides })
    }

    /// The text and the payload of what the person said.
    fn said(&self) -> (Option<String>, Option<String>) {
        match &self.event.what {
            ReadyWhat::Message(message) => match message.parts.first().map(|part| &part.content) {
                Some(model::content::Content::Text(text)) => (text.text.clone(), text.payload.clone()),
                _ => (None, None),
            },
            ReadyWhat::Told(InboundEvent::Postback { payload, .. }) => (None, Some(payload.clone())),
            _ => (None, None),
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
