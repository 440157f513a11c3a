//! Channels: the plans of the connectors, carried out.
//!
//! A connector is pure; it says what to ask and what an answer means. Here are the one HTTP client, the
//! pace that a provider allows, and what follows for the outbox.

mod ask;
mod convert;
mod file;
mod follow;
mod job;
mod makings;
mod media;
mod pace;
mod preview;
mod provision;
mod request;
mod send;
mod set;

pub use convert::ChannelConversions;
pub use follow::Followers;
pub use media::MediaFetcher;
pub use provision::ChannelProvisioner;
pub(crate) use send::{Handed, Sender};
pub use set::{ChannelSet, ChannelSettings, Opened};
