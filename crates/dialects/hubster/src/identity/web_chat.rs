//! `GET /api/v1/integrations/web-chat/token/{integrationId}` (hubster.md §3.4).

use hub::{HubError, Thing};
use model::limits::ACCESS_TOKEN_LIFE_MS;
use wire::hubster::types::TokenReply;

use super::Visitor;
use crate::http::call::OpenCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;

/// The type of a visitor's token. Published clients compare it exactly.
const TOKEN_TYPE: &str = "WebBearer";

/// Gives a visitor a token, if the page may embed the integration.
pub(crate) async fn token(call: OpenCall) -> Result<Reply> {
    let request = call.request;
    let integration = request.named("id")?.id().ok_or(HubError::NotFound(Thing::Integration))?;
    let is_known = request.hub.is_integration(integration).await?;
    let counted = is_known.then(|| integration.to_string());
    request.limiter.check_free(counted.as_deref()).map_err(ApiError::TooFast)?;
    let access_token = Visitor::welcome(&request.hub, &request.tokens, &request.headers, integration).await?;
    let reply = TokenReply {
        access_token,
        // Minutes: the clients of this route read them so. As seconds the number is merely early.
        expires_in: u64::try_from(ACCESS_TOKEN_LIFE_MS / 60_000).unwrap_or_default(),
        token_type: TOKEN_TYPE.to_owned(),
        scope: None,
    };
    Ok(Reply::ok(&reply).header("cache-control", "no-store".to_owned()))
}
