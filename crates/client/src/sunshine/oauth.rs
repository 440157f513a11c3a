//! Access for partners.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{AppResponse, Empty, TokenBody, TokenResponse};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Reads the app that the caller's key or token belongs to.
    ///
    /// `GET /v2/tokenInfo`, open to app and integration keys.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetTokenInfo`, sunshine-v2.md §1.5.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let app = sunshine.get_token_info().await?.app;
    /// println!("{:?}", app.subdomain);
    /// # Ok(()) }
    /// ```
    GetTokenInfo: get_token_info() -> AppResponse;

    /// Exchanges a code for a token, once.
    ///
    /// `POST /oauth/token`, open to everybody: no credentials are sent.
    /// Limits: a code is good for ten minutes.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#GetToken`, sunshine-v2.md §1.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = TokenBody {
    ///     code: crosspoint_client::Secret::new("the code"),
    ///     grant_type: "authorization_code".into(),
    ///     client_id: "partner".into(),
    ///     client_secret: crosspoint_client::Secret::new("the secret"),
    /// };
    /// let token = sunshine.get_token(&body).await?.access_token;
    /// println!("{} characters", token.expose().len());
    /// # Ok(()) }
    /// ```
    GetToken: get_token(; body: json TokenBody) -> TokenResponse;

    /// Gives the access to an app back: the integration of the token goes, with its webhooks.
    ///
    /// `DELETE /oauth/authorization`, open to integration keys and tokens of the OAuth flow.
    ///
    /// # Errors
    /// As everywhere, 401 `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#RevokeAccess`, sunshine-v2.md §1.8.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// sunshine.revoke_access().await?;
    /// # Ok(()) }
    /// ```
    RevokeAccess: revoke_access() -> Empty;
}
