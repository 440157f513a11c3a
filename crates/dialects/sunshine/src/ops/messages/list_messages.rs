//! ListMessages: `GET /v2/apps/{appId}/conversations/{conversationId}/messages`.

use hub::PageRequest;
use model::limits::MESSAGES_PAGE_MAX;
use wire::sunshine::types::MessageListOut;

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::show;

pub(crate) async fn list_messages(call: AppCall) -> Result<Reply> {
    let hub = &call.request.hub;
    // Clients send a size here that the vendor ignores (sunshine-v2.md §3.6).
    let request = PageRequest { cursor: call.request.query.cursor()?, size: MESSAGES_PAGE_MAX };
    let page = hub.list_messages(&call.grant, call.conversation()?, request).await?;
    let (meta, links) = show::page::meta(&call.request, &page, |view| view.message.id);
    let messages = page.items.iter().map(|view| show::message::message(hub, view)).collect();
    Ok(Reply::ok(&MessageListOut { messages, meta, links }))
}
