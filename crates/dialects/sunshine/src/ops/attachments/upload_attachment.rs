//! UploadAttachment: `POST /v2/apps/{appId}/attachments`. The bytes go to their place while they are
//! read.

use hub::{Grant, Hub, Thing, Upload, UploadDraft};
use model::record::{Access, Attachment};
use wire::sunshine::types::{self, AttachmentResponse};

use super::form::FormFile;
use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::query::Query;
use crate::http::reply::Reply;
use crate::media_type::judge;

pub(crate) async fn upload_attachment(call: AppCall) -> Result<Reply> {
    let draft = draft(&call.request.query)?;
    let hub = &call.request.hub;
    if let Some(conversation) = draft.conversation {
        hub.conversation(&call.grant, conversation).await?;
    }
    let body = call.request.stream.take();
    let mut file = FormFile::open(&call.request.headers, body, call.request.operation.body_max_bytes).await?;
    match take(hub, &call.grant, draft, &mut file).await {
        Ok(attachment) => Ok(created(hub, attachment)),
        Err(refusal) => {
            file.drain().await;
            Err(refusal)
        }
    }
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

/// Judges the file by its name and first bytes, then takes it in.
async fn take(hub: &Hub, grant: &Grant, draft: UploadDraft, file: &mut FormFile) -> Result<Attachment> {
    let head = file.head().await?;
    if head.is_empty() {
        return Err(ApiError::bad_request("source: the file is empty"));
    }
    let judged = judge(file.name(), file.declared_type(), &head);
    let (name, media_type) =
        judged.map_err(|rejected| ApiError::unsupported_media_type(rejected.to_string()))?;
    let mut upload = hub.begin_upload(grant, draft).await?;
    if let Err(refusal) = copy(&mut upload, file).await {
        upload.abort().await?;
        return Err(refusal);
    }
    Ok(hub.finish_upload(grant, upload, name, media_type.to_owned()).await?)
}

async fn copy(upload: &mut Upload, file: &mut FormFile) -> Result<()> {
    while let Some(bytes) = file.next().await? {
        upload.add(bytes).await?;
    }
    Ok(())
}

fn created(hub: &Hub, attachment: Attachment) -> Reply {
    let media_url = hub.attachment_url(&attachment.token, &attachment.name);
    let attachment = types::Attachment { media_url, media_type: Some(attachment.media_type) };
    Reply::created(&AttachmentResponse { attachment })
}
