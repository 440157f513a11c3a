//! Adding a user to a conversation.

use model::record::{AppKey, ConversationKey, ParticipantKey, User};
use store::rows::participants;
use store::{Ctx, Read, Tx};

use crate::error::{HubError, Result};
use crate::rules::people::ensure_sdk_client;
use crate::selector::UserSelector;

/// A user who shall take part.
#[derive(Clone, Debug)]
pub struct ParticipantDraft {
    /// The user.
    pub user: UserSelector,
    /// Whether the user's messenger follows the conversation.
    pub subscribe_sdk_client: bool,
}

/// The users of drafts, each once.
///
/// # Errors
/// `NotFound` for an unknown user, `Invalid` for one who is named twice.
pub(crate) async fn find_users(
    read: &mut Read,
    app: AppKey,
    drafts: &[ParticipantDraft],
) -> Result<Vec<(User, bool)>> {
    let mut found: Vec<(User, bool)> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let user = draft.user.find(read, app).await?;
        if found.iter().any(|(other, _)| other.key == user.key) {
            return Err(HubError::invalid("participants: the same user is named twice"));
        }
        found.push((user, draft.subscribe_sdk_client));
    }
    Ok(found)
}

/// Adds a user with the clients through which they take part.
pub(crate) async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    conversation: ConversationKey,
    conversation_id: model::Id,
    user: &User,
    subscribe_sdk_client: bool,
    read_total: i64,
) -> Result<ParticipantKey> {
    let id = ctx.id();
    let place = participants::insert(tx, id, conversation, conversation_id, user.key, read_total).await?;
    if subscribe_sdk_client {
        let client = ensure_sdk_client(tx, ctx, user).await?;
        participants::associate(tx, place, client.key, ctx.now).await?;
    }
    Ok(place)
}
