//! Where the server is, who asks, and how patient the caller is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use wire::Operation;

use crate::call::Call;
use crate::credentials::{Authorizer, Credentials};
use crate::error::Error;
use crate::form::Form;
use crate::path::fill;
use crate::retry::Retry;

const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);
const USER_AGENT: &str = concat!("crosspoint-client/", env!("CARGO_PKG_VERSION"));

/// A client of one server with one set of credentials. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    /// Without a slash at its end.
    pub(crate) base: String,
    pub(crate) authorizer: Authorizer,
    pub(crate) retry: Retry,
    pub(crate) timeout: Duration,
    /// What stands in `Origin`.
    pub(crate) origin: Option<String>,
    /// Where Hubster's events hub is, without a slash at its end.
    #[cfg_attr(not(feature = "signalr"), allow(dead_code, reason = "only listening asks there"))]
    pub(crate) events: String,
}

/// What a client is made of.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    base: String,
    credentials: Credentials,
    retry: Retry,
    timeout: Duration,
    http: Option<reqwest::Client>,
    identity: Option<String>,
    origin: Option<String>,
    events: Option<String>,
}

impl Client {
    /// A client of the server at this address, as `http://127.0.0.1:8080`, `https://api.smooch.io` or
    /// `https://{subdomain}.zendesk.com/sc`.
    ///
    /// ```
    /// use crosspoint_client::{Client, Credentials};
    ///
    /// let client = Client::builder("https://example.zendesk.com/sc")
    ///     .credentials(Credentials::jwt("app_5d8cff3cd55b040010928b5b", "the secret"))
    ///     .build()?;
    /// # Ok::<(), crosspoint_client::Error>(())
    /// ```
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base: base_url.into(),
            credentials: Credentials::None,
            retry: Retry::default(),
            timeout: ANSWER_TIME_MAX,
            http: None,
            identity: None,
            origin: None,
            events: None,
        }
    }

    /// The operations of Sunshine Conversations v2.
    #[cfg(feature = "sunshine")]
    pub fn sunshine(&self) -> crate::sunshine::Sunshine {
        crate::sunshine::Sunshine { client: self.clone() }
    }

    /// The operations that only Crosspoint has.
    #[cfg(feature = "sunshine")]
    pub fn crosspoint(&self) -> crate::crosspoint::Crosspoint {
        crate::crosspoint::Crosspoint { client: self.clone() }
    }

    /// The operations of Hubster's identity: buying tokens.
    #[cfg(feature = "hubster")]
    pub fn identity(&self) -> crate::hubster::Identity {
        crate::hubster::Identity { client: self.clone() }
    }

    /// The operations of Hubster's portal: hubs, integrations, commands.
    #[cfg(feature = "hubster")]
    pub fn portal(&self) -> crate::hubster::Portal {
        crate::hubster::Portal { client: self.clone() }
    }

    /// The operations of Hubster's engine: conversations and activities.
    #[cfg(feature = "hubster")]
    pub fn engine(&self) -> crate::hubster::Engine {
        crate::hubster::Engine { client: self.clone() }
    }

    /// The operations of Exotel's integrations core.
    #[cfg(feature = "exotel")]
    pub fn exotel(&self) -> crate::exotel::Exotel {
        crate::exotel::Exotel { client: self.clone() }
    }

    /// Where the server is, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.base
    }

    /// Begins a call of an operation; what is wrong with its path comes out when it is sent.
    pub(crate) fn call<T>(&self, form: Form, operation: &'static Operation, path: &[&str]) -> Call<T> {
        Call::new(self.clone(), form, operation, fill(operation.path, path))
    }
}

impl Builder {
    /// Who asks; nobody unless said.
    pub fn credentials(mut self, credentials: Credentials) -> Builder {
        self.credentials = credentials;
        self
    }

    /// When calls are sent again; see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Builder {
        self.retry = retry;
        self
    }

    /// How long each attempt may take, the body of its answer included; 30 s unless said.
    pub fn timeout(mut self, timeout: Duration) -> Builder {
        self.timeout = timeout;
        self
    }

    /// Sends through this HTTP client, which knows a proxy or other roots of trust. It should follow
    /// no redirects.
    pub fn http_client(mut self, http: reqwest::Client) -> Builder {
        self.http = Some(http);
        self
    }

    /// Where tokens are bought with `Credentials::hubster`, if not at the server's own address:
    /// `https://identity.hubster.io` at the vendor.
    pub fn identity(mut self, base_url: impl Into<String>) -> Builder {
        self.identity = Some(base_url.into());
        self
    }

    /// Where Hubster's events hub is, if not at the server's own address: `https://events.hubster.io` at the
    /// vendor.
    pub fn events(mut self, base_url: impl Into<String>) -> Builder {
        self.events = Some(base_url.into());
        self
    }

    /// What each request names as its `Origin`: the page that a web chat is embedded in.
    pub fn origin(mut self, origin: impl Into<String>) -> Builder {
        self.origin = Some(origin.into());
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the address is none, holds credentials or is neither http nor https, or
    /// when the id of a key that is to sign tokens does not tell its scope.
    pub fn build(self) -> Result<Client, Error> {
        let base = base(&self.base)?;
        let http = match self.http {
            Some(http) => http,
            None => reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(CONNECT_TIME_MAX)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| Error::Invalid(format!("making an HTTP client: {error}")))?,
        };
        let other = |given: Option<&str>| given.map_or_else(|| Ok(base.clone()), self::base);
        let (identity, events) = (other(self.identity.as_deref())?, other(self.events.as_deref())?);
        let inner = |base, authorizer| Inner {
            http: http.clone(),
            base,
            authorizer,
            retry: self.retry,
            timeout: self.timeout,
            origin: self.origin.clone(),
            events: events.clone(),
        };
        // Tokens are bought over the same connections, by a client of nobody.
        let shop = Client { inner: Arc::new(inner(identity, Authorizer::Nobody)) };
        let authorizer = Authorizer::new(self.credentials, shop)?;
        Ok(Client { inner: Arc::new(inner(base.clone(), authorizer)) })
    }
}

/// The address without a slash at its end.
fn base(text: &str) -> Result<String, Error> {
    let invalid = |reason: &str| Error::Invalid(format!("the server's address {reason}"));
    let url = Url::parse(text).map_err(|error| invalid(&format!("cannot be read: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("must begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("must hold no credentials"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("must end with its path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("base_url", &self.inner.base).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_kept_with_its_path() {
        for (given, kept) in [
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("https://x.zendesk.com/sc", "https://x.zendesk.com/sc"),
        ] {
            assert_eq!(Client::builder(given).build().unwrap().base_url(), kept);
        }
    }

    #[test]
    fn an_unfit_address_is_refused_without_its_secret() {
        for given in ["127.0.0.1:8080", "ftp://a", "http://me:hush@a", "http://a/?hush", "http://"] {
            let refusal = Client::builder(given).build().unwrap_err().to_string();
            assert!(refusal.starts_with("the server's address"), "{refusal}");
            assert!(!refusal.contains("hush"), "{refusal}");
        }
    }
}
