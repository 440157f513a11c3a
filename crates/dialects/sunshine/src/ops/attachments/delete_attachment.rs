//! DeleteAttachment: `POST /v2/apps/{appId}/attachments/remove`.

use wire::sunshine::types::AttachmentDeleteBody;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn delete_attachment(call: AppCall) -> Result<Reply> {
    let body: AttachmentDeleteBody = call.request.json()?;
    call.request.hub.remove_attachment(&call.grant, &body.media_url).await?;
    Ok(Reply::empty())
}
