//! What only Crosspoint has: closing and opening conversations, deliveries, events.

mod follow;
mod operations;

use crate::client::Client;
use crate::form::Form;
use crate::methods::Method;

pub use follow::Start;

/// The JSON of requests and replies.
pub mod types {
    pub use wire::crosspoint::types::*;
}

/// The operations that only Crosspoint has. Made by [`Client::crosspoint`](crate::Client::crosspoint).
#[derive(Clone, Debug)]
pub struct Crosspoint {
    pub(crate) client: Client,
}

impl Crosspoint {
    pub(crate) const FORM: Form = Form::Sunshine;

    /// Every method with its operation; for documents and tests.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        operations::METHODS.to_vec()
    }
}
