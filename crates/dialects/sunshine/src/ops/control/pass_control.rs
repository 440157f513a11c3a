//! PassControl: `POST /v2/apps/{appId}/conversations/{conversationId}/passControl`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate::control::pass;

pub(crate) async fn pass_control(call: AppCall) -> Result<Reply> {
    super::act(call, pass).await
}
