//! What leaves the server: the guarded HTTP client, webhooks and their retries.

pub mod http;
pub mod retry;
pub mod signature;
mod webhooks;

pub use webhooks::{WebhookConfig, Webhooks};
