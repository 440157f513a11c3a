//! What the vendor's SDK wants to decrypt (exotel.md, "Users of an app"). Its key is published in its own
//! source and so protects nothing: only random texts are encrypted under it, never a secret.

use aes::Aes256;
use cfb_mode::Encryptor;
use cfb_mode::cipher::{AsyncStreamCipher as _, KeyIvInit as _};
use data_encoding::HEXLOWER;

/// The SDK's key, as its source says it.
const PUBLISHED_KEY: &[u8; 32] = b"change this password to a secret";

/// Hex digits, the way the SDK reads them: 16 bytes of IV, then the AES-256-CFB of the text.
pub(super) fn published(text: &str, iv: [u8; 16]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    Encryptor::<Aes256>::new(PUBLISHED_KEY.into(), &iv.into()).encrypt(&mut bytes);
    format!("{}{}", HEXLOWER.encode(&iv), HEXLOWER.encode(&bytes))
}

/// A random text in that form.
pub(super) fn random_secret() -> String {
    published(&format!("{:032x}", rand::random::<u128>()), rand::random())
}

#[cfg(test)]
mod tests {
    use super::*;

    const IV: &str = "000102030405060708090a0b0c0d0e0f";

    /// Made with OpenSSL: `enc -aes-256-cfb -nopad`, key and IV as here.
    #[test]
    fn it_is_what_openssl_makes() {
        let iv = std::array::from_fn(|place| place as u8);
        assert_eq!(
            published("twenty bytes of text", iv),
            format!("{IV}40f5d5890e8aedd1da988253883ff169ccec6a95")
        );
    }

    #[test]
    fn it_differs_every_time() {
        let (one, other) = (random_secret(), random_secret());
        assert_ne!(one, other);
        assert_eq!(one.len(), 32 + 64);
    }
}
