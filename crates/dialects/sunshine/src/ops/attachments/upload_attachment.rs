//! UploadAttachment: `POST /v2/apps/{appId}/attachments`. The bytes go to their place while they are
//! read.

use dialect_common::form::Form;
use hub::{Hub, Thing, UploadDraft};
use model::record::{Access, Attachment};
use wire::sunshine::types::{self, AttachmentResponse};

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::query::Query;
use crate::http::reply::Reply;

/// The name of the part that is the file.
const FILE_PART: &str = "source";

pub(crate) async fn upload_attachment(call: AppCall) -> Result<Reply> {
    let draft = draft(&call.request.query)?;
    let hub = &call.request.hub;
    if let Some(conversation) = draft.conversation {
        hub.conversation(&call.grant, conversation).await?;
    }
    let body = call.request.stream.take();
    let mut form = Form::open(&call.request.headers, body, call.request.operation.body_max_bytes)?;
    let file = form.next_file(FILE_PART).await?;
    let file = file.ok_or_else(|| ApiError::bad_request(format!("{FILE_PART}: is required")))?;
    Ok(created(hub, file.take(hub, &call.grant, draft).await?))
}

/// What the query says about the file.
fn draft(query: &Query) -> Result<UploadDraft> {
    let access = match query.get("access") {
        None | Some("public") => Access::Public,
        Some("private") => Access::Private,
        Some(_) => return Err(ApiError::bad_request("access: must be one of public, private")),
    };
    let for_message = match query.get("for") {
        None => false,
        Some("message") => true,
        Some(_) => return Err(ApiError::bad_request("for: must be message")),
    };
    let conversation = query.get("conversationId").map(str::parse).transpose();
    let conversation = conversation.map_err(|_| ApiError::not_found(Thing::Conversation))?;
    Ok(UploadDraft { access, for_message, conversation })
}

fn created(hub: &Hub, attachment: Attachment) -> Reply {
    let media_url = hub.attachment_url(&attachment.token, &attachment.name);
    let attachment = types::Attachment { media_url, media_type: Some(attachment.media_type) };
    Reply::created(&AttachmentResponse { attachment })
}
