//! A typed client of Sunshine Conversations v2, Hubster, Exotel's integrations core and Crosspoint.
//!
//! ```no_run
//! use crosspoint_client::sunshine::types::{Author, Content, MessagePost};
//! use crosspoint_client::{Client, Credentials};
//!
//! # async fn example() -> Result<(), crosspoint_client::Error> {
//! let client = Client::builder("http://127.0.0.1:8080")
//!     .credentials(Credentials::basic("app_5d8cff3cd55b040010928b5b", "the secret"))
//!     .build()?;
//! let hello = MessagePost::new(Author::business(), Content::text("Hello!"));
//! client.sunshine().post_message("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &hello).await?;
//! # Ok(()) }
//! ```
//!
//! - [`Client`] knows where the server is, who asks, and how patient the caller is. It is cheap to clone.
//! - [`sunshine::Sunshine`] has a method for each operation of the vendor's API, under the name that its
//!   own client libraries use; [`crosspoint::Crosspoint`] has those that only Crosspoint knows.
//! - `hubster::{Identity, Portal, Engine}` and `exotel::Exotel` have those of the two other APIs, behind
//!   features.
//! - A method gives a [`Call`], which is sent when it is awaited. Before that it takes options: a key that
//!   makes it repeatable, a size of page, a time-out.
//! - Lists are pages; [`Call::stream`] walks all of them.
//! - What the server refuses is an [`Error`] with status, code and the id of the request.
//!
//! # What is sent again
//! An answer of 429 or 503 and a broken connection are tried again after a pause, with jitter, never
//! earlier than `Retry-After` says, and only if that cannot do a thing twice: see [`Retry`].
//!
//! # Features
//! `sunshine` (on unless switched off): Sunshine and Crosspoint's own. `hubster`, `exotel`: the other two
//! APIs. `signalr`: Hubster's activities as they happen. `receive`: reading and verifying webhooks. `axum`:
//! extractors of webhooks.
#![deny(missing_docs)]

#[cfg(not(any(feature = "sunshine", feature = "hubster", feature = "exotel")))]
compile_error!("choose an API: the feature sunshine, hubster or exotel");

#[cfg(any(feature = "hubster", feature = "exotel"))]
mod buyer;
mod call;
mod client;
mod clock;
mod credentials;
mod error;
mod form;
#[doc(hidden)]
pub mod methods;
mod path;
mod reply;
mod retry;

#[cfg(feature = "sunshine")]
pub mod crosspoint;
#[cfg(feature = "exotel")]
pub mod exotel;
#[cfg(feature = "hubster")]
pub mod hubster;
#[cfg(feature = "sunshine")]
mod pages;
#[cfg(feature = "receive")]
pub mod receive;
#[cfg(feature = "signalr")]
pub mod signalr;
#[cfg(feature = "sunshine")]
pub mod sunshine;

pub use call::{Call, Upload};
pub use client::{Builder, Client};
pub use credentials::Credentials;
pub use error::{Error, Reason, Refusal};
#[cfg(feature = "sunshine")]
pub use pages::{Filtered, Paged};
pub use retry::Retry;
pub use wire::{Operation, Secret};
