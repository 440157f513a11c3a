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

fn new() -> HeaderValue {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let random: [u8; 8] = rand::random();
    let mut text = [0u8; 16];
    for (pair, byte) in text.chunks_exact_mut(2).zip(random) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("none"))
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
            assert!(made.len() == 16 && made.bytes().all(|byte| byte.is_ascii_hexdigit()), "{made}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()).as_str(), RequestId::of(&HeaderMap::new()).as_str());
    }
}
