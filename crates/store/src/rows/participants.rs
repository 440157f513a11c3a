//! Who takes part in a conversation, through which clients, and what they have read.

use model::record::{
    ClientAssociation, ClientKey, ConversationKey, ConversationState, IntegrationKey, Participant,
    ParticipantKey, UserKey,
};
use model::{Id, Millis};

use super::Seek;
use crate::error::Result;
use crate::tx::{Read, Tx};
use crate::value::{Row, params};

fn participant(row: &Row<'_>) -> Result<Participant> {
    Ok(Participant {
        key: ParticipantKey(row.int(0)?),
        id: row.id(1)?,
        conversation: ConversationKey(row.int(2)?),
        user: UserKey(row.int(3)?),
        user_id: row.id(4)?,
        user_external_id: row.opt_text(5)?,
        unread_count: row.int(6)?.max(0),
        last_read: row.opt_time(7)?,
        clients: Vec::new(),
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.k, p.id, p.conversation, p.user_key, u.id, u.external_id, \
             s.total - p.read_total - (s.said - p.read_said) - p.skipped, p.last_read \
             FROM participants p JOIN users u ON u.k = p.user_key \
             JOIN conversation_state s ON s.conversation = p.conversation ",
            $rest
        )
    };
}

/// A user's place in a conversation.
pub async fn of(
    read: &mut Read,
    conversation: ConversationKey,
    user: UserKey,
) -> Result<Option<Participant>> {
    let found = read
        .one(
            select!("WHERE p.conversation = $1 AND p.user_key = $2"),
            params![conversation, user],
            participant,
        )
        .await?;
    with_clients(read, found).await
}

/// The key of a user's place in a conversation: what a message needs.
pub async fn key_of(
    read: &mut Read,
    conversation: ConversationKey,
    user: UserKey,
) -> Result<Option<ParticipantKey>> {
    let sql = "SELECT k FROM participants WHERE conversation = $1 AND user_key = $2";
    read.one(sql, params![conversation, user], |row| Ok(ParticipantKey(row.int(0)?))).await
}

/// A participant of a conversation by its id.
pub async fn by_id(read: &mut Read, conversation: ConversationKey, id: Id) -> Result<Option<Participant>> {
    let found = read
        .one(select!("WHERE p.conversation = $1 AND p.id = $2"), params![conversation, id], participant)
        .await?;
    with_clients(read, found).await
}

/// A page of the participants of a conversation.
pub async fn page(
    read: &mut Read,
    conversation: ConversationKey,
    seek: Seek,
    limit: usize,
) -> Result<Vec<Participant>> {
    let limit = limit as i64;
    let mut found = match seek {
        Seek::After(id) => {
            let sql = select!("WHERE p.conversation = $1 AND p.id > $2 ORDER BY p.id LIMIT $3");
            read.all(sql, params![conversation, id, limit], participant).await?
        }
        Seek::Before(id) => {
            let sql = select!("WHERE p.conversation = $1 AND p.id < $2 ORDER BY p.id DESC LIMIT $3");
            read.all(sql, params![conversation, id, limit], participant).await?
        }
    };
    for participant in &mut found {
        participant.clients = clients_of(read, participant.key).await?;
    }
    Ok(found)
}

async fn with_clients(read: &mut Read, found: Option<Participant>) -> Result<Option<Participant>> {
    let Some(mut participant) = found else { return Ok(None) };
    participant.clients = clients_of(read, participant.key).await?;
    Ok(Some(participant))
}

/// The clients through which somebody takes part, the primary first. Pending links take no part.
pub async fn clients_of(read: &mut Read, participant: ParticipantKey) -> Result<Vec<ClientAssociation>> {
    read.all(
        "SELECT c.k, c.id, c.kind FROM client_associations a JOIN clients c ON c.k = a.client \
         WHERE a.participant = $1 ORDER BY a.rank DESC",
        params![participant],
        |row| Ok(ClientAssociation { key: ClientKey(row.int(0)?), id: row.id(1)?, kind: row.text(2)? }),
    )
    .await
}

/// What the channel calls somebody, by the primary of the clients through which they take part; `None` where
/// there is no client or it has no name.
pub async fn name_on_channel(read: &mut Read, participant: ParticipantKey) -> Result<Option<String>> {
    let found = read
        .one(
            "SELECT c.display_name FROM client_associations a JOIN clients c ON c.k = a.client \
             WHERE a.participant = $1 ORDER BY a.rank DESC LIMIT 1",
            params![participant],
            |row| row.opt_text(0),
        )
        .await?;
    Ok(found.flatten())
}

/// Whether somebody takes part through a client of this integration, or of this channel type. What was a
/// client of an integration that is deleted does not count.
pub async fn takes_part_through(
    read: &mut Read,
    conversation: ConversationKey,
    integration: Option<IntegrationKey>,
    kind: Option<&str>,
) -> Result<bool> {
    let found = read
        .one(
            "SELECT 1 FROM participants p JOIN client_associations a ON a.participant = p.k \
             JOIN clients c ON c.k = a.client WHERE p.conversation = $1 \
             AND (c.integration = $2 OR c.kind = $3) AND (c.kind = 'sdk' OR EXISTS \
             (SELECT 1 FROM integrations i WHERE i.k = c.integration AND i.deleted_at IS NULL)) LIMIT 1",
            params![conversation, integration, kind],
            |_| Ok(()),
        )
        .await?;
    Ok(found.is_some())
}

/// Where a client was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// The conversation.
    pub conversation: ConversationKey,
    /// The place in it.
    pub participant: ParticipantKey,
    /// Whose place it is.
    pub user: UserKey,
    /// Whether the client is the primary one there.
    pub is_primary: bool,
}

/// The place at which a client was last used.
pub async fn newest_place_of_client(read: &mut Read, client: ClientKey) -> Result<Option<LastUse>> {
    read.one(
        "SELECT p.conversation, p.k, p.user_key, NOT EXISTS (SELECT 1 FROM client_associations o \
         WHERE o.participant = a.participant AND o.client <> a.client AND o.rank >= a.rank) \
         FROM client_associations a JOIN participants p ON p.k = a.participant \
         WHERE a.client = $1 ORDER BY a.rank DESC LIMIT 1",
        params![client],
        |row| {
            Ok(LastUse {
                conversation: ConversationKey(row.int(0)?),
                participant: ParticipantKey(row.int(1)?),
                user: UserKey(row.int(2)?),
                is_primary: row.bool(3)?,
            })
        },
    )
    .await
}

/// The clients through which the owner of a personal conversation takes part, the primary first. Those of
/// integrations that are deleted are left out.
pub async fn client_keys_of_conversation(
    read: &mut Read,
    conversation: ConversationKey,
    limit: usize,
) -> Result<Vec<ClientKey>> {
    read.all(
        "SELECT c.k FROM participants p JOIN client_associations a ON a.participant = p.k \
         JOIN clients c ON c.k = a.client \
         LEFT JOIN integrations i ON i.k = c.integration AND i.deleted_at IS NULL \
         WHERE p.conversation = $1 AND (c.kind = 'sdk' OR i.k IS NOT NULL) ORDER BY a.rank DESC LIMIT $2",
        params![conversation, limit as i64],
        |row| Ok(ClientKey(row.int(0)?)),
    )
    .await
}

/// A client through which the owner of a personal conversation takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The client.
    pub client: ClientKey,
    /// Its type.
    pub kind: String,
    /// Its integration; `None` when it has none, or that is deleted.
    pub integration: Option<(IntegrationKey, Id)>,
}

/// The ways in which the owner of a personal conversation can be reached, the primary client first, and
/// whether a link of theirs is not complete. In one statement, since every message of the business asks for
/// it.
pub async fn ways_of_conversation(
    read: &mut Read,
    conversation: ConversationKey,
    limit: usize,
) -> Result<(Vec<Way>, bool)> {
    let found = read
        .all(
            "SELECT c.k, c.kind, i.k, i.id, \
             EXISTS (SELECT 1 FROM clients w WHERE w.user_key = p.user_key AND w.link IS NOT NULL) \
             FROM participants p LEFT JOIN client_associations a ON a.participant = p.k \
             LEFT JOIN clients c ON c.k = a.client \
             LEFT JOIN integrations i ON i.k = c.integration AND i.deleted_at IS NULL \
             WHERE p.conversation = $1 ORDER BY coalesce(a.rank, -1) DESC LIMIT $2",
            params![conversation, limit as i64],
            |row| Ok((way(row)?, row.bool(4)?)),
        )
        .await?;
    let is_linking = found.iter().any(|(_, is_linking)| *is_linking);
    Ok((found.into_iter().filter_map(|(way, _)| way).collect(), is_linking))
}

fn way(row: &Row<'_>) -> Result<Option<Way>> {
    let Some(client) = row.opt_int(0)?.map(ClientKey) else { return Ok(None) };
    let integration = row.opt_int(2)?.map(IntegrationKey).zip(row.opt_id(3)?);
    Ok(Some(Way { client, kind: row.text(1)?, integration }))
}

/// How many take part.
pub async fn count(read: &mut Read, conversation: ConversationKey) -> Result<i64> {
    read.number("SELECT count(*) FROM participants WHERE conversation = $1", params![conversation]).await
}

/// Adds a user to a conversation; what was said before counts as read.
pub async fn insert(
    tx: &mut Tx,
    id: Id,
    conversation: ConversationKey,
    conversation_id: Id,
    user: UserKey,
    read_total: i64,
) -> Result<ParticipantKey> {
    let key = tx
        .insert(
            "INSERT INTO participants (id, conversation, conversation_id, user_key, read_total) \
             VALUES ($1, $2, $3, $4, $5)",
            params![id, conversation, conversation_id, user, read_total],
        )
        .await?;
    Ok(ParticipantKey(key))
}

/// Lets a client take part and makes it the primary one; `rank` is the time of the interaction.
pub async fn associate(
    tx: &mut Tx,
    participant: ParticipantKey,
    client: ClientKey,
    rank: Millis,
) -> Result<()> {
    tx.change(
        "INSERT INTO client_associations (participant, client, rank) VALUES ($1, $2, $3) \
         ON CONFLICT (participant, client) DO UPDATE SET rank = excluded.rank",
        params![participant, client, rank],
    )
    .await?;
    Ok(())
}

/// Lets a client take part behind all that do; one that takes part already keeps its rank.
pub async fn associate_last(tx: &mut Tx, participant: ParticipantKey, client: ClientKey) -> Result<()> {
    tx.change(
        "INSERT INTO client_associations (participant, client, rank) VALUES ($1, $2, 0) \
         ON CONFLICT (participant, client) DO NOTHING",
        params![participant, client],
    )
    .await?;
    Ok(())
}

/// Removes a user from a conversation.
pub async fn remove(tx: &mut Tx, participant: ParticipantKey) -> Result<()> {
    tx.change("DELETE FROM client_associations WHERE participant = $1", params![participant]).await?;
    tx.change("DELETE FROM participants WHERE k = $1", params![participant]).await?;
    Ok(())
}

/// The user has read everything that is there.
pub async fn mark_read(
    tx: &mut Tx,
    participant: ParticipantKey,
    state: &ConversationState,
    now: Millis,
) -> Result<()> {
    let sql =
        "UPDATE participants SET read_total = $2, read_said = $3, skipped = 0, last_read = $4 WHERE k = $1";
    tx.change(sql, params![participant, state.total, state.said, now]).await?;
    Ok(())
}

/// A user wrote a message in a group, which is not unread for its author. What is written in a personal
/// conversation is counted in its state.
pub async fn count_own(tx: &mut Tx, participant: ParticipantKey) -> Result<()> {
    tx.change("UPDATE participants SET skipped = skipped + 1 WHERE k = $1", params![participant]).await?;
    Ok(())
}

/// A message was deleted: it is no longer unread for those who had not read it.
pub async fn uncount(
    tx: &mut Tx,
    conversation: ConversationKey,
    ordinal: i64,
    author: Option<UserKey>,
) -> Result<()> {
    tx.change(
        "UPDATE participants SET skipped = skipped + 1 \
         WHERE conversation = $1 AND read_total < $2 AND user_key <> $3",
        params![conversation, ordinal, author.unwrap_or(UserKey(0))],
    )
    .await?;
    Ok(())
}

/// Every message was deleted: nothing is unread.
pub async fn nothing_unread(
    tx: &mut Tx,
    conversation: ConversationKey,
    state: &ConversationState,
) -> Result<()> {
    let sql = "UPDATE participants SET read_total = $2, read_said = $3, skipped = 0 WHERE conversation = $1";
    tx.change(sql, params![conversation, state.total, state.said]).await?;
    Ok(())
}

/// Keys of up to `limit` participants, for the sweeper.
pub async fn keys_of(
    read: &mut Read,
    conversation: ConversationKey,
    limit: usize,
) -> Result<Vec<ParticipantKey>> {
    let sql = "SELECT k FROM participants WHERE conversation = $1 LIMIT $2";
    read.all(sql, params![conversation, limit as i64], |row| Ok(ParticipantKey(row.int(0)?))).await
}
