//! New secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The secret of an API key: 64 random bytes as 86 characters of URL-safe base64
/// (sunshine-v2.md §10.2).
pub fn key_secret() -> String {
    let halves: [[u8; 32]; 2] = [rand::random(), rand::random()];
    URL_SAFE_NO_PAD.encode(halves.concat())
}

/// The secret of a webhook: 32 hex digits.
pub fn webhook_secret() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// The random part of an attachment's URL: 128 bits as 32 hex digits.
pub fn attachment_token() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// An authorization code: 256 random bits as 43 characters of URL-safe base64.
pub fn oauth_code() -> String {
    bits_256()
}

/// The secret of an OAuth client: 256 random bits as 43 characters of URL-safe base64.
pub fn oauth_client_secret() -> String {
    bits_256()
}

fn bits_256() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
