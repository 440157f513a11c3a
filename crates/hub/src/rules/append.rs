//! Adding a message to a conversation: the one place that links the chain and counts.

mod recipient;

use model::content::ContentKind;
use model::event::EventType;
use model::limits::CONVERSATION_MESSAGES_MAX;
use model::record::{
    App, Author, Conversation, Message, MessageExtra, MessageKey, ParticipantKey, ShownAuthor, UserKey,
};
use model::switchboard::Seat;
use model::{Id, Millis};
use store::rows::messages::{self, MILESTONE_DISTANCE, NewMessage};
use store::rows::{attachments, participants};
use store::{Ctx, Tx};

pub(crate) use self::recipient::Recipient;
use self::recipient::recipient;
use super::emit::{self, EventDraft};
use super::{lifecycle, notices};
use crate::error::{HubError, Result};

/// A message that is ready to be added; every check has passed.
pub(crate) struct Appended<'a> {
    /// The user and their place, for a message of a user.
    pub author: Option<(UserKey, ParticipantKey)>,
    /// What is shown of the author.
    pub shown: ShownAuthor,
    /// The kind of its content.
    pub kind: ContentKind,
    /// The content as JSON text.
    pub content: &'a str,
    /// The caller's own data as JSON text.
    pub metadata: Option<&'a str>,
    /// What only few messages have.
    pub extra: &'a MessageExtra,
    /// Tokens of the attachments that it shows.
    pub attachments: &'a [String],
    /// What came, where the core cannot say it: JSON text.
    pub original: Option<&'a str>,
}

/// Whether there is room for so many more.
pub(crate) fn has_room(conversation: &Conversation, messages: usize) -> bool {
    conversation.state.count + messages as i64 <= CONVERSATION_MESSAGES_MAX
}

/// Refuses one more where there is no room for it.
pub(crate) fn check_room(conversation: &Conversation) -> Result<()> {
    match has_room(conversation, 1) {
        true => Ok(()),
        false => Err(HubError::Full { max: CONVERSATION_MESSAGES_MAX }),
    }
}

/// Where a message was put.
pub(crate) struct Placed {
    pub key: MessageKey,
    pub id: Id,
    previous: MessageKey,
    milestone: MessageKey,
    ordinal: i64,
    received: Millis,
    seat: Option<Seat>,
}

/// Adds the message with its event and gives it back as stored; changes the conversation's state in
/// memory, and the caller saves it.
pub(crate) async fn append(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    conversation: &mut Conversation,
    new: Appended<'_>,
) -> Result<Message> {
    let Placed { key, id, previous, milestone, ordinal, received, seat } =
        add(tx, ctx, app, conversation, &new).await?;
    Ok(Message {
        key,
        id,
        conversation: conversation.key,
        previous,
        milestone,
        ordinal,
        received,
        author: Author { user: new.author.map(|(user, _)| user), shown: new.shown },
        kind: new.kind,
        content: new.content.to_owned(),
        metadata: new.metadata.map(str::to_owned),
        extra: new.extra.clone(),
        original: new.original.map(str::to_owned),
        deleted: false,
        seat,
    })
}

/// The same for callers who do not show it.
pub(crate) async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    app: &App,
    conversation: &mut Conversation,
    new: &Appended<'_>,
) -> Result<Placed> {
    let Recipient { client, integration } = match new.author {
        Some(_) => Recipient::default(),
        None => recipient(tx, app.key, conversation, new.extra).await?,
    };
    let state = &mut conversation.state;
    // Strictly rising inside a conversation, so that the orders by time and by id agree.
    let received = state.next_moment(ctx.now);
    let ordinal = state.total + 1;
    let user = new.author.map(|(user, _)| user);
    let seat = user.and(state.control.active());
    let row = NewMessage {
        id: ctx.id(),
        conversation: conversation.key,
        previous: state.last_message,
        milestone: state.milestone,
        ordinal,
        received,
        user,
        shown: (!new.shown.is_empty()).then_some(&new.shown),
        kind: new.kind,
        content: new.content,
        metadata: new.metadata,
        extra: (!new.extra.is_empty()).then_some(new.extra),
        original: new.original,
        seat,
    };
    let key = messages::insert(tx, &row).await?;
    for token in new.attachments {
        if !attachments::bind(tx, token, key).await? {
            // It was there when the message was made ready.
            return Err(HubError::invalid("mediaUrl: the attachment does not exist any more"));
        }
    }
    let mut opens = false;
    if let Some((_, place)) = new.author {
        match conversation.group {
            true => participants::count_own(tx, place).await?,
            false => state.said += 1,
        }
        opens = lifecycle::customer_wrote(state, received);
    }
    let (id, previous, milestone) = (row.id, row.previous, row.milestone);
    state.last_message = key;
    state.last_at = Some(received);
    state.total = ordinal;
    state.count += 1;
    if ordinal % MILESTONE_DISTANCE == 0 {
        state.milestone = key;
    }
    let user = user.unwrap_or_default();
    let draft = EventDraft { user, message: key, client, integration, detail: None };
    emit::in_conversation(tx, ctx, EventType::ConversationMessage, conversation, draft).await?;
    if opens {
        notices::opened(tx, ctx, conversation).await?;
    }
    Ok(Placed { key, id, previous, milestone, ordinal, received, seat })
}
