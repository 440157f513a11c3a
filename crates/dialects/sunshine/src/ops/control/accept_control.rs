//! AcceptControl: `POST /v2/apps/{appId}/conversations/{conversationId}/acceptControl`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate::control::accept;

pub(crate) async fn accept_control(call: AppCall) -> Result<Reply> {
    super::act(call, accept).await
}
