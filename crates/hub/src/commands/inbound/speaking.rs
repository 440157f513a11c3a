//! Who speaks on a channel, and in which conversation.

use model::channel::{Choice, InboundEvent};
use model::content::ActionKind;
use model::event::{CreationReason, EventDetail, EventType, Postback, Source};
use model::record::{Client, Conversation, ShownAuthor, User};
use model::time::SECOND_MS;
use serde_json::Value;
use store::rows::{clients, speakers};
use store::{Ctx, Tx};

use super::answered::Answer;
use super::ready::ReadyWhat;
use super::receive::{Arrival, Newcomer, Taken};
use crate::error::Result;
use crate::rules::arrival::{self, Known, Spoken};
use crate::rules::assignment::assign_default;
use crate::rules::beginning::{Beginning, Entered};
use crate::rules::emit::{self, EventDraft};
use crate::rules::people::display_name_on;
use crate::rules::{choices, receipts, standing};

/// A person's sign of life is written this often, at most: it costs as much as a message.
const SEEN_EVERY_MS: i64 = 60 * SECOND_MS;

/// Somebody who does something on a channel: what came, and who they are to us.
pub(super) struct Speaking<'a> {
    pub arrival: &'a Arrival<'a>,
    pub client: Client,
    pub user: User,
}

impl Arrival<'_> {
    /// The person, if they have been here before.
    pub(super) async fn known(&self, tx: &mut Tx) -> Result<Option<Speaking<'_>>> {
        let id = &self.event.person.external_id;
        let Some(found) = speakers::on_channel(tx, self.integration, id).await? else { return Ok(None) };
        Ok(found.user.map(|user| Speaking { arrival: self, client: found.client, user }))
    }

    /// Takes what makes a person known to us: they are made when they are new, and a link that waits for them
    /// is answered.
    pub(super) async fn spoken(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Taken> {
        let (integration, id) = (self.integration, &self.event.person.external_id);
        let mut known = arrival::known(tx, integration, id).await?;
        let mut needs_sweep = false;
        if known.as_ref().is_none_or(|known| known.is_awaited) {
            let answer = self.answers_link(tx, ctx).await?;
            needs_sweep = answer != Answer::None;
            match answer {
                Answer::None => {}
                Answer::Besides => known = arrival::known(tx, integration, id).await?,
                Answer::AllThatWasSaid => return Ok(Taken { needs_sweep, ..Taken::default() }),
            }
        }
        let newcomer = match known {
            Some(known) => {
                self.take_known(tx, ctx, known).await?;
                None
            }
            None => self.take_newcomer(tx, ctx).await?,
        };
        Ok(Taken { newcomer, needs_sweep })
    }

    async fn take_known(&self, tx: &mut Tx, ctx: &Ctx, known: Known) -> Result<()> {
        let Known { mut client, user, has_choices, .. } = known;
        standing::alive(tx, ctx, self.app.key, &mut client).await?;
        let is_seen = client.last_seen.is_some_and(|at| ctx.now.since(at) < SEEN_EVERY_MS);
        client.last_seen = Some(ctx.now);
        match arrival::describe(&mut client, &self.event.person) {
            true => clients::update(tx, &client).await?,
            false if is_seen => {}
            false => clients::set_seen(tx, client.key, client.status, client.last_seen).await?,
        }
        let speaking = Speaking { arrival: self, client, user };
        let choice = match has_choices {
            true => speaking.choice(tx, ctx).await?,
            false => None,
        };
        match choice {
            Some(choice) => speaking.choose(tx, ctx, choice).await,
            None => speaking.speak(tx, ctx).await,
        }
    }

    /// Gives the person if the channel did not say their name, so that it can be asked for.
    async fn take_newcomer(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Newcomer>> {
        let person = &self.event.person;
        let (client, user) = arrival::newcomer(tx, ctx, self.app, self.integration, person).await?;
        let is_nameless = client.display_name.is_none();
        Speaking { arrival: self, client, user }.speak(tx, ctx).await?;
        let (integration, external_id) = (self.integration.id, person.external_id.clone());
        Ok(is_nameless.then_some(Newcomer { integration, external_id }))
    }
}

impl Speaking<'_> {
    async fn speak(&self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        match &self.arrival.event.what {
            ReadyWhat::Message(message) => self.message(tx, ctx, message).await,
            ReadyWhat::Told(InboundEvent::Postback { payload, label }) => {
                let pressed = Postback { payload: payload.clone(), metadata: None };
                self.press(tx, ctx, pressed, label.as_deref()).await
            }
            ReadyWhat::Told(InboundEvent::Reaction { external_id, emoji: Some(emoji) }) => {
                self.reaction(tx, ctx, external_id, emoji).await
            }
            ReadyWhat::Told(InboundEvent::Referral(referral)) => self.referral(tx, ctx, referral).await,
            ReadyWhat::Edit { .. } | ReadyWhat::Echo(_) | ReadyWhat::Told(_) => Ok(()),
        }
    }

    /// The button that the person means by its number, label or key, where its payload did not come back.
    async fn choice(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Choice>> {
        let client = self.client.key;
        let found = match self.arrival.said() {
            (_, Some(key)) => choices::by_key(tx, client, &key).await?,
            (Some(text), None) => choices::by_text(tx, ctx, client, &text).await?,
            (None, None) => None,
        };
        if found.is_some() {
            choices::answered(tx, client).await?;
        }
        Ok(found)
    }

    async fn choose(&self, tx: &mut Tx, ctx: &Ctx, choice: Choice) -> Result<()> {
        if choice.kind == ActionKind::Postback {
            let pressed = Postback { payload: choice.payload, metadata: choice.metadata };
            // Buttons that mean the same may have several labels: the channel knows which one was pressed.
            let label = match &self.arrival.event.what {
                ReadyWhat::Told(InboundEvent::Postback { label: Some(label), .. }) => label,
                _ => &choice.label,
            };
            return self.press(tx, ctx, pressed, Some(label)).await;
        }
        let written = match &self.arrival.event.what {
            ReadyWhat::Message(message) => Some(message),
            _ => None,
        };
        self.chosen(tx, ctx, &choice, written).await
    }

    /// The conversation for this many messages of the person; a new one begins when there is none, or theirs
    /// is over.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        messages: usize,
        source: &Source,
    ) -> Result<Entered> {
        let found = self.found(tx, messages).await?;
        let referral = match found {
            Some(_) => None,
            None => self.arrival.came_by(),
        };
        let mut entered = self.enter_found(tx, ctx, found, CreationReason::Message, source, referral).await?;
        self.assign(tx, &mut entered).await?;
        Ok(entered)
    }

    /// The same for what is no message. With `ignore_auto_conversation_start` no conversation begins for it:
    /// `None`. There has to be room for one message, so that it can be answered.
    pub(super) async fn enter_silently(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        source: &Source,
        referral: Option<&Value>,
    ) -> Result<Option<Entered>> {
        let found = self.found(tx, 1).await?;
        if found.is_none() && self.arrival.app.settings.ignore_auto_conversation_start {
            return Ok(None);
        }
        let mut entered =
            self.enter_found(tx, ctx, found, CreationReason::StartConversation, source, referral).await?;
        self.assign(tx, &mut entered).await?;
        Ok(Some(entered))
    }

    /// The person's conversation, if this many messages more can go there.
    async fn found(&self, tx: &mut Tx, messages: usize) -> Result<Option<Spoken>> {
        let app = self.arrival.app;
        let found = arrival::conversation(tx, app, &self.client, &self.user).await?;
        Ok(found.filter(|found| arrival::goes_on(app, &found.conversation, messages)))
    }

    /// The conversation that was found or, without one, a new one that begins for this reason.
    pub(super) async fn enter_found(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        found: Option<Spoken>,
        reason: CreationReason,
        source: &Source,
        referral: Option<&Value>,
    ) -> Result<Entered> {
        let beginning = || Beginning {
            reason,
            responder: self.arrival.integration.default_responder,
            source: Some(source.clone()),
            referral: referral.cloned(),
        };
        let app = self.arrival.app.key;
        arrival::enter(tx, ctx, app, self.client.key, self.user.key, found, beginning).await
    }

    /// Gives the conversation to whoever answers first, if nobody is in control.
    async fn assign(&self, tx: &mut Tx, entered: &mut Entered) -> Result<()> {
        let Arrival { app, integration, .. } = self.arrival;
        assign_default(tx, app.key, &mut entered.conversation.state, integration.default_responder).await
    }

    /// Tells something of the person in a conversation, whose state is saved.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        kind: EventType,
        conversation: &mut Conversation,
        detail: EventDetail,
    ) -> Result<()> {
        let draft = EventDraft { user: self.user.key, detail: Some(detail), ..EventDraft::default() };
        emit::and_save(tx, ctx, kind, conversation, draft).await
    }

    /// Where it came from; `external_id` is the provider's id of a message.
    pub(super) fn source(&self, external_id: Option<&str>) -> Source {
        let Arrival { integration, event, .. } = self.arrival;
        let is_message = matches!(event.what, ReadyWhat::Message(_));
        Source {
            original_message_id: external_id.map(str::to_owned),
            original_message_time: event.at.filter(|_| is_message).map(|at| at.0),
            ..receipts::source(integration, &self.client)
        }
    }

    /// How the person is shown as the author of a message.
    pub(super) fn shown(&self) -> ShownAuthor {
        let Arrival { app, integration, .. } = self.arrival;
        let client_name = self.client.display_name.as_deref();
        let name = display_name_on(&integration.kind, &self.user, client_name, &app.settings);
        ShownAuthor {
            display_name: Some(name),
            avatar_url: self.user.profile.avatar_url.clone().or_else(|| self.client.avatar_url.clone()),
            subtype: None,
        }
    }
}
