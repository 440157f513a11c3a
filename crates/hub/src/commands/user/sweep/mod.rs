//! What the sweeper does about users: one slice each.

mod groups;
mod merged;
mod names;
mod user;

use std::collections::HashMap;

use model::record::{ConversationKey, Message, MessageKey, UserKey};
use serde::{Deserialize, Serialize};
use store::Read;
use store::rows::users;

use crate::error::Result;

pub(crate) use merged::MoveRest;
pub(crate) use names::{ClearNames, NamesProgress};
pub(crate) use user::RemoveUser;

/// The next message to look at in a conversation that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Walk {
    pub conversation: ConversationKey,
    pub at: MessageKey,
}

/// Tells which messages are a user's own, also under the keys of users merged into it.
struct Own {
    target: UserKey,
    known: HashMap<UserKey, bool>,
}

impl Own {
    fn of(target: UserKey) -> Own {
        Own { target, known: HashMap::new() }
    }

    async fn wrote(&mut self, read: &mut Read, message: &Message) -> Result<bool> {
        let Some(author) = message.author.user else { return Ok(false) };
        if let Some(known) = self.known.get(&author) {
            return Ok(*known);
        }
        let is_own = users::is_part_of(read, author, self.target).await?;
        self.known.insert(author, is_own);
        Ok(is_own)
    }
}
