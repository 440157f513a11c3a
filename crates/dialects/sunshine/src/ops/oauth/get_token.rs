//! GetToken: `POST /oauth/token`. A partner exchanges its code for a token that does not expire.

use hub::HubError;
use serde::Serialize;
use wire::sunshine::types::{TokenBody, TokenResponse};

use crate::http::call::OpenCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::http::token;
use crate::validate::{At, Checked, refuse};

/// What the token says (sunshine-v2.md §1.4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    scope: &'static str,
    app_id: String,
    azp: String,
    iat: i64,
}

pub(crate) async fn get_token(call: OpenCall) -> Result<Reply> {
    let body: TokenBody = call.request.json()?;
    grant_type(&body.grant_type)?;
    let (code, secret) = (body.code.expose(), body.client_secret.expose());
    let exchanged = call.request.hub.exchange_oauth_code(code, &body.client_id, secret).await;
    if let Err(HubError::Invalid(_)) = &exchanged {
        let known = call.request.hub.knows_oauth_client(&body.client_id).await?;
        let counted = call.request.limiter.check_refused(known.then_some(body.client_id.as_str()));
        counted.map_err(ApiError::too_many_requests)?;
    }
    let key = exchanged?;
    let claims = Claims {
        scope: wire::Scope::Integration.as_str(),
        app_id: key.app_id.to_string(),
        azp: key.client_id,
        iat: call.request.hub.now().0 / 1_000,
    };
    let access_token = token::sign(&key.key_id, &key.secret, &claims)?.into();
    let reply = Reply::ok(&TokenResponse { access_token, token_type: "Bearer".to_owned() });
    Ok(reply.header("cache-control", "no-store".to_owned()))
}

fn grant_type(given: &str) -> Checked {
    match given {
        "authorization_code" => Ok(()),
        _ => refuse("must be authorization_code").at("grant_type"),
    }
}
