//! The four control actions.

pub(crate) mod accept_control;
pub(crate) mod offer_control;
pub(crate) mod pass_control;
pub(crate) mod release_control;

use hub::ControlDraft;
use serde::de::DeserializeOwned;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate::Checked;

/// Does what the body asks for.
async fn act<T: DeserializeOwned>(
    call: AppCall,
    check: impl FnOnce(T) -> Checked<ControlDraft>,
) -> Result<Reply> {
    let conversation = call.conversation()?;
    let draft = call.body_for(conversation, check).await?;
    call.request.hub.act_on_control(&call.grant, conversation, draft).await?;
    Ok(Reply::empty())
}
