//! Where tokens are made, and the keys that verify them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub::VerifyingKey;
use serde_json::{Value, json};

use super::Audience;
use crate::http::call::OpenCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

/// Bytes of a coordinate of P-256.
const COORDINATE_BYTES: usize = 32;

/// `GET /.well-known/openid-configuration`
pub(crate) async fn configuration(call: OpenCall) -> Result<Reply> {
    let url = &call.request.hub.settings().public_url;
    Ok(Reply::ok(&json!({
        "issuer": url,
        "token_endpoint": format!("{url}/connect/token"),
        "jwks_uri": format!("{url}/.well-known/openid-configuration/jwks"),
        "scopes_supported": [Audience::Portal.scope(), Audience::Engine.scope()],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })))
}

/// `GET /.well-known/openid-configuration/jwks`
pub(crate) async fn keys(call: OpenCall) -> Result<Reply> {
    let keys = call.request.hub.verifying_keys().await?;
    let keys: Vec<Value> = keys.iter().filter_map(jwk).collect();
    Ok(Reply::ok(&json!({ "keys": keys })))
}

/// A key as a JSON Web Key; its point is written as a leading byte and two coordinates.
fn jwk(key: &VerifyingKey) -> Option<Value> {
    let (x, y) = key.public_key.get(1..)?.split_at_checked(COORDINATE_BYTES)?;
    Some(json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key.id,
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
    }))
}
