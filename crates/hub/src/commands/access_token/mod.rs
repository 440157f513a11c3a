//! What access tokens are bought and signed with: the secrets of an account's clients, and key pairs
//! that change from time to time.

mod client_secret;
mod signing;

pub use client_secret::{ClientSecretDraft, ClientSecretView};
pub use signing::{SigningPairView, VerifyingKey};
