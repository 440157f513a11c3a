//! Callbacks of Meta: in its envelope, escaped as Meta escapes, signed (channels.md §1.1, §2.2).

use bytes::Bytes;
use hmac::{Hmac, Mac as _};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::callback::Ready;
use crate::http::client::Outgoing;
use crate::ids::hex;
use crate::world::World;

/// `X-Hub-Signature-256` of a body.
pub fn signature(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac_hex(app_secret, body))
}

/// HMAC-SHA256 in lower-case hex.
pub(super) fn hmac_hex(key: &str, text: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(text);
    hex(&mac.finalize().into_bytes())
}

/// A callback, made ready; nowhere when the app or the page does not want it.
pub(crate) fn ready(
    world: &World,
    page_id: &str,
    field: &str,
    item: &Value,
    bad_signature: bool,
    now_ms: i64,
) -> Ready {
    let Some(page) = world.pages.iter().find(|page| page.page_id == page_id) else { return Ready::Nowhere };
    let Some(app) = world.meta_apps.iter().find(|app| app.app_id == page.app_id) else {
        return Ready::Nowhere;
    };
    let wanted = |fields: &[String]| fields.iter().any(|known| known == field);
    if app.callback_url.is_empty() || !wanted(&app.fields) || !wanted(&page.subscribed_fields) {
        return Ready::Nowhere;
    }
    let body = json!({"object": "page", "entry": [{"id": page_id, "time": now_ms, "messaging": [item]}]});
    let body = escaped(&body.to_string());
    let key = if bad_signature { "another key" } else { &app.app_secret };
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", "facebookexternalua".to_owned()),
        ("x-hub-signature-256", signature(key, body.as_bytes())),
    ];
    Ready::Send(Outgoing {
        method: Method::POST,
        url: app.callback_url.clone(),
        headers,
        body: Bytes::from(body),
    })
}

/// JSON as Meta writes it: slashes and everything outside ASCII escaped.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        match c {
            '/' => text.push_str("\\/"),
            c if c.is_ascii() => text.push(c),
            c => {
                for unit in c.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{escaped, signature};

    #[test]
    fn bodies_are_signed_as_meta_signs_them() {
        let body = br#"{"object":"page","entry":[{"id":"1","time":1700000000000,"messaging":[]}]}"#;
        let expected = "sha256=3fef83212f164131a34cef6a172badd59637ae71a74fc0d3186426217a4d043d";
        assert_eq!(signature("meta-app-secret", body), expected);
        let escaped_body = "sha256=d4e1dc62cc740c7e4cc9c3670eed8e6b15b5d3a912816a8a8f42a22bb16b8115";
        assert_eq!(signature("meta-app-secret", br#"{"t":"\u00e4"}"#), escaped_body);
    }

    #[test]
    fn what_is_not_ascii_is_escaped_in_utf_16() {
        assert_eq!(escaped(r#"{"t":"ä/😀"}"#), r#"{"t":"\u00e4\/\ud83d\ude00"}"#);
    }
}
