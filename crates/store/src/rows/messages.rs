//! Messages: append-only rows without an index. Each names the previous one of its conversation
//! and the milestone in front of it, so that pages are walks and long ways are short.

use model::content::{CONTENT_VERSION, ContentKind};
use model::record::{Author, ConversationKey, Message, MessageExtra, MessageKey, ShownAuthor, UserKey};
use model::switchboard::Seat;
use model::{Id, Millis};

use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

/// Every message whose ordinal is a multiple of this is a milestone.
pub const MILESTONE_DISTANCE: i64 = 64;

/// User or channel have deleted it: a placeholder is shown.
const STATE_PLACEHOLDER: i64 = 1;
/// Deleted: an empty link of the chain.
const STATE_LINK: i64 = 2;

/// A row of the chain: a message, or the empty link that one has left.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// A message.
    Message(Box<Message>),
    /// A deleted one.
    Gone {
        /// The message before it; 0 for none.
        previous: MessageKey,
        /// Its number in the conversation.
        ordinal: i64,
    },
}

impl Link {
    /// The message before it; 0 for none.
    pub fn previous(&self) -> MessageKey {
        match self {
            Link::Message(message) => message.previous,
            Link::Gone { previous, .. } => *previous,
        }
    }

    /// Its number in the conversation.
    pub fn ordinal(&self) -> i64 {
        match self {
            Link::Message(message) => message.ordinal,
            Link::Gone { ordinal, .. } => *ordinal,
        }
    }
}

fn link(row: &Row<'_>) -> Result<Link> {
    let (previous, ordinal, state) = (MessageKey(row.int(3)?), row.int(5)?, row.int(12)?);
    if state == STATE_LINK {
        return Ok(Link::Gone { previous, ordinal });
    }
    let user = row.int(7)?;
    Ok(Link::Message(Box::new(Message {
        key: MessageKey(row.int(0)?),
        id: row.id(1)?,
        conversation: ConversationKey(row.int(2)?),
        previous,
        milestone: MessageKey(row.int(4)?),
        ordinal,
        received: row.time(6)?,
        author: Author {
            user: (user != 0).then_some(UserKey(user)),
            shown: row.opt_json::<ShownAuthor>(10)?.unwrap_or_default(),
        },
        kind: row.code(8, ContentKind::from_code)?,
        content: row.opt_text(9)?.unwrap_or_default(),
        metadata: row.opt_text(11)?,
        extra: row.opt_json::<MessageExtra>(13)?.unwrap_or_default(),
        original: row.opt_text(15)?,
        deleted: state == STATE_PLACEHOLDER,
        seat: Seat::from_stored(row.int(14)?),
    })))
}

/// A row of the chain.
pub async fn link_by_key(read: &mut Read, key: MessageKey) -> Result<Option<Link>> {
    read.one(
        "SELECT k, id, conversation, previous, milestone, ordinal, received, user_key, kind, content, shown, \
         metadata, state, extra, seat, original FROM messages WHERE k = $1",
        params![key],
        link,
    )
    .await
}

/// A message that is there.
pub async fn by_key(read: &mut Read, key: MessageKey) -> Result<Option<Message>> {
    Ok(match link_by_key(read, key).await? {
        Some(Link::Message(message)) => Some(*message),
        _ => None,
    })
}

/// The message that came through an integration with this id there, looked for from one message back through
/// `steps` of its conversation.
pub async fn of_channel(
    read: &mut Read,
    from: MessageKey,
    integration: Id,
    external_id: &str,
    steps: usize,
) -> Result<Option<MessageKey>> {
    let mut next = from;
    for _ in 0..steps {
        let step = read
            .one("SELECT previous, extra FROM messages WHERE k = $1", params![next], |row| {
                Ok((MessageKey(row.int(0)?), row.opt_json::<MessageExtra>(1)?))
            })
            .await?;
        let Some((previous, extra)) = step else { break };
        let source = extra.and_then(|extra| extra.source);
        if source.is_some_and(|source| {
            source.integration_id == Some(integration)
                && source.original_message_id.as_deref() == Some(external_id)
        }) {
            return Ok(Some(next));
        }
        next = previous;
    }
    Ok(None)
}

/// A message; one that was deleted meanwhile comes as an empty text that says so.
pub async fn by_key_even_deleted(read: &mut Read, key: MessageKey) -> Result<Option<Message>> {
    if let Some(message) = by_key(read, key).await? {
        return Ok(Some(message));
    }
    read.one(
        "SELECT k, id, conversation, previous, milestone, ordinal, received, user_key FROM messages WHERE k = $1",
        params![key],
        |row| {
            let user = row.int(7)?;
            Ok(Message {
                key: MessageKey(row.int(0)?),
                id: row.id(1)?,
                conversation: ConversationKey(row.int(2)?),
                previous: MessageKey(row.int(3)?),
                milestone: MessageKey(row.int(4)?),
                ordinal: row.int(5)?,
                received: row.time(6)?,
                author: Author { user: (user != 0).then_some(UserKey(user)), shown: ShownAuthor::default() },
                kind: ContentKind::Text,
                content: r#"{"type":"text","text":""}"#.to_owned(),
                metadata: None,
                extra: MessageExtra::default(),
                original: None,
                deleted: true,
                seat: None,
            })
        },
    )
    .await
}

/// A message of a conversation by its id, if it is there.
pub async fn by_id(read: &mut Read, conversation: ConversationKey, id: Id) -> Result<Option<Message>> {
    let Some(key) = first_at_or_behind(read, id).await? else { return Ok(None) };
    let message = by_key(read, key).await?;
    Ok(message.filter(|message| message.id == id && message.conversation == conversation))
}

/// The first message of all, in the order of ids, that is not in front of `id`. Ids rise with keys,
/// so it is found by halving; gaps that sweeps have left are stepped over.
pub async fn first_at_or_behind(read: &mut Read, id: Id) -> Result<Option<MessageKey>> {
    let mut low = 1;
    let mut high = read.number("SELECT max(k) FROM messages", params![]).await?;
    let mut found = None;
    while low <= high {
        let middle = low + (high - low) / 2;
        let probe = read
            .one("SELECT k, id FROM messages WHERE k >= $1 ORDER BY k LIMIT 1", params![middle], |row| {
                Ok((row.int(0)?, row.id(1)?))
            })
            .await?;
        match probe {
            Some((key, probed)) if probed >= id => {
                found = Some(MessageKey(key));
                high = middle - 1;
            }
            Some((key, _)) => low = key + 1,
            None => high = middle - 1,
        }
    }
    Ok(found)
}

/// The newest message of all; 0 for none.
pub async fn newest(read: &mut Read) -> Result<MessageKey> {
    Ok(MessageKey(read.number("SELECT max(k) FROM messages", params![]).await?))
}

/// The milestone in front of a message and its own ordinal.
pub async fn milestone_of(read: &mut Read, key: MessageKey) -> Result<Option<(MessageKey, i64)>> {
    read.one("SELECT milestone, ordinal FROM messages WHERE k = $1", params![key], |row| {
        Ok((MessageKey(row.int(0)?), row.int(1)?))
    })
    .await
}

/// The milestone in front of a message, its own ordinal, and when it was received.
pub async fn step_of(read: &mut Read, key: MessageKey) -> Result<Option<(MessageKey, i64, Millis)>> {
    read.one("SELECT milestone, ordinal, received FROM messages WHERE k = $1", params![key], |row| {
        Ok((MessageKey(row.int(0)?), row.int(1)?, row.time(2)?))
    })
    .await
}

/// A message that is added.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Public id.
    pub id: Id,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The message before it; 0 for none.
    pub previous: MessageKey,
    /// The milestone in front of it; 0 for none.
    pub milestone: MessageKey,
    /// Its number in the conversation.
    pub ordinal: i64,
    /// When it was received.
    pub received: Millis,
    /// The user; `None` for the business.
    pub user: Option<UserKey>,
    /// What is shown of the author.
    pub shown: Option<&'a ShownAuthor>,
    /// The kind of its content.
    pub kind: ContentKind,
    /// The content as JSON text.
    pub content: &'a str,
    /// The caller's own data as JSON text.
    pub metadata: Option<&'a str>,
    /// What only few messages have.
    pub extra: Option<&'a MessageExtra>,
    /// What came, where the core cannot say it: JSON text.
    pub original: Option<&'a str>,
    /// Who was in control, for a user's message.
    pub seat: Option<Seat>,
}

/// Adds a message.
pub async fn insert(tx: &mut Tx, new: &NewMessage<'_>) -> Result<MessageKey> {
    let key = tx
        .insert(
            "INSERT INTO messages (id, conversation, previous, milestone, ordinal, received, user_key, kind, \
             version, content, shown, metadata, extra, original, seat) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            params![
                new.id,
                new.conversation,
                new.previous,
                new.milestone,
                new.ordinal,
                new.received,
                new.user.unwrap_or(UserKey(0)),
                new.kind as i64,
                CONTENT_VERSION,
                new.content,
                new.shown.map(Json),
                new.metadata,
                new.extra.map(Json),
                new.original,
                Seat::to_stored(new.seat),
            ],
        )
        .await?;
    Ok(MessageKey(key))
}

/// Empties a message. Its link in the chain stays, with what events still tell of it: its id, when it
/// was received, whose it was.
pub async fn empty(tx: &mut Tx, key: MessageKey) -> Result<()> {
    tx.change(
        "UPDATE messages SET state = $2, content = NULL, shown = NULL, metadata = NULL, extra = NULL, \
         original = NULL WHERE k = $1",
        params![key, STATE_LINK],
    )
    .await?;
    Ok(())
}

/// The person or the channel has deleted a message: an empty placeholder is shown.
pub async fn set_placeholder(tx: &mut Tx, key: MessageKey, empty: &str) -> Result<()> {
    tx.change(
        "UPDATE messages SET state = $2, kind = $3, content = $4, metadata = NULL, original = NULL WHERE k = $1",
        params![key, STATE_PLACEHOLDER, ContentKind::Text as i64, empty],
    )
    .await?;
    Ok(())
}

/// Writes a message's content again as another kind.
pub async fn replace_content(tx: &mut Tx, key: MessageKey, kind: ContentKind, content: &str) -> Result<()> {
    let sql = "UPDATE messages SET kind = $2, content = $3 WHERE k = $1";
    tx.change(sql, params![key, kind as i64, content]).await?;
    Ok(())
}

/// Changes what is shown of a message's author.
pub async fn set_shown(tx: &mut Tx, key: MessageKey, shown: Option<&ShownAuthor>) -> Result<()> {
    tx.change("UPDATE messages SET shown = $2 WHERE k = $1", params![key, shown.map(Json)]).await?;
    Ok(())
}

/// Removes a row, at the end of a sweep. The newest row of all stays, so that no key is used twice.
pub async fn remove(tx: &mut Tx, key: MessageKey) -> Result<()> {
    tx.change("DELETE FROM messages WHERE k = $1 AND k < (SELECT max(k) FROM messages)", params![key])
        .await?;
    Ok(())
}

/// The public id of an author: of the user who survived, if the author was merged; `None` for one
/// who was deleted.
pub async fn author_id(read: &mut Read, user: UserKey) -> Result<Option<Id>> {
    let mut user = user;
    // Merges make no circles; the bound only guards against damaged rows.
    for _ in 0..64 {
        let found = read
            .one("SELECT id, merged_into, deleted_at FROM users WHERE k = $1", params![user], |row| {
                Ok((row.id(0)?, row.opt_int(1)?, row.opt_int(2)?))
            })
            .await?;
        match found {
            Some((_, Some(into), _)) => user = UserKey(into),
            Some((id, None, None)) => return Ok(Some(id)),
            _ => return Ok(None),
        }
    }
    Ok(None)
}
