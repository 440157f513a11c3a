//! ReleaseControl: `POST /v2/apps/{appId}/conversations/{conversationId}/releaseControl`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate::control::release;

pub(crate) async fn release_control(call: AppCall) -> Result<Reply> {
    super::act(call, release).await
}
