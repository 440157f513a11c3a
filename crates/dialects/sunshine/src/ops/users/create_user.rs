//! CreateUser: `POST /v2/apps/{appId}/users`.

use hub::{Thing, UserRef};

use super::shown;
use crate::http::call::{AppCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::validate;

pub(crate) async fn create_user(call: AppCall) -> Result<Reply> {
    let draft = call.body(validate::user::create)?;
    let user = call.request.hub.create_user(&call.grant, draft).await?;
    Ok(Reply::created(&shown(&user)))
}

pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    let user = UserRef::new(repeat.id(Thing::User)?.to_string());
    Ok(Reply::created(&shown(&repeat.hub.user(&repeat.grant, &user).await?)))
}
