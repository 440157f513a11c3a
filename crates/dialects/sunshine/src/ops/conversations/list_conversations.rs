//! ListConversations: `GET /v2/apps/{appId}/conversations`.

use wire::sunshine::types::ConversationListResponse;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;
use crate::validate::{At, participant};

pub(crate) async fn list_conversations(call: AppCall) -> Result<Reply> {
    let query = &call.request.query;
    let (id, external_id) = (query.nested("filter", "userId")?, query.nested("filter", "userExternalId")?);
    let user = participant::user(id, external_id, None).at("filter")?;
    let page = call.request.hub.list_conversations(&call.grant, &user, query.page()?).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |view| view.conversation.id);
    let conversations = page.items.iter().map(show::conversation::conversation).collect();
    Ok(Reply::ok(&ConversationListResponse { conversations, meta, links }))
}
