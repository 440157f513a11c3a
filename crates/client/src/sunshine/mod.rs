//! Sunshine Conversations v2: one method an operation.

mod apps;
mod attachments;
mod clients;
mod control;
mod conversations;
mod integrations;
mod keys;
mod messages;
mod oauth;
mod participants;
mod switchboards;
mod users;
mod webhooks;

use wire::sunshine::OPERATIONS;

use crate::client::Client;
use crate::error::Error;
use crate::form::Form;
use crate::methods::{Method, checked_row};

/// The JSON of requests, replies and events.
pub mod types {
    pub use wire::Patch;
    pub use wire::sunshine::types::*;
}

/// The operations of Sunshine Conversations v2, under the names of the vendor's own client libraries.
/// Made by [`Client::sunshine`](crate::Client::sunshine).
#[derive(Clone, Debug)]
pub struct Sunshine {
    pub(crate) client: Client,
}

impl Sunshine {
    pub(crate) const FORM: Form = Form::Sunshine;

    /// The address where a person lets a partner into an app. Nothing is sent: a browser goes there, and
    /// comes back to the partner's own address with a `code` for [`Sunshine::get_token`].
    ///
    /// `GET /oauth/authorize`, open to everybody: no credentials are sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no such address.
    ///
    /// Source: `sunshine-v2.openapi.yaml#Authorize`, sunshine-v2.md §1.8.
    ///
    /// ```
    /// use crosspoint_client::Client;
    /// use crosspoint_client::sunshine::types::AuthorizeQuery;
    ///
    /// let query = AuthorizeQuery {
    ///     client_id: Some("partner".into()),
    ///     response_type: Some("code".into()),
    ///     ..Default::default()
    /// };
    /// let address = Client::builder("https://chat.example.com").build()?.sunshine().authorize(&query)?;
    /// assert_eq!(address, "https://chat.example.com/oauth/authorize?client_id=partner&response_type=code");
    /// # Ok::<(), crosspoint_client::Error>(())
    /// ```
    pub fn authorize(&self, query: &types::AuthorizeQuery) -> Result<String, Error> {
        self.client.call::<types::Empty>(Sunshine::FORM, AUTHORIZE.operation, &[]).query(query).address()
    }

    /// Every method with its operation; for documents and tests.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        [
            apps::METHODS,
            keys::METHODS,
            attachments::METHODS,
            conversations::METHODS,
            participants::METHODS,
            messages::METHODS,
            control::METHODS,
            integrations::METHODS,
            webhooks::METHODS,
            switchboards::METHODS,
            users::METHODS,
            clients::METHODS,
            oauth::METHODS,
            &[AUTHORIZE],
        ]
        .concat()
    }
}

const AUTHORIZE: Method = Method { operation: checked_row!(OPERATIONS, Authorize, []), name: "authorize" };
