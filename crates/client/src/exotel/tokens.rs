//! Tokens.

use wire::Secret;
use wire::exotel::OPERATIONS;
use wire::exotel::types::TokenRequest;

use super::Exotel;
use crate::methods::methods;

methods! {
    impl Exotel, OPERATIONS;

    /// Buys a token with the secret of a customer or an app.
    /// [`Credentials::exotel_app`](crate::Credentials::exotel_app) does it by itself.
    ///
    /// `POST /v2/integrations/token`, open to everybody: no credentials are sent.
    /// Limits: a token is good for 90 days.
    ///
    /// # Errors
    /// 400: something is missing; 401: wrong id or secret.
    ///
    /// Source: `exotel.md#ExotelCreateToken`.
    ///
    /// ```no_run
    /// # use crosspoint_client::{Secret, exotel::{Exotel, types::*}};
    /// # async fn example(exotel: Exotel) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = TokenRequest { id: "4a39ab1c-0000-8000-8000-000000000000".into(), secret: Secret::new("the secret"), entity: Entity::App };
    /// let token = exotel.create_token(&body).await?;
    /// println!("{} characters", token.expose().len());
    /// # Ok(()) }
    /// ```
    ExotelCreateToken: create_token(; body: json TokenRequest) -> Secret;
}
