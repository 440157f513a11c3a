//! Conversations and their narrow state.

use model::content::Metadata;
use model::record::{
    AppKey, ClientKey, Conversation, ConversationKey, ConversationState, MessageKey, ParticipantKey, UserKey,
};
use model::switchboard::{Control, Seat};
use model::{Id, Millis};

use super::Seek;
use super::participants::LastUse;
use crate::error::{Result, StoreError};
use crate::tx::{Read, Tx};
use crate::value::{Json, Row, params};

fn conversation(row: &Row<'_>) -> Result<Conversation> {
    Ok(Conversation {
        key: ConversationKey(row.int(0)?),
        id: row.id(1)?,
        app: AppKey(row.int(2)?),
        group: row.bool(3)?,
        owner: row.opt_int(4)?.map(UserKey),
        is_default: row.bool(5)?,
        name: row.opt_text(6)?,
        description: row.opt_text(7)?,
        icon_url: row.opt_text(8)?,
        metadata: row.opt_json(9)?,
        created_at: row.time(10)?,
        state: state(row, 11)?,
    })
}

fn state(row: &Row<'_>, at: usize) -> Result<ConversationState> {
    let control = Control::from_stored(row.int(at + 7)?, row.int(at + 8)?);
    Ok(ConversationState {
        last_message: MessageKey(row.int(at)?),
        last_event: row.int(at + 1)?,
        last_at: row.time_or_zero(at + 2)?,
        total: row.int(at + 3)?,
        count: row.int(at + 4)?,
        floor: row.int(at + 5)?,
        milestone: MessageKey(row.int(at + 6)?),
        control: control.map_err(|e| StoreError::Damaged(e.to_string()))?,
        business_read_at: row.time_or_zero(at + 9)?,
        opened_at: row.time_or_zero(at + 10)?,
        closed_at: row.time_or_zero(at + 11)?,
        last_moment: row.time_or_zero(at + 12)?,
        said: row.int(at + 13)?,
    })
}

/// The columns of a conversation with its state.
macro_rules! columns {
    () => {
        "c.k, c.id, c.app, c.is_group, c.owner, c.is_default, c.name, c.description, c.icon_url, c.metadata, \
         c.created_at, s.last_message, s.last_event, s.last_at, s.total, s.count, s.floor, s.milestone, s.active, \
         s.pending, s.business_read_at, s.opened_at, s.closed_at, s.last_moment, s.said"
    };
}

/// How many they are.
const COLUMNS: usize = 25;

/// The columns of a conversation with its state; the rest of the statement follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversations c JOIN conversation_state s ON s.conversation = c.k ",
            $rest
        )
    };
}

/// A conversation of an app.
pub async fn by_id(read: &mut Read, app: AppKey, id: Id) -> Result<Option<Conversation>> {
    read.one(
        select!("WHERE c.id = $1 AND c.app = $2 AND c.deleted_at IS NULL"),
        params![id, app],
        conversation,
    )
    .await
}

/// A conversation, even one whose removal has begun.
pub async fn by_key(read: &mut Read, key: ConversationKey) -> Result<Option<Conversation>> {
    read.one(select!("WHERE c.k = $1"), params![key], conversation).await
}

/// The same, if it is there and no removal has begun.
pub async fn living_by_key(
    read: &mut Read,
    app: AppKey,
    key: ConversationKey,
) -> Result<Option<Conversation>> {
    let sql = select!("WHERE c.k = $1 AND c.app = $2 AND c.deleted_at IS NULL");
    read.one(sql, params![key, app], conversation).await
}

/// Where a client was last used: the conversation, if it is there and no removal has begun, and the place
/// in it.
pub async fn newest_of_client(
    read: &mut Read,
    app: AppKey,
    client: ClientKey,
) -> Result<Option<(Conversation, LastUse)>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", p.k, p.user_key, NOT EXISTS (SELECT 1 FROM client_associations o \
         WHERE o.participant = a.participant AND o.client <> a.client AND o.rank >= a.rank), c.deleted_at \
         FROM client_associations a JOIN participants p ON p.k = a.participant \
         JOIN conversations c ON c.k = p.conversation JOIN conversation_state s ON s.conversation = c.k \
         WHERE a.client = $1 ORDER BY a.rank DESC LIMIT 1"
    );
    let found = read
        .one(sql, params![client], |row| {
            let conversation = conversation(row)?;
            let place = LastUse {
                conversation: conversation.key,
                participant: ParticipantKey(row.int(COLUMNS)?),
                user: UserKey(row.int(COLUMNS + 1)?),
                is_primary: row.bool(COLUMNS + 2)?,
            };
            Ok((conversation, place, row.opt_int(COLUMNS + 3)?))
        })
        .await?;
    let living =
        found.filter(|(conversation, _, deleted_at)| conversation.app == app && deleted_at.is_none());
    Ok(living.map(|(conversation, place, _)| (conversation, place)))
}

/// The first personal conversation of a user. (The sign in front of the app keeps the engine from
/// walking through all conversations of the app.)
pub async fn default_of(read: &mut Read, app: AppKey, user: UserKey) -> Result<Option<Conversation>> {
    read.one(
        select!(
            "JOIN participants p ON p.conversation = c.k WHERE p.user_key = $1 AND +c.app = $2 \
             AND c.is_default = 1 AND c.deleted_at IS NULL"
        ),
        params![user, app],
        conversation,
    )
    .await
}

/// The newest open personal conversation in which a client takes part. (The sign in front of the app keeps
/// the engine from walking through all conversations of the app.)
pub async fn newest_open_of_client(
    read: &mut Read,
    app: AppKey,
    client: ClientKey,
) -> Result<Option<Conversation>> {
    let sql = select!(
        "JOIN participants p ON p.conversation = c.k JOIN client_associations a ON a.participant = p.k \
         WHERE a.client = $1 AND +c.app = $2 AND c.is_group = 0 AND c.deleted_at IS NULL AND s.closed_at = 0 \
         ORDER BY p.conversation_id DESC LIMIT 1"
    );
    read.one(sql, params![client, app], conversation).await
}

/// Looks at up to `limit` conversations of an app behind `after`: those that are open without a message
/// since `before`, and the last one looked at, if there may be more.
pub async fn open_and_idle_since(
    read: &mut Read,
    app: AppKey,
    before: Millis,
    after: ConversationKey,
    limit: usize,
) -> Result<Window> {
    let sql = "SELECT c.k, CASE WHEN c.deleted_at IS NULL AND s.closed_at = 0 AND s.last_at < $3 \
               AND s.opened_at < $3 AND c.created_at < $3 THEN 1 ELSE 0 END \
               FROM conversations c JOIN conversation_state s ON s.conversation = c.k \
               WHERE c.app = $1 AND c.k > $2 ORDER BY c.k LIMIT $4";
    let looked_at = read.all(sql, params![app, after, before, limit as i64], chosen).await?;
    Ok(window(looked_at, limit))
}

/// The newest open conversations of an app in which somebody takes part, newest first.
pub async fn newest_open_of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<Conversation>> {
    let sql = select!(
        "WHERE c.app = $1 AND c.deleted_at IS NULL AND s.closed_at = 0 \
         AND EXISTS (SELECT 1 FROM participants p WHERE p.conversation = c.k) \
         ORDER BY c.k DESC LIMIT $2"
    );
    read.all(sql, params![app, limit as i64], conversation).await
}

/// The app of a conversation that is not deleted.
pub async fn app_of(read: &mut Read, id: Id) -> Result<Option<AppKey>> {
    let sql = "SELECT app FROM conversations WHERE id = $1 AND deleted_at IS NULL";
    read.one(sql, params![id], |row| row.int(0).map(AppKey)).await
}

/// A page of the conversations of a user.
pub async fn of_user(
    read: &mut Read,
    app: AppKey,
    user: UserKey,
    seek: Seek,
    limit: usize,
) -> Result<Vec<Conversation>> {
    let limit = limit as i64;
    match seek {
        Seek::After(id) => {
            let sql = select!(
                "JOIN participants p ON p.conversation = c.k WHERE p.user_key = $1 AND p.conversation_id > $2 \
                 AND c.app = $3 AND c.deleted_at IS NULL ORDER BY p.conversation_id LIMIT $4"
            );
            read.all(sql, params![user, id, app, limit], conversation).await
        }
        Seek::Before(id) => {
            let sql = select!(
                "JOIN participants p ON p.conversation = c.k WHERE p.user_key = $1 AND p.conversation_id < $2 \
                 AND c.app = $3 AND c.deleted_at IS NULL ORDER BY p.conversation_id DESC LIMIT $4"
            );
            read.all(sql, params![user, id, app, limit], conversation).await
        }
    }
}

/// A conversation that begins.
#[derive(Clone, Debug)]
pub struct NewConversation<'a> {
    /// Public id.
    pub id: Id,
    /// The app.
    pub app: AppKey,
    /// Whether several users may take part.
    pub group: bool,
    /// The user of a personal conversation.
    pub owner: Option<UserKey>,
    /// Whether it is the owner's first.
    pub is_default: bool,
    /// For people.
    pub name: Option<&'a str>,
    /// For people.
    pub description: Option<&'a str>,
    /// Picture.
    pub icon_url: Option<&'a str>,
    /// The business's own data.
    pub metadata: Option<&'a Metadata>,
    /// When it is made.
    pub created_at: Millis,
}

/// Adds a conversation with an empty state.
pub async fn insert(tx: &mut Tx, new: &NewConversation<'_>) -> Result<ConversationKey> {
    let key = tx
        .insert(
            "INSERT INTO conversations (id, app, is_group, owner, is_default, name, description, icon_url, \
             metadata, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                new.id,
                new.app,
                new.group,
                new.owner,
                new.is_default,
                new.name,
                new.description,
                new.icon_url,
                new.metadata.map(Json),
                new.created_at,
            ],
        )
        .await?;
    tx.change("INSERT INTO conversation_state (conversation) VALUES ($1)", params![key]).await?;
    Ok(ConversationKey(key))
}

/// Writes what a caller may change of a conversation.
pub async fn update(tx: &mut Tx, conversation: &Conversation) -> Result<()> {
    tx.change(
        "UPDATE conversations SET name = $2, description = $3, icon_url = $4, metadata = $5, is_default = $6, \
         owner = $7 WHERE k = $1",
        params![
            conversation.key,
            conversation.name,
            conversation.description,
            conversation.icon_url,
            conversation.metadata.as_ref().map(Json),
            conversation.is_default,
            conversation.owner,
        ],
    )
    .await?;
    Ok(())
}

/// Writes the state.
pub async fn save_state(tx: &mut Tx, key: ConversationKey, state: &ConversationState) -> Result<()> {
    let time = |time: Option<Millis>| time.map_or(0, |time| time.0);
    tx.change(
        "UPDATE conversation_state SET last_message = $2, last_event = $3, last_at = $4, total = $5, count = $6, \
         floor = $7, milestone = $8, active = $9, pending = $10, business_read_at = $11, opened_at = $12, \
         closed_at = $13, last_moment = $14, said = $15 WHERE conversation = $1",
        params![
            key,
            state.last_message,
            state.last_event,
            time(state.last_at),
            state.total,
            state.count,
            state.floor,
            state.milestone,
            Seat::to_stored(state.control.active()),
            Seat::to_stored(state.control.pending()),
            time(state.business_read_at),
            time(state.opened_at),
            time(state.closed_at),
            time(state.last_moment),
            state.said,
        ],
    )
    .await?;
    Ok(())
}

/// Marks a conversation as deleted: nothing finds it any more, the sweeper removes its rows.
pub async fn mark_deleted(tx: &mut Tx, key: ConversationKey, now: Millis) -> Result<()> {
    tx.change("UPDATE conversations SET deleted_at = $2 WHERE k = $1", params![key, now]).await?;
    Ok(())
}

/// Removes the row and its state, at the end of a sweep.
pub async fn remove(tx: &mut Tx, key: ConversationKey) -> Result<()> {
    tx.change("DELETE FROM conversation_state WHERE conversation = $1", params![key]).await?;
    tx.change("DELETE FROM conversations WHERE k = $1", params![key]).await?;
    Ok(())
}

/// The newest event of a conversation's lane; 0 for none.
pub async fn newest_event(read: &mut Read, key: ConversationKey) -> Result<i64> {
    read.number("SELECT last_event FROM conversation_state WHERE conversation = $1", params![key]).await
}

/// Conversations of an app that are still there, for the sweeper.
pub async fn keys_of_app(read: &mut Read, app: AppKey, limit: usize) -> Result<Vec<ConversationKey>> {
    let sql = "SELECT k FROM conversations WHERE app = $1 ORDER BY k LIMIT $2";
    read.all(sql, params![app, limit as i64], |row| Ok(ConversationKey(row.int(0)?))).await
}

/// Conversations of a window that are wanted, and the last one looked at, if there may be more.
pub type Window = (Vec<ConversationKey>, Option<ConversationKey>);

/// Looks at up to `limit` conversations of an app behind `after`: those with messages whose last one is
/// from before `before`, and the last one looked at, if there may be more.
pub async fn idle_since(
    read: &mut Read,
    app: AppKey,
    before: Millis,
    after: ConversationKey,
    limit: usize,
) -> Result<Window> {
    let sql = "SELECT c.k, CASE WHEN c.deleted_at IS NULL AND s.count > 0 AND s.last_at < $3 THEN 1 ELSE 0 END \
               FROM conversations c JOIN conversation_state s ON s.conversation = c.k \
               WHERE c.app = $1 AND c.k > $2 ORDER BY c.k LIMIT $4";
    let looked_at = read.all(sql, params![app, after, before, limit as i64], chosen).await?;
    Ok(window(looked_at, limit))
}

fn chosen(row: &Row<'_>) -> Result<(ConversationKey, bool)> {
    Ok((ConversationKey(row.int(0)?), row.bool(1)?))
}

fn window(looked_at: Vec<(ConversationKey, bool)>, limit: usize) -> Window {
    let last = looked_at.last().map(|(key, _)| *key).filter(|_| looked_at.len() >= limit);
    (looked_at.into_iter().filter(|(_, is_chosen)| *is_chosen).map(|(key, _)| key).collect(), last)
}
