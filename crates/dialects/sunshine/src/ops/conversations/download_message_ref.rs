//! DownloadMessageRef: `POST /v2/apps/{appId}/conversations/{conversationId}/download`. Only Apple's
//! channel has such references, and it has no connector.

use wire::sunshine::types::DownloadMessageRefBody;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::validate::{At, Checked, refuse};

pub(crate) async fn download_message_ref(call: AppCall) -> Result<Reply> {
    let conversation = call.conversation()?;
    call.body_for(conversation, check).await?;
    call.request.hub.conversation(&call.grant, conversation).await?;
    Err(ApiError::bad_request("apple: the app has no Apple Messages for Business channel to download from"))
}

fn check(body: DownloadMessageRefBody) -> Checked {
    match body.apple {
        Some(_) => Ok(()),
        None => refuse("is required").at("apple"),
    }
}
