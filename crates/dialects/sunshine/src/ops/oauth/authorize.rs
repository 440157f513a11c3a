//! Authorize: `GET /oauth/authorize`. The page that asks for consent; its form is answered by
//! SubmitConsent.

use axum::http::StatusCode;

use super::asked::Asked;
use super::page::{self, Look};
use crate::http::call::OpenCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

pub(crate) async fn authorize(call: OpenCall) -> Result<Reply> {
    let asked = Asked::read(&call.request).await?;
    let look = Look::new(&call.request, &asked);
    Ok(page::reply(&look, StatusCode::OK, page::sign_in(&look, None)))
}
