//! PreviewMessage: `POST /v2/apps/{appId}/messages/preview`.

use hub::ChannelPreview;
use wire::crosspoint::types::{Preview, PreviewLoss, PreviewResponse};

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate;

pub(crate) async fn preview_message(call: AppCall) -> Result<Reply> {
    let draft = call.body(validate::message::message)?;
    let previews = call.request.hub.preview_message(&call.grant, draft).await?;
    Ok(Reply::ok(&PreviewResponse { previews: previews.into_iter().map(shown).collect() }))
}

fn shown(preview: ChannelPreview) -> Preview {
    let ChannelPreview { channel, sender, requests, losses, refused } = preview;
    let losses = losses.into_iter().map(|(part, became)| PreviewLoss { part, became }).collect();
    Preview { channel, sender, requests, losses, refused }
}
