//! Either side of a conversation says something through an endpoint.

use std::borrow::Cow;
use std::sync::Arc;

use model::content::Content;
use model::event::{ActivityKind, EventDetail, EventType, Signal};
use model::masking::mask_value;
use model::record::{
    App, AuthorSubtype, Client, Conversation, Endpoint, Integration, MessageExtra, ParticipantKey, Role,
    ShownAuthor, UserKey, VisitToken,
};
use model::switchboard::{Board, Control, Seat};
use model::{Id, Millis};
use serde_json::Value;
use store::rows::speakers::{self, Speaker as Customer};
use store::rows::{conversations, participants};
use store::{Command, Ctx, Tx};

use super::{answering, answering_board, side, signal};
use crate::access::Grant;
use crate::commands::message::{AuthorDraft, MessageDraft, ReadyContent};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::append::{self, Appended};
use crate::rules::assignment::assign_default;
use crate::rules::emit::{self, EventDraft};
use crate::rules::people::display_name;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The customer of the conversation.
    Customer,
    /// The customer on this integration.
    CustomerOn(Id),
    /// The customer for whom a visit speaks.
    Visitor(VisitToken),
    /// The agent or bot behind this integration.
    Endpoint(Id),
}

/// What is said.
#[derive(Clone, Debug)]
pub struct SayDraft {
    /// By whom.
    pub speaker: Speaker,
    /// In the core's form.
    pub content: Content,
    /// As the speaker wrote it, where the content does not say all of it.
    pub original: Option<Value>,
    /// The speaker's own id of it.
    pub external_id: Option<String>,
}

/// Something that is said or signalled, ready for the command.
pub(super) enum Ready {
    /// A message, which is kept.
    Message(Box<ReadyContent>),
    /// Reading or typing.
    Activity(ActivityKind, Option<String>),
    /// Something that is handed over and not kept.
    Signal(Box<ReadySignal>),
}

/// A signal that is ready for the command.
pub(super) struct ReadySignal {
    pub signal: Signal,
    /// Whether the platform says it by itself and not the speaker.
    pub by_platform: bool,
    pub external_id: Option<String>,
}

pub(super) struct Say {
    pub app: Arc<App>,
    pub conversation: Id,
    pub speaker: Speaker,
    /// In this order; at least one.
    pub ready: Vec<Ready>,
}

/// What was said.
#[derive(Clone, Debug)]
pub struct Said {
    /// Through which integration.
    pub integration: Id,
    /// When; the first thing, if there were several.
    pub at: Millis,
    /// The id of the first message that it has left, if it has left one.
    pub message: Option<Id>,
}

/// Who a message is by, as a row needs it.
type Author = (Option<(UserKey, ParticipantKey)>, ShownAuthor);

impl Command for Say {
    type Out = Said;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Said> {
        let found = conversations::by_id(tx, self.app.key, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        let customers = speakers::all_of(tx, conversation.key).await?;
        let (author, integration) = match self.speaker {
            Speaker::Endpoint(id) => self.business(tx, ctx, &mut conversation, &customers, id).await?,
            _ => self.customer(tx, ctx, &mut conversation, customers).await?,
        };
        let mut said = Said { integration, at: ctx.now, message: None };
        for (number, ready) in self.ready.iter().enumerate() {
            let message = self.one(tx, ctx, &mut conversation, (&author, integration), ready).await?;
            if number == 0 {
                said.at = conversation.state.last_moment.unwrap_or(ctx.now);
            }
            said.message = said.message.or(message);
        }
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok(said)
    }
}

impl Say {
    async fn one(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        ((author, shown), integration): (&Author, Id),
        ready: &Ready,
    ) -> Result<Option<Id>> {
        match ready {
            Ready::Message(ready) => {
                append::check_room(conversation)?;
                let sender = Some(integration);
                let extra = match ready.extra.sender == sender {
                    true => Cow::Borrowed(&ready.extra),
                    false => Cow::Owned(MessageExtra { sender, ..ready.extra.clone() }),
                };
                let new = Appended {
                    author: *author,
                    shown: shown.clone(),
                    kind: ready.kind,
                    content: &ready.content,
                    metadata: None,
                    extra: &extra,
                    attachments: &ready.attachments,
                    original: None,
                };
                append::add(tx, ctx, &self.app, conversation, &new).await.map(|placed| Some(placed.id))
            }
            Ready::Activity(kind, external_id) => {
                let external_id = external_id.clone();
                signal::act(tx, ctx, conversation, (*author, integration), *kind, external_id).await?;
                Ok(None)
            }
            Ready::Signal(ready) => {
                let sender = (!ready.by_platform).then_some(integration);
                signal::hand_over(tx, ctx, conversation, sender, ready).await?;
                Ok(None)
            }
        }
    }

    fn speaks(&self) -> bool {
        self.ready.iter().any(|ready| matches!(ready, Ready::Message(_)))
    }

    /// The business speaks; gives as who, and through which integration.
    async fn business(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        customers: &[Customer],
        id: Id,
    ) -> Result<(Author, Id)> {
        let clients: Vec<Client> = customers.iter().map(|customer| customer.client.clone()).collect();
        let is_reached = side::is_reached(tx, &self.app, &clients).await?;
        let board = answering_board(tx, &self.app).await?;
        let (integration, endpoint) = answering(tx, &self.app, id).await?;
        if !is_reached || conversation.state.closed_at.is_some() {
            return Err(HubError::Closed);
        }
        if self.speaks() {
            self.take_over(tx, ctx, &board, conversation, &integration, &endpoint).await?;
        }
        let shown = ShownAuthor {
            display_name: integration.name.clone(),
            avatar_url: None,
            subtype: subtype_of(endpoint.role),
        };
        Ok(((None, shown), integration.id))
    }

    /// A customer speaks; gives as who, and through which integration. The channel on which they speak is
    /// the one on which they are answered.
    async fn customer(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        conversation: &mut Conversation,
        customers: Vec<Customer>,
    ) -> Result<(Author, Id)> {
        let mut speaking = side::speaking(tx, &self.app, customers, self.speaker).await?;
        answering_board(tx, &self.app).await?;
        let author = self.author(tx, conversation, &mut speaking.customer).await?;
        if self.speaks() {
            let responder = speaking.through.default_responder;
            assign_default(tx, self.app.key, &mut conversation.state, responder).await?;
            if !speaking.is_primary {
                let (place, client) = (speaking.customer.place, speaking.customer.client.key);
                participants::associate(tx, place, client, ctx.now).await?;
            }
        }
        Ok((author, speaking.through.id))
    }

    async fn author(&self, tx: &mut Tx, conversation: &Conversation, by: &mut Customer) -> Result<Author> {
        // The conversation goes with the user whose removal has begun.
        let user = by.user(tx).await?.or_not_found(Thing::Conversation)?;
        let place = match by.place_of == user.key {
            true => Some(by.place),
            false => participants::key_of(tx, conversation.key, user.key).await?,
        };
        let place = place.or_not_found(Thing::Participant)?;
        let client = &by.client;
        let shown = ShownAuthor {
            display_name: Some(display_name(&user, client.display_name.as_deref(), &self.app.settings)),
            avatar_url: user.profile.avatar_url.or_else(|| client.avatar_url.clone()),
            ..ShownAuthor::default()
        };
        Ok((Some((user.key, place)), shown))
    }

    /// An agent who speaks takes control, whoever has it; a bot only where nobody has, or where it was
    /// offered.
    async fn take_over(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        board: &Board,
        conversation: &mut Conversation,
        integration: &Integration,
        endpoint: &Endpoint,
    ) -> Result<()> {
        let previous = board.seated(conversation.state.control);
        let Some(seat) = board.seat_of(integration.key.0) else { return Ok(()) };
        let is_offered = previous.pending() == Some(seat);
        let takes = endpoint.role == Role::Agent || previous.active().is_none() || is_offered;
        if !board.enabled || previous.active() == Some(seat) || !takes {
            return Ok(());
        }
        let control = Control::new(Some(seat), None);
        conversation.state.control = control.map_err(|error| HubError::invalid(error.to_string()))?;
        let detail = EventDetail {
            previous_active: Some(Seat::to_stored(previous.active())),
            previous_pending: Some(Seat::to_stored(previous.pending())),
            caller: Some(seat.0),
            target: Some(seat.0),
            ..EventDetail::default()
        };
        let draft = EventDraft { detail: Some(detail), ..EventDraft::default() };
        let kind = if is_offered { EventType::AcceptControl } else { EventType::PassControl };
        emit::in_conversation(tx, ctx, kind, conversation, draft).await
    }
}

/// What who answers is besides.
fn subtype_of(role: Role) -> Option<AuthorSubtype> {
    match role {
        Role::Agent => Some(AuthorSubtype::Agent),
        Role::Bot => Some(AuthorSubtype::Bot),
        Role::Customer | Role::Listener => None,
    }
}

impl Hub {
    /// What a speaker says, ready for the command.
    pub(super) async fn ready_to_say(&self, app: &App, draft: SayDraft) -> Result<ReadyContent> {
        let SayDraft { speaker, content, mut original, external_id } = draft;
        let message = MessageDraft {
            author: AuthorDraft::Business(ShownAuthor::default()),
            content,
            metadata: None,
            destination: None,
            overrides: None,
            schema: None,
        };
        let (_, mut ready) = self.make_ready(app, message).await?;
        if app.settings.mask_credit_card_numbers {
            original.iter_mut().for_each(mask_value);
        }
        ready.extra.original = original;
        ready.extra.external_id = external_id;
        ready.extra.sender = match speaker {
            Speaker::Endpoint(id) | Speaker::CustomerOn(id) => Some(id),
            // Which integration it is, the command finds.
            Speaker::Customer | Speaker::Visitor(_) => None,
        };
        Ok(ready)
    }

    /// Adds a message that came through an endpoint. Durable when this returns.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation, a customer who does not take part in it, or an integration
    /// that does not answer; `Paused`, `Terminated`, `NobodyAnswers`, `Closed`, `Full`.
    pub async fn say(&self, grant: &Grant, conversation: Id, draft: SayDraft) -> Result<Said> {
        let speaker = draft.speaker;
        let ready = self.ready_to_say(&grant.app, draft).await?;
        let ready = vec![Ready::Message(Box::new(ready))];
        self.run(Say { app: grant.app.clone(), conversation, speaker, ready }).await
    }
}
