//! Empties the messages of a conversation, newest first, behind the buttons that were pressed.

use model::Millis;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{ConversationKey, MessageKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::rows::messages::Link;
use store::rows::sweeps::{self, Sweep};
use store::rows::{attachments, messages, presses};
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};

/// How far the sweep has come.
#[derive(Serialize, Deserialize)]
struct Progress {
    at: MessageKey,
    floor: i64,
    /// Buttons that were pressed until then go.
    moment: Millis,
}

/// One slice. Gives whether the sweep is done.
pub(super) struct EmptyMessages(pub Sweep);

impl Command for EmptyMessages {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let detail = self.0.detail.clone().unwrap_or_default();
        let Ok(Progress { mut at, floor, moment }) = serde_json::from_value(detail) else {
            sweeps::remove(tx, self.0.key).await?;
            return Ok(true);
        };
        let conversation = ConversationKey(self.0.target);
        if presses::remove(tx, conversation, moment, SWEEP_SLICE_ROWS_MAX).await? > 0 {
            return Ok(false);
        }
        for _ in 0..SWEEP_SLICE_ROWS_MAX {
            let link = messages::link_by_key(tx, at).await?.filter(|link| link.ordinal() > floor);
            let Some(link) = link else {
                sweeps::remove(tx, self.0.key).await?;
                return Ok(true);
            };
            if let Link::Message(message) = &link {
                attachments::mark_deleted_with_message(tx, message.key, ctx.now).await?;
                messages::empty(tx, message.key).await?;
            }
            at = link.previous();
        }
        sweeps::set_detail(tx, self.0.key, &json!(Progress { at, floor, moment })).await?;
        Ok(false)
    }
}
