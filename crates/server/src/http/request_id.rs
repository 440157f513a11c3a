//! The name of a request, in its log lines and in its answer.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header, both ways.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that a caller may choose.
const BYTES_MAX: usize = 128;

/// The id of a request: the caller's, if it is a sane one, otherwise a new one.
#[derive(Clone, Debug)]
pub(super) struct RequestId(HeaderValue);

impl RequestId {
    pub(super) fn of(headers: &HeaderMap) -> RequestId {
        let chosen = headers.get(X_REQUEST_ID).filter(|value| is_sane(value.as_bytes()));
        RequestId(chosen.cloned().unwrap_or_else(new))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn into_header(self) -> HeaderValue {
        self.0
    }
}

/// Nothing that could break a log line or a page.
fn is_sane(id: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(byte);
    (1..=BYTES_MAX).contains(&id.len()) && id.iter().all(letter)
}

/// A random UUID (RFC 9562, version 4), as one of the vendors writes its request ids.
fn new() -> HeaderValue {
    let bits = (rand::random::<u128>() & !(0xf << 76) & !(0b11 << 62)) | (0x4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let uuid = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    HeaderValue::try_from(uuid).unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sane_ids_are_kept_and_others_replaced() {
        let id = |value: &[u8]| {
            let headers = HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_bytes(value).unwrap())]);
            RequestId::of(&headers).as_str().to_owned()
        };
        assert_eq!(id(b"7b2d-4.x:1"), "7b2d-4.x:1");
        for odd in [b"".as_slice(), b"a b", b"<script>", b"a\"b", &[b'x'; 129], b"\xff"] {
            let made = id(odd);
            assert!(made.len() == 36 && made.as_bytes()[14] == b'4', "{made}");
            assert!(made.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{made}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()).as_str(), RequestId::of(&HeaderMap::new()).as_str());
    }
}
