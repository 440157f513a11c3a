//! Files that activities show (hubster.md §9.7); our own route.

use dialect_common::form::{Form, FormError};
use hub::UploadDraft;
use model::record::Access;
use wire::hubster::codes;
use wire::hubster::types::Resource;

use crate::http::call::EngineCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;

/// The name of the parts that are files.
const FILES_PART: &str = "files";
/// Files of one request.
const FILES_COUNT_MAX: usize = 10;

/// `POST /api/v1/resources/{conversationId}`: the files go to their place while they are read.
pub(crate) async fn upload(call: EngineCall) -> Result<Reply> {
    let (grant, conversation) = call.conversation().await?;
    let body = call.request.stream.take();
    let (hub, request) = (&call.request.hub, &call.request);
    let mut form = Form::open(&request.headers, body, request.operation.body_max_bytes).map_err(refused)?;
    let mut resources = Vec::new();
    while let Some(file) = form.next_file(FILES_PART).await.map_err(refused)? {
        if resources.len() == FILES_COUNT_MAX {
            let text = format!("No more than {FILES_COUNT_MAX} files are taken at once.");
            return Err(ApiError::of(codes::OUT_OF_RANGE, text));
        }
        let draft =
            UploadDraft { access: Access::Public, for_message: true, conversation: Some(conversation) };
        let attachment = file.take(hub, &grant, draft).await.map_err(refused)?;
        resources.push(Resource {
            url: hub.attachment_url(&attachment.token, &attachment.name),
            mime_type: attachment.media_type,
            label: attachment.name,
            size: attachment.size,
        });
    }
    if resources.is_empty() {
        return Err(ApiError::of(codes::FILES_MISSING, "No files are given in parts named 'files'."));
    }
    Ok(Reply::ok(&resources))
}

fn refused(error: FormError) -> ApiError {
    match error {
        FormError::NoForm => ApiError::of(codes::FILES_MISSING, format!("{error}.")),
        FormError::TooLarge(_) => ApiError::of(codes::OUT_OF_RANGE, format!("{error}.")),
        FormError::Broken(_) | FormError::NoPart(_) | FormError::Empty | FormError::Rejected(_) => {
            ApiError::of(codes::FILE_REFUSED, format!("{error}."))
        }
        FormError::Hub(error) => error.into(),
    }
}
