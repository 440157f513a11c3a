//! New secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use store::StoreError;

/// The secret of an API key: 64 random bytes as 86 characters of URL-safe base64
/// (sunshine-v2.md §10.2).
pub fn key_secret() -> String {
    let halves: [[u8; 32]; 2] = [rand::random(), rand::random()];
    URL_SAFE_NO_PAD.encode(halves.concat())
}

/// The secret of a webhook: 32 hex digits.
pub fn webhook_secret() -> String {
    bits_128()
}

/// The random part of an attachment's URL: 128 bits as 32 hex digits.
pub fn attachment_token() -> String {
    bits_128()
}

/// Half of the signing keys of an endpoint: 16 random bytes as 32 upper-case hex digits.
pub fn signing_half() -> String {
    format!("{:032X}", rand::random::<u128>())
}

/// The name of a key that signs access tokens: 128 random bits as 32 hex digits.
pub fn token_key_id() -> String {
    bits_128()
}

/// A key pair that signs access tokens: the private half as PKCS#8, the public one as a point.
pub fn token_key_pair() -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    let broken = || StoreError::Engine("the machine gives no randomness for a key".to_owned());
    let random = SystemRandom::new();
    let private =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| broken())?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private.as_ref(), &random);
    let public = pair.map_err(|_| broken())?.public_key().as_ref().to_vec();
    Ok((private.as_ref().to_vec(), public))
}

/// An authorization code: 256 random bits as 43 characters of URL-safe base64.
pub fn oauth_code() -> String {
    bits_256()
}

/// The secret of an OAuth client: 256 random bits as 43 characters of URL-safe base64.
pub fn oauth_client_secret() -> String {
    bits_256()
}

fn bits_128() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn bits_256() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}
