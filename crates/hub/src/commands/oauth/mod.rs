//! Partners that come in by OAuth (sunshine-v2.md §1.8, decision 20).

mod authorize;
mod exchange;
mod register;
mod revoke;
#[cfg(test)]
mod tests;

pub use exchange::SigningKey;
pub use register::{NewOAuthClient, OAuthClientDraft};
pub use revoke::Parting;

use sha2::{Digest, Sha256};

/// What is stored of an authorization code.
fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}
