//! Hubster: identity, portal and engine, one method an operation.
//!
//! ```no_run
//! use crosspoint_client::hubster::types::*;
//! use crosspoint_client::{Client, Credentials};
//!
//! # async fn example() -> Result<(), crosspoint_client::Error> {
//! let engine = Client::builder("https://engine.hubster.io")
//!     .identity("https://identity.hubster.io")
//!     .credentials(Credentials::hubster("hubster.engine.api.b205b3eca9d74243b88c017533957deb", "the secret"))
//!     .build()?
//!     .engine();
//! let integration = "00000000-0000-0000-0000-000000000001";
//! let conversation = engine.establish(&EstablishRequest::direct(integration, "customer-7")).await?;
//! let said = ActivityRequest::message(Message::text("Hello!"));
//! engine.customer_activity(&conversation.conversation_id, &said).await?;
//! # Ok(()) }
//! ```
//!
//! A token opens one resource, so that portal and engine want a client each; at Crosspoint all of them are at
//! one address, and `identity` need not be given.

mod activities;
mod clients;
mod conversations;
mod hubs;
mod identity;
mod integrations;
mod numbered;
mod resources;
mod responses;
mod transfers;
mod walk;
mod web_chat;

use crate::client::Client;
use crate::form::Form;
use crate::methods::Method;

/// The JSON of requests, replies and activities.
pub mod types {
    pub use wire::hubster::types::*;
}

/// Hubster's identity: buying tokens. Made by [`Client::identity`].
#[derive(Clone, Debug)]
pub struct Identity {
    pub(crate) client: Client,
}

/// Hubster's portal: hubs, integrations, commands. Made by [`Client::portal`].
#[derive(Clone, Debug)]
pub struct Portal {
    pub(crate) client: Client,
}

/// Hubster's engine: conversations and activities. Made by [`Client::engine`].
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) client: Client,
}

impl Identity {
    pub(crate) const FORM: Form = Form::Hubster;

    /// Every method with its operation; for documents and tests.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        identity::METHODS.to_vec()
    }
}

impl Portal {
    pub(crate) const FORM: Form = Form::Hubster;

    /// Every method with its operation; for documents and tests.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        [clients::METHODS, hubs::METHODS, integrations::METHODS, transfers::METHODS, responses::METHODS]
            .concat()
    }
}

impl Engine {
    pub(crate) const FORM: Form = Form::Hubster;

    /// Every method with its operation; for documents and tests.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        let methods =
            [conversations::METHODS, activities::METHODS, resources::METHODS, web_chat::METHODS].concat();
        #[cfg(feature = "signalr")]
        let methods = [methods.as_slice(), crate::signalr::METHODS].concat();
        methods
    }
}
