//! Either side of a conversation says something through an endpoint.

use std::borrow::Cow;
use std::sync::Arc;

use model::Id;
use model::content::Content;
use model::event::{EventDetail, EventType};
use model::masking::mask_cards;
use model::record::{
    App, Conversation, Endpoint, Integration, Message, ParticipantKey, Role, ShownAuthor, UserKey,
};
use model::switchboard::{Board, Control, Seat};
use serde_json::Value;
use store::rows::{conversations, endpoints, integrations as integration_rows, participants, users};
use store::{Command, Ctx, Tx};

use super::{answering_board, check_awake};
use crate::access::Grant;
use crate::commands::message::{AuthorDraft, MessageDraft, ReadyContent};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::exchange::customer_of;
use crate::hub::Hub;
use crate::rules::append::{self, Appended};
use crate::rules::assignment::assign_default;
use crate::rules::emit::{self, EventDraft};
use crate::rules::integrations;
use crate::rules::people::display_name;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The customer of the conversation.
    Customer,
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

struct Say {
    app: Arc<App>,
    conversation: Id,
    speaker: Speaker,
    ready: ReadyContent,
}

/// Who a message is by, as a row needs it.
type Author = (Option<(UserKey, ParticipantKey)>, ShownAuthor);

impl Command for Say {
    type Out = (Message, Id);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(Message, Id)> {
        let found = conversations::by_id(tx, self.app.key, self.conversation).await?;
        let mut conversation = found.or_not_found(Thing::Conversation)?;
        append::check_room(&conversation)?;
        let customer = customer_of(tx, conversation.key).await?.or_not_found(Thing::Conversation)?;
        let through = customer.integration.or_not_found(Thing::Integration)?;
        let through = integration_rows::by_key(tx, through).await?.or_not_found(Thing::Integration)?;
        check_awake(&self.app, &through)?;
        let board = answering_board(tx, &self.app).await?;
        let ((author, shown), integration) = match self.speaker {
            Speaker::Customer => {
                let author = self.customer(tx, &conversation, customer.user).await?;
                let responder = through.default_responder;
                assign_default(tx, self.app.key, &mut conversation.state, responder).await?;
                (author, through.id)
            }
            Speaker::Endpoint(id) => {
                let (integration, endpoint) = self.answering(tx, id).await?;
                if conversation.state.closed_at.is_some() {
                    return Err(HubError::Closed);
                }
                self.take_over(tx, ctx, &board, &mut conversation, &integration, &endpoint).await?;
                let shown = ShownAuthor { display_name: integration.name.clone(), ..ShownAuthor::default() };
                ((None, shown), integration.id)
            }
        };
        let new = Appended {
            author,
            shown,
            kind: self.ready.kind,
            content: &self.ready.content,
            metadata: None,
            extra: &self.ready.extra,
            attachments: &self.ready.attachments,
            original: None,
        };
        let message = append::append(tx, ctx, &self.app, &mut conversation, new).await?;
        conversations::save_state(tx, conversation.key, &conversation.state).await?;
        Ok((message, integration))
    }
}

impl Say {
    async fn customer(&self, tx: &mut Tx, conversation: &Conversation, user: UserKey) -> Result<Author> {
        let user = users::by_key(tx, user).await?.or_not_found(Thing::User)?;
        let place =
            participants::key_of(tx, conversation.key, user.key).await?.or_not_found(Thing::Participant)?;
        let shown = ShownAuthor {
            display_name: Some(display_name(&user, None, &self.app.settings)),
            avatar_url: user.profile.avatar_url.clone(),
            ..ShownAuthor::default()
        };
        Ok((Some((user.key, place)), shown))
    }

    /// The integration of an agent or bot who may speak.
    async fn answering(&self, tx: &mut Tx, id: Id) -> Result<(Integration, Endpoint)> {
        let integration = integrations::find(tx, self.app.key, id).await?;
        let endpoint = endpoints::of_integration(tx, integration.key).await?;
        let endpoint =
            endpoint.filter(|endpoint| endpoint.role.answers()).or_not_found(Thing::Integration)?;
        check_awake(&self.app, &integration)?;
        Ok((integration, endpoint))
    }

    /// An agent who speaks takes control, whoever has it; a bot only where nobody has.
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
        let takes = endpoint.role == Role::Agent || previous.active().is_none();
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
        let (key, state) = (conversation.key, &mut conversation.state);
        emit::in_conversation(tx, ctx, EventType::PassControl, self.app.key, key, state, draft).await
    }
}

/// Hides card numbers in every text of a value, as in the content.
fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => match mask_cards(&text) {
            Cow::Owned(masked) => Value::String(masked),
            Cow::Borrowed(_) => Value::String(text),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, masked(value))).collect())
        }
        other => other,
    }
}

impl Hub {
    /// Adds a message that came through an endpoint. Gives it with the id of the integration through
    /// which it came. Durable when this returns.
    ///
    /// # Errors
    /// `NotFound` for an unknown conversation, one without a customer on a channel, or an integration
    /// that does not answer; `Paused`, `NobodyAnswers`, `Closed`, `Full`.
    pub async fn say(&self, grant: &Grant, conversation: Id, draft: SayDraft) -> Result<(Message, Id)> {
        let SayDraft { speaker, content, original, external_id } = draft;
        let message = MessageDraft {
            author: AuthorDraft::Business(ShownAuthor::default()),
            content,
            metadata: None,
            destination: None,
            overrides: None,
            schema: None,
        };
        let (_, mut ready) = self.make_ready(&grant.app, message).await?;
        let masks = grant.app.settings.mask_credit_card_numbers;
        ready.extra.original = original.map(|original| if masks { masked(original) } else { original });
        ready.extra.external_id = external_id;
        ready.extra.sender = match speaker {
            Speaker::Endpoint(id) => Some(id),
            Speaker::Customer => None,
        };
        self.run(Say { app: grant.app.clone(), conversation, speaker, ready }).await
    }
}
