//! A typed client of Sunshine Conversations v2 and of Crosspoint.
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
//! `sunshine` (on unless switched off): the two APIs. `receive`: reading and verifying webhooks.
//! `axum`: an extractor of webhooks.
#![deny(missing_docs)]

mod call;
mod client;
mod clock;
mod credentials;
mod error;
mod methods;
mod path;
mod reply;
mod retry;

#[cfg(feature = "sunshine")]
pub mod crosspoint;
#[cfg(feature = "sunshine")]
mod pages;
#[cfg(feature = "receive")]
pub mod receive;
#[cfg(feature = "sunshine")]
pub mod sunshine;

pub use call::{Call, Upload};
pub use client::{Builder, Client};
pub use credentials::Credentials;
pub use error::{Error, Refusal};
#[cfg(feature = "sunshine")]
pub use pages::{Filtered, Paged};
pub use retry::Retry;
pub use wire::{Operation, Secret};
