//! What leaves the server: the guarded HTTP client, webhooks, channels and their retries.

mod channels;
pub mod http;
mod partners;
pub mod retry;
pub mod signature;
mod webhooks;

pub use channels::{
    ChannelConversions, ChannelProvisioner, ChannelSet, ChannelSettings, Followers, MediaFetcher, Opened,
};
pub use partners::Farewells;
pub use webhooks::{WebhookConfig, Webhooks};
