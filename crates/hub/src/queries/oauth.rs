//! Partners that come in by OAuth.

use model::record::OAuthClient;
use store::rows::oauth;

use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// Where a partner's code is sent: where it asks for, if it has registered that; else to the first
/// that it has registered.
pub(crate) fn judge<'a>(client: &'a OAuthClient, asked: Option<&str>) -> Result<&'a str> {
    let mut registered = client.redirect_uris.iter();
    let found = match asked {
        Some(asked) => registered.find(|uri| *uri == asked),
        None => registered.next(),
    };
    found.map(String::as_str).ok_or_else(|| HubError::invalid("redirect_uri: not registered for this client"))
}

impl Hub {
    /// A partner that asks for access, and where its code would be sent.
    ///
    /// # Errors
    /// `NotFound` for an unknown partner, `Invalid` for a redirect URI that it has not registered.
    pub async fn oauth_request(
        &self,
        client_id: &str,
        redirect_uri: Option<&str>,
    ) -> Result<(OAuthClient, String)> {
        let mut reader = self.reader().await?;
        let client = oauth::client_by_id(&mut reader, client_id).await?.or_not_found(Thing::OAuthClient)?;
        let redirect_uri = judge(&client, redirect_uri)?.to_owned();
        Ok((client, redirect_uri))
    }

    /// Whether there is a partner with this id. For counting who wants a token of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn knows_oauth_client(&self, client_id: &str) -> Result<bool> {
        Ok(oauth::client_by_id(&mut *self.reader().await?, client_id).await?.is_some())
    }

    /// Every partner, oldest first. For the operator.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_oauth_clients(&self) -> Result<Vec<OAuthClient>> {
        let mut reader = self.reader().await?;
        Ok(oauth::clients(&mut reader).await?)
    }
}
