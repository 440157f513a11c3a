//! The one way out: every HTTP request of the server to somebody else goes through [`HttpClient`]
//! (rule 9 of the design).
//!
//! [`guard`] says which addresses are never called, `connector` resolves a name, asks the guard and
//! connects to the very address that passed, [`HttpClient`] keeps the connections and the limits.

mod client;
mod connector;
mod dial;
mod error;
pub mod guard;
mod plan;
mod resolve;
mod stream;
mod target;
#[cfg(test)]
pub(crate) mod tests;

pub use client::{HttpClient, HttpConfig, SetupError};
pub use dial::{Dial, TcpDial};
pub use error::{HttpError, HttpErrorKind};
pub use plan::{AnswerBody, DEFAULT_ANSWER_BYTES, DEFAULT_TIMEOUT, RequestPlan, Response};
pub use resolve::{Resolve, SystemResolver};
pub use target::Target;
