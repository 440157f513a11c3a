//! Who says something: everything that a message of a customer asks for, in one statement each.

use model::record::{Client, ConversationKey, Integration, ParticipantKey, User, UserKey};

use super::clients::{client, client_columns};
use super::users::{Found, USER_COLUMNS, living_user, user_at, user_columns};
use crate::error::Result;
use crate::tx::Read;
use crate::value::{Row, params};

/// Columns of a client, behind which those of its user stand.
const CLIENT_COLUMNS: usize = 16;
/// Columns of both.
const COLUMNS: usize = CLIENT_COLUMNS + USER_COLUMNS;

fn client_and_user(row: &Row<'_>) -> Result<(Client, Option<Found>)> {
    let has_user = row.opt_int(CLIENT_COLUMNS)?.is_some();
    Ok((client(row)?, has_user.then(|| user_at(row, CLIENT_COLUMNS)).transpose()?))
}

/// A person on a channel.
#[derive(Clone, Debug)]
pub struct Person {
    /// The linked client.
    pub client: Client,
    /// Its user; `None` when it is gone or its removal has begun.
    pub user: Option<User>,
    /// Whether a link waits for the person besides.
    pub is_awaited: bool,
    /// Whether they were offered choices that come back without their payload.
    pub has_choices: bool,
}

/// The person behind a channel's id.
pub async fn on_channel(
    read: &mut Read,
    integration: &Integration,
    external_id: &str,
) -> Result<Option<Person>> {
    let sql = concat!(
        "SELECT ",
        client_columns!("$3"),
        ", ",
        user_columns!(),
        ", EXISTS (SELECT 1 FROM clients w WHERE w.integration = $1 AND w.external_id = $2 AND w.link IS NOT NULL), \
         EXISTS (SELECT 1 FROM choices o WHERE o.client = c.k) \
         FROM clients c LEFT JOIN users u ON u.k = c.user_key \
         WHERE c.integration = $1 AND c.external_id = $2 AND c.link IS NULL"
    );
    let found = read
        .one(sql, params![integration.key, external_id, integration.id], |row| {
            Ok((client_and_user(row)?, row.bool(COLUMNS)?, row.bool(COLUMNS + 1)?))
        })
        .await?;
    let Some(((client, user), is_awaited, has_choices)) = found else { return Ok(None) };
    let user = living_user(read, user).await?;
    Ok(Some(Person { client, user, is_awaited, has_choices }))
}

/// Clients that are looked at in one conversation, at most.
const SPEAKERS_MAX: i64 = 64;

/// A client through which somebody takes part in a conversation.
pub struct Speaker {
    /// The client.
    pub client: Client,
    /// The place of its user in the conversation.
    pub place: ParticipantKey,
    /// The user whose place it is.
    pub place_of: UserKey,
    user: Option<Found>,
}

impl Speaker {
    /// The client's user; `None` when it is gone or its removal has begun.
    pub async fn user(&mut self, read: &mut Read) -> Result<Option<User>> {
        living_user(read, self.user.take()).await
    }
}

/// The clients through which people take part in a conversation: who has done so the longest first, and of
/// one person the primary one first. At most 64.
pub async fn all_of(read: &mut Read, conversation: ConversationKey) -> Result<Vec<Speaker>> {
    let sql = concat!(
        "SELECT ",
        client_columns!("i.id"),
        ", ",
        user_columns!(),
        ", p.k, p.user_key FROM participants p JOIN client_associations a ON a.participant = p.k \
         JOIN clients c ON c.k = a.client LEFT JOIN integrations i ON i.k = c.integration \
         LEFT JOIN users u ON u.k = c.user_key WHERE p.conversation = $1 ORDER BY p.id, a.rank DESC LIMIT $2"
    );
    read.all(sql, params![conversation, SPEAKERS_MAX], |row| {
        let (client, user) = client_and_user(row)?;
        let (place, place_of) = (ParticipantKey(row.int(COLUMNS)?), UserKey(row.int(COLUMNS + 1)?));
        Ok(Speaker { client, place, place_of, user })
    })
    .await
}
