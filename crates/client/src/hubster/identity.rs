//! Tokens, and what verifies them.

use wire::hubster::OPERATIONS;
use wire::hubster::types::{Discovery, KeySet, TokenForm, TokenReply};

use super::Identity;
use crate::methods::methods;

methods! {
    impl Identity, OPERATIONS;

    /// Buys an access token with a client's secret. [`Credentials::hubster`](crate::Credentials::hubster)
    /// does it by itself.
    ///
    /// `POST /connect/token`, open to everybody: no credentials are sent.
    /// Limits: a token is good for `expires_in` seconds, 30 days at the vendor, and for one resource.
    ///
    /// # Errors
    /// 400 `invalid_client`, `invalid_request`, `invalid_scope`, `unsupported_grant_type`,
    /// `unauthorized_client`.
    ///
    /// Source: `hubster.md#IdentityToken`, §3.1–3.3.
    ///
    /// ```no_run
    /// # use crosspoint_client::{Secret, hubster::{Identity, types::*}};
    /// # async fn example(identity: Identity) -> Result<(), Box<dyn std::error::Error>> {
    /// let form = TokenForm::client("hubster.engine.api.b205b3eca9d74243b88c017533957deb", Secret::new("the secret"));
    /// let token = identity.token(&form).await?;
    /// println!("{} for {} s", token.token_type, token.expires_in);
    /// # Ok(()) }
    /// ```
    IdentityToken: token(; form: form TokenForm) -> TokenReply;

    /// Reads where tokens are made and verified.
    ///
    /// `GET /.well-known/openid-configuration`, open to everybody: no credentials are sent.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// Source: `hubster.md#IdentityConfiguration`, §3.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Identity;
    /// # async fn example(identity: Identity) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", identity.configuration().await?.jwks_uri);
    /// # Ok(()) }
    /// ```
    IdentityConfiguration: configuration() -> Discovery;

    /// Reads the keys that verify access tokens.
    ///
    /// `GET /.well-known/openid-configuration/jwks`, open to everybody: no credentials are sent.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// Source: `hubster.md#IdentityKeys`, §3.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::Identity;
    /// # async fn example(identity: Identity) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{} keys", identity.keys().await?.keys.len());
    /// # Ok(()) }
    /// ```
    IdentityKeys: keys() -> KeySet;
}
