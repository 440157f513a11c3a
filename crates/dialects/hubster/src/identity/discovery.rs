//! Where tokens are made, and the keys that verify them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub::VerifyingKey;
use serde_json::{Map, json};
use wire::hubster::types::{Discovery, KeySet, WebKey};

use super::Audience;
use crate::http::call::OpenCall;
use crate::http::error::Result;
use crate::http::reply::Reply;

/// Bytes of a coordinate of P-256.
const COORDINATE_BYTES: usize = 32;

/// `GET /.well-known/openid-configuration`
pub(crate) async fn configuration(call: OpenCall) -> Result<Reply> {
    let url = &call.request.hub.settings().public_url;
    // What clients of OpenID look for besides; nothing of it depends on the server.
    let more = [
        ("scopes_supported", json!([Audience::Portal.scope(), Audience::Engine.scope()])),
        ("grant_types_supported", json!(["client_credentials"])),
        ("response_types_supported", json!(["token"])),
        ("subject_types_supported", json!(["public"])),
        ("token_endpoint_auth_methods_supported", json!(["client_secret_post"])),
        ("id_token_signing_alg_values_supported", json!(["ES256"])),
    ];
    Ok(Reply::ok(&Discovery {
        issuer: url.clone(),
        token_endpoint: format!("{url}/connect/token"),
        jwks_uri: format!("{url}/.well-known/openid-configuration/jwks"),
        more: more.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }))
}

/// `GET /.well-known/openid-configuration/jwks`
pub(crate) async fn keys(call: OpenCall) -> Result<Reply> {
    let keys = call.request.hub.verifying_keys().await?;
    Ok(Reply::ok(&KeySet { keys: keys.iter().filter_map(web_key).collect() }))
}

/// A key as a JSON Web Key; its point is written as a leading byte and two coordinates.
fn web_key(key: &VerifyingKey) -> Option<WebKey> {
    let (x, y) = key.public_key.get(1..)?.split_at_checked(COORDINATE_BYTES)?;
    Some(WebKey {
        kty: "EC".to_owned(),
        crv: Some("P-256".to_owned()),
        alg: Some("ES256".to_owned()),
        usage: Some("sig".to_owned()),
        kid: Some(key.id.clone()),
        x: Some(URL_SAFE_NO_PAD.encode(x)),
        y: Some(URL_SAFE_NO_PAD.encode(y)),
        more: Map::new(),
    })
}
