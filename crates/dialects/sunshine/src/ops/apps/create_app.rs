//! CreateApp: `POST /v2/apps`.

use model::record::App;
use wire::sunshine::types::AppResponse;

use crate::http::call::{CallerCall, Repeat};
use crate::http::error::Result;
use crate::http::reply::Reply;
use crate::{show, validate};

pub(crate) async fn create_app(call: CallerCall) -> Result<Reply> {
    let draft = validate::app::create(call.request.json()?)?;
    let app = call.request.hub.create_app(&call.caller, call.once.clone(), draft).await?;
    Ok(created(&app))
}

/// The repeat has a grant for what the first request made.
pub(crate) async fn replay(repeat: Repeat) -> Result<Reply> {
    Ok(created(&repeat.grant.app))
}

fn created(app: &App) -> Reply {
    Reply::created(&AppResponse { app: show::app::app(app) })
}
