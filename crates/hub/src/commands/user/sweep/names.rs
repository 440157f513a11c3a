//! Clears a user's names in the messages of its conversations.

use model::Id;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{Message, MessageKey, ShownAuthor, UserKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::rows::messages::{self, Link};
use store::rows::sweeps::{self, Sweep};
use store::rows::{clients, conversations, places, users};
use store::{Command, Ctx, Tx};

use super::{Own, Walk};
use crate::error::{HubError, Result};

/// How far the sweep has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NamesProgress {
    /// Whether clients may still hold what channels have said.
    pub clients_left: bool,
    /// The newest message when the caller asked; later ones keep their names.
    pub through: MessageKey,
    /// Conversations up to this one are done.
    pub after: Option<Id>,
    /// The next message of the conversation behind it, if that one was begun.
    pub walk: Option<Walk>,
}

/// One slice. Gives whether the sweep is done.
pub(crate) struct ClearNames(pub Sweep);

impl Command for ClearNames {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<bool> {
        let target = UserKey(self.0.target);
        let detail = self.0.detail.clone().unwrap_or_default();
        let progress: Option<NamesProgress> = serde_json::from_value(detail).ok();
        // After a merge the conversations are those of the user that this one is now.
        let holder = users::surviving(tx, target).await?;
        if let (Some(mut progress), Some(holder)) = (progress, holder) {
            if progress.clients_left {
                let cleared = clients::clear_personal(tx, holder, SWEEP_SLICE_ROWS_MAX).await?;
                progress.clients_left = cleared >= SWEEP_SLICE_ROWS_MAX as u64;
                sweeps::set_detail(tx, self.0.key, &json!(progress)).await?;
                return Ok(false);
            }
            if clear_slice(tx, target, holder, &mut progress).await? {
                sweeps::set_detail(tx, self.0.key, &json!(progress)).await?;
                return Ok(false);
            }
        }
        sweeps::remove(tx, self.0.key).await?;
        Ok(true)
    }
}

/// Clears one slice; gives whether more remains.
async fn clear_slice(
    tx: &mut Tx,
    target: UserKey,
    holder: UserKey,
    progress: &mut NamesProgress,
) -> Result<bool> {
    let mut own = Own::of(target);
    let mut steps = 0;
    while steps < SWEEP_SLICE_ROWS_MAX {
        let behind = progress.after.unwrap_or(Id::MIN);
        let Some(place) = places::behind(tx, holder, behind, 1).await?.pop() else { return Ok(false) };
        let state = conversations::by_key(tx, place.conversation).await?.map(|found| found.state);
        let state = state.unwrap_or_default();
        let begun = progress.walk.take().filter(|walk| walk.conversation == place.conversation);
        let mut at = begun.map_or(state.last_message, |walk| walk.at);
        steps += 1;
        while steps < SWEEP_SLICE_ROWS_MAX {
            let link = messages::link_by_key(tx, at).await?.filter(|link| link.ordinal() > state.floor);
            let Some(link) = link else {
                at = MessageKey(0);
                break;
            };
            at = link.previous();
            steps += 1;
            if let Link::Message(message) = link
                && message.key <= progress.through
                && own.wrote(tx, &message).await?
            {
                clear(tx, &message).await?;
            }
        }
        if at == MessageKey(0) {
            progress.after = Some(place.conversation_id);
        } else {
            progress.walk = Some(Walk { conversation: place.conversation, at });
        }
    }
    Ok(true)
}

async fn clear(tx: &mut Tx, message: &Message) -> Result<()> {
    let shown = &message.author.shown;
    if shown.display_name.is_none() && shown.avatar_url.is_none() {
        return Ok(());
    }
    let left = ShownAuthor { subtype: shown.subtype, ..ShownAuthor::default() };
    messages::set_shown(tx, message.key, (!left.is_empty()).then_some(&left)).await?;
    Ok(())
}
