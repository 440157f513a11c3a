//! ListUsers: `GET /v2/apps/{appId}/users`.

use wire::sunshine::types::UserListResponse;

use crate::http::call::AppCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::show;

/// The only way to find users: what they have proven, never what their profile says.
const FILTER: &str = "identities.email";

pub(crate) async fn list_users(call: AppCall) -> Result<Reply> {
    let query = &call.request.query;
    let Some(email) = query.nested("filter", FILTER)? else {
        return Err(ApiError::bad_request(format!("filter.{FILTER}: is required")));
    };
    let found = call.request.hub.list_users_by_email(&call.grant, &email, query.get("brandId")).await?;
    Ok(Reply::ok(&UserListResponse { users: found.iter().map(show::user::user).collect() }))
}
