//! ExotelOutboundCall: `POST /v2/integrations/call/outbound_call`.

use axum::http::StatusCode;

use crate::http::call::{AppCall, Data};
use crate::http::error::{ApiError, Result};

/// There is no voice channel, and no answer claims that there is one.
pub(super) async fn outbound_call(_: AppCall) -> Result<Data> {
    Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "there is no voice channel: calls cannot be made"))
}
