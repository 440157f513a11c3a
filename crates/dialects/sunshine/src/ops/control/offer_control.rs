//! OfferControl: `POST /v2/apps/{appId}/conversations/{conversationId}/offerControl`.

use crate::http::call::AppCall;
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate::control::offer;

pub(crate) async fn offer_control(call: AppCall) -> Result<Reply> {
    super::act(call, offer).await
}
