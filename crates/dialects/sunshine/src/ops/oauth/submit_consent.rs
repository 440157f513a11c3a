//! SubmitConsent: `POST /oauth/authorize`, the form of the consent page. First it brings an account's
//! key, then the choice of an app.

use std::sync::Arc;

use axum::http::StatusCode;
use hub::{Caller, Cursor, HubError, LiveKey, PageRequest, Thing};

use super::asked::Asked;
use super::page::{self, Look};
use super::session;
use crate::http::call::{OpenCall, Request};
use crate::http::error::{ApiError, Result};
use crate::http::query::Query;
use crate::http::reply::Reply;

/// Apps on one page.
const APPS_SHOWN_MAX: usize = 50;

const STALE: &str = "The page was open for too long, or your browser keeps no cookies. Please try again.";
const WRONG_KEY: &str = "There is no account key with this id and secret.";
const NO_SUCH_APP: &str = "Please choose one of your apps.";

pub(crate) async fn submit_consent(call: OpenCall) -> Result<Reply> {
    let request = &call.request;
    let asked = Asked::read(request).await?;
    let look = Look::new(request, &asked);
    let form = Query::parse(&String::from_utf8_lossy(&request.bytes));
    let again = |status, notice| Ok(page::reply(&look, status, page::sign_in(&look, Some(notice))));
    if !session::belongs(&request.headers, form.get("csrf")) {
        return again(StatusCode::BAD_REQUEST, STALE);
    }
    if form.get("decision") == Some("deny") {
        return Ok(page::lead_back(asked.answer("error", "access_denied")?));
    }
    let Some(key) = shown_key(request, &asked, &form).await? else {
        let notice = if form.get("session").is_some() { STALE } else { WRONG_KEY };
        return again(StatusCode::UNAUTHORIZED, notice);
    };
    if form.get("decision") != Some("allow") {
        return choose(&look, &asked, &key, &form, None).await;
    }
    // What was typed was meant.
    let app = form.get("appId").map(str::trim).or(form.get("app"));
    match code(request, &asked, &key.caller, app).await {
        Ok(code) => Ok(page::lead_back(asked.answer("code", &code)?)),
        Err(HubError::NotFound(Thing::App)) => choose(&look, &asked, &key, &form, Some(NO_SUCH_APP)).await,
        Err(error) => Err(error.into()),
    }
}

/// The account's key that the form brings, or that was shown on the page before. What does not fit is
/// counted.
async fn shown_key(request: &Request, asked: &Asked, form: &Query) -> Result<Option<Arc<LiveKey>>> {
    let (named, found) = match (form.get("session"), form.get("keyId"), form.get("secret")) {
        (Some(session), ..) => {
            let named = session::key_id(session).unwrap_or_default();
            (named, session::resume(&request.hub, session, &asked.client_id).await?)
        }
        (None, Some(id), Some(secret)) => {
            (id.trim().to_owned(), session::key(&request.hub, id, secret).await?)
        }
        _ => return Ok(None),
    };
    if found.is_none() {
        let is_known = request.hub.live_key(&named).await?.is_some();
        let counted = request.limiter.check_refused(is_known.then_some(named.as_str()));
        counted.map_err(ApiError::too_many_requests)?;
    }
    Ok(found)
}

/// The page with the apps of the account.
async fn choose(
    look: &Look<'_>,
    asked: &Asked,
    key: &LiveKey,
    form: &Query,
    notice: Option<&str>,
) -> Result<Reply> {
    let hub = &look.request.hub;
    let cursor = form.get("after").and_then(|id| id.parse().ok()).map_or(Cursor::Start, Cursor::After);
    let apps = hub.list_apps(&key.caller, PageRequest { cursor, size: APPS_SHOWN_MAX }).await?;
    let session = session::begin(hub, key, &asked.client_id)?;
    let status = if notice.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(page::reply(look, status, page::choose(look, &session, &apps, notice)))
}

async fn code(
    request: &Request,
    asked: &Asked,
    caller: &Arc<Caller>,
    app: Option<&str>,
) -> hub::Result<String> {
    let app = app.and_then(|id| id.parse().ok()).ok_or(HubError::NotFound(Thing::App))?;
    let redirect_uri = asked.redirect_uri.as_deref();
    let (code, _) = request.hub.authorize_oauth(caller, app, &asked.client_id, redirect_uri).await?;
    Ok(code)
}
