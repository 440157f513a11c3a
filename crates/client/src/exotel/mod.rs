//! Exotel's integrations core: one method an operation.
//!
//! ```no_run
//! use crosspoint_client::exotel::types::SettingRequest;
//! use crosspoint_client::{Client, Credentials};
//!
//! # async fn example() -> Result<(), crosspoint_client::Error> {
//! let exotel = Client::builder("https://integrationscore.mum1.exotel.com")
//!     .credentials(Credentials::exotel_app("4a39ab1c-0000-8000-8000-000000000000", "the secret"))
//!     .build()?
//!     .exotel();
//! let popup = SettingRequest::new("popup", "https://desk.example.com/popup");
//! exotel.put_setting(&popup).await?;
//! # Ok(()) }
//! ```
//!
//! Answers come in an envelope; what is in it is given, and its error becomes an [`Error`](crate::Error).

mod app_settings;
mod apps;
mod calls;
mod customers;
mod pages;
mod settings;
mod tokens;
mod users;

use crate::client::Client;
use crate::form::Form;
use crate::methods::Method;

/// The JSON of requests and replies.
pub mod types {
    pub use wire::exotel::notice::Notice;
    pub use wire::exotel::settings::{AppSettings, AppSettingsChange, AppSettingsOf};
    pub use wire::exotel::types::*;
    pub use wire::exotel::users::{DeviceChange, DeviceState, Devices, User, UserPage, UserRequest};
}

/// The operations of Exotel's integrations core. Made by [`Client::exotel`].
#[derive(Clone, Debug)]
pub struct Exotel {
    pub(crate) client: Client,
}

impl Exotel {
    pub(crate) const FORM: Form = Form::Exotel;

    /// Every method with its operation; for documents and tests. Some operations have two methods, which
    /// differ in what they ask for.
    #[doc(hidden)]
    pub fn methods() -> Vec<Method> {
        [
            tokens::METHODS,
            customers::METHODS,
            apps::METHODS,
            settings::METHODS,
            app_settings::METHODS,
            users::METHODS,
            calls::METHODS,
        ]
        .concat()
    }
}
