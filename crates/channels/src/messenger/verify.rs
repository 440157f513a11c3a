//! Who calls us, and proving who we are (channels.md §2.1).

use http::{Method, StatusCode};
use url::form_urlencoded;

use crate::channel::{Account, HookError, HookReply, HookRequest};
use crate::kit::crypto::{hex, hmac_sha256, same, single_header};

pub(super) const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// `sha256=` and the HMAC of the body under the app's secret.
pub(super) fn signature(account: &Account<'_>, request: &HookRequest<'_>) -> Result<(), HookError> {
    let secret = account.text("appSecret");
    let given = single_header(request.headers, SIGNATURE_HEADER).unwrap_or_default();
    let expected = format!("sha256={}", hex(&hmac_sha256(secret.as_bytes(), request.body)));
    match !secret.is_empty() && same(expected.as_bytes(), given) {
        true => Ok(()),
        false => Err(HookError::Unverified(StatusCode::FORBIDDEN)),
    }
}

/// Meta asks with our token while we subscribe, before the integration is whole: so the token follows
/// from what is known by then.
pub(super) fn verify_token(account: &Account<'_>) -> String {
    let text = format!("verify token of {}", account.integration_id);
    hex(&hmac_sha256(account.text("appSecret").as_bytes(), text.as_bytes()))
}

/// The answer to Meta's question whether the address is ours.
pub(super) fn handshake(account: &Account<'_>, request: &HookRequest<'_>) -> Option<HookReply> {
    if request.method != Method::GET {
        return None;
    }
    let query = |name: &str| {
        let found = form_urlencoded::parse(request.query.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let knows = same(verify_token(account).as_bytes(), query("hub.verify_token").as_bytes());
    let is_allowed = query("hub.mode") == "subscribe" && knows && !account.text("appSecret").is_empty();
    Some(match is_allowed {
        true => {
            HookReply { status: StatusCode::OK, content_type: "text/plain", body: query("hub.challenge") }
        }
        false => HookReply { status: StatusCode::FORBIDDEN, content_type: "text/plain", body: String::new() },
    })
}

/// What a call carries beside its token, so that a stolen token alone is worth nothing.
pub(super) fn appsecret_proof(secret: &str, token: &str) -> String {
    hex(&hmac_sha256(secret.as_bytes(), token.as_bytes()))
}
