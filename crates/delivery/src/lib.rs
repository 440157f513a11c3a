//! What leaves the server: the guarded HTTP client, webhooks and their retries.

pub mod http;
mod partners;
pub mod retry;
pub mod signature;
mod webhooks;

pub use partners::tell_partners;
pub use webhooks::{WebhookConfig, Webhooks};
