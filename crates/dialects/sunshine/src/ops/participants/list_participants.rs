//! ListParticipants: `GET /v2/apps/{appId}/conversations/{conversationId}/participants`.

use wire::sunshine::types::ParticipantListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_participants(call: AppCall) -> Result<Reply> {
    let page = call.request.query.page()?;
    let page = call.request.hub.list_participants(&call.grant, call.conversation()?, page).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |participant| participant.id);
    let participants = page.items.iter().map(show::participant::participant).collect();
    Ok(Reply::ok(&ParticipantListResponse { participants, meta, links }))
}
