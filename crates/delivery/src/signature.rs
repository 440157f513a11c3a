//! Signatures of Standard Webhooks (<https://www.standardwebhooks.com>, decision 31).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

/// The header with the id of the event, the same in every attempt.
pub const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
/// The header with the time of this attempt, Unix seconds.
pub const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// The header with `v1,` and the signature in base64.
pub const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// What the published libraries allow before a secret.
const SECRET_PREFIX: &str = "whsec_";

/// The key of one webhook, ready to sign. The library that is published for it takes only text as a body,
/// and copies them.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

/// A secret or an id that cannot take part in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The secret is not base64.
    #[error("the webhook's secret is not base64")]
    Secret,
    /// The id cannot stand in a header.
    #[error("the webhook id cannot stand in a header")]
    Id,
}

impl SigningKey {
    /// The key that a webhook's secret stands for: its base64 decoding, which 32 hex digits allow.
    pub fn from_secret(secret: &str) -> Result<SigningKey, SignatureError> {
        let encoded = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
        let key = STANDARD.decode(encoded).map_err(|_| SignatureError::Secret)?;
        Hmac::new_from_slice(&key).map(SigningKey).map_err(|_| SignatureError::Secret)
    }

    /// The value of `webhook-signature` for one attempt.
    pub fn sign(&self, id: &str, unix_seconds: i64, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(id.as_bytes());
        mac.update(format!(".{unix_seconds}.").as_bytes());
        mac.update(body);
        let mut signature = String::from("v1,");
        STANDARD.encode_string(mac.finalize().into_bytes(), &mut signature);
        signature
    }

    /// Puts the three headers of one attempt into `headers`.
    pub fn add_headers(
        &self,
        headers: &mut HeaderMap,
        id: &str,
        unix_seconds: i64,
        body: &[u8],
    ) -> Result<(), SignatureError> {
        let id_value = HeaderValue::from_str(id).map_err(|_| SignatureError::Id)?;
        let signature = HeaderValue::try_from(self.sign(id, unix_seconds, body));
        headers.insert(WEBHOOK_SIGNATURE, signature.map_err(|_| SignatureError::Id)?);
        headers.insert(WEBHOOK_ID, id_value);
        headers.insert(WEBHOOK_TIMESTAMP, HeaderValue::from(unix_seconds));
        Ok(())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::time::{SystemTime, UNIX_EPOCH};

    use proptest::prelude::*;
    use standardwebhooks::Webhook;

    use super::*;

    #[allow(clippy::disallowed_methods)] // the published verifier reads the machine's clock
    fn now_seconds() -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
    }

    #[test]
    fn gives_the_signature_of_the_published_example() {
        let key = SigningKey::from_secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        assert_eq!(
            key.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body),
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        );
    }

    #[test]
    fn the_published_library_verifies_with_the_secret_as_it_stands() {
        let secret = "0123456789abcdef0123456789abcdef";
        let body = br#"{"events":[]}"#;
        let mut headers = HeaderMap::new();
        let key = SigningKey::from_secret(secret).unwrap();
        key.add_headers(&mut headers, "5f7c8ac1bcbb9a1d3c4f0001", now_seconds(), body).unwrap();
        let theirs = Webhook::new(secret).unwrap();
        theirs.verify(body, &headers).unwrap();
        assert!(theirs.verify(br#"{"events":[1]}"#, &headers).is_err());
        let other = Webhook::new("1123456789abcdef0123456789abcdef").unwrap();
        assert!(other.verify(body, &headers).is_err());
        headers.insert(WEBHOOK_ID, HeaderValue::from_static("another"));
        assert!(theirs.verify(body, &headers).is_err());
    }

    #[test]
    fn unfit_secrets_and_ids_are_errors() {
        for secret in ["not base64!", "abc", "0123456789abcdef0123456789abcde"] {
            assert_eq!(SigningKey::from_secret(secret).unwrap_err(), SignatureError::Secret, "{secret}");
        }
        let key = SigningKey::from_secret("0123456789abcdef0123456789abcdef").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(key.add_headers(&mut headers, "a\nb", 0, b""), Err(SignatureError::Id));
        assert!(headers.is_empty());
    }

    #[test]
    fn the_debug_form_tells_nothing() {
        let key = SigningKey::from_secret("0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
    }

    proptest! {
        #[test]
        fn agrees_with_the_published_library(
            secret in "[0-9a-f]{32}", id in "[0-9a-f]{24}", seconds in 0i64..1 << 40, body in "\\PC{0,300}",
        ) {
            let ours = SigningKey::from_secret(&secret).unwrap().sign(&id, seconds, body.as_bytes());
            let theirs = Webhook::new(&secret).unwrap().sign(&id, seconds, body.as_bytes()).unwrap();
            prop_assert_eq!(ours, theirs);
        }
    }
}
