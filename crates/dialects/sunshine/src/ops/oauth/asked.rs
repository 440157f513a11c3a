//! What a partner asks for when it sends somebody to the consent page.

use hub::Hub;
use url::Url;

use crate::http::call::Request;
use crate::http::error::{ApiError, Result};

/// A partner that asks for access to an app.
pub(super) struct Asked {
    pub(super) client_id: String,
    /// Its name, for people.
    pub(super) partner: String,
    /// As it stands in the request.
    pub(super) redirect_uri: Option<String>,
    /// Where the answer goes; one that the partner has registered.
    back: String,
    /// Goes back unchanged.
    state: Option<String>,
}

impl Asked {
    /// Reads and judges the query. Nobody is sent anywhere before it is right.
    pub(super) async fn read(request: &Request) -> Result<Asked> {
        let given = |name: &str| request.query.get(name).map(str::to_owned);
        let client_id = given("client_id").ok_or_else(|| ApiError::bad_request("client_id: is required"))?;
        if request.query.get("response_type") != Some("code") {
            return Err(ApiError::bad_request("response_type: must be code"));
        }
        let redirect_uri = given("redirect_uri");
        let found = request.hub.oauth_request(&client_id, redirect_uri.as_deref()).await?;
        let (partner, back) = (found.0.name, found.1);
        Ok(Asked { client_id, partner, redirect_uri, back, state: given("state") })
    }

    /// The address that takes the answer to the partner.
    pub(super) fn answer(&self, name: &str, value: &str) -> Result<String> {
        let mut address = self.back()?;
        address.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &self.state {
            address.query_pairs_mut().append_pair("state", state);
        }
        Ok(address.into())
    }

    /// Where the answer goes.
    pub(super) fn back(&self) -> Result<Url> {
        Url::parse(&self.back).map_err(|_| ApiError::bad_request("redirect_uri: is no address"))
    }

    /// The same for people: without what follows the host.
    pub(super) fn place(&self) -> String {
        self.back().map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }
}

/// Whether browsers reach this server over TLS.
pub(super) fn is_secure(hub: &Hub) -> bool {
    hub.settings().public_url.starts_with("https:")
}
