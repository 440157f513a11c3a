//! Sealing of secrets at rest: XChaCha20-Poly1305 under the server's sealing key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use store::StoreError;

use crate::error::{HubError, Result};

const NONCE_BYTES: usize = 24;
/// Bytes of a sealing key.
pub const SEALING_KEY_BYTES: usize = 32;

/// Seals and opens secrets. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// A sealer with a key of 32 bytes.
    pub fn new(key: &[u8; SEALING_KEY_BYTES]) -> Sealer {
        Sealer { cipher: XChaCha20Poly1305::new(Key::from_slice(key)) }
    }

    /// A sealer with a key in base64, as `CROSSPOINT_SEALING_KEY` and the key file hold it.
    pub fn from_base64(text: &str) -> Option<Sealer> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        let key: &[u8; SEALING_KEY_BYTES] = bytes.as_slice().try_into().ok()?;
        Some(Sealer::new(key))
    }

    /// Seals a secret; each time with another nonce, which stands in front.
    pub fn seal(&self, secret: &str) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let sealed =
            self.cipher.encrypt(XNonce::from_slice(&nonce), secret.as_bytes()).map_err(|_| broken())?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens a sealed secret.
    ///
    /// # Errors
    /// Internal, when it was sealed with another key or is damaged.
    pub fn open(&self, sealed: &[u8]) -> Result<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(broken)?;
        let open = self.cipher.decrypt(XNonce::from_slice(nonce), sealed).map_err(|_| broken())?;
        String::from_utf8(open).map_err(|_| broken())
    }
}

fn broken() -> HubError {
    HubError::Internal(StoreError::Damaged("a sealed secret does not fit the sealing key".into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let sealer = Sealer::new(&[7; 32]);
        let sealed = sealer.seal("secret").unwrap();
        assert_eq!(sealer.open(&sealed).unwrap(), "secret");
        assert!(Sealer::new(&[8; 32]).open(&sealed).is_err());
        assert!(sealer.open(&sealed[..20]).is_err());
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(sealer.open(&bent).is_err());
        assert_ne!(sealer.seal("secret").unwrap(), sealed);
    }
}
