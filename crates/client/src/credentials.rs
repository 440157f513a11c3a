//! Who asks.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;
use wire::Secret;
use wire::operation::Scope;

#[cfg(any(feature = "hubster", feature = "exotel"))]
use crate::buyer::Buyer;
use crate::client::Client;
use crate::clock::unix_seconds;
use crate::error::Error;

/// How long a token that we sign is good, seconds.
const TOKEN_SECONDS: u64 = 15 * 60;
/// A token is signed anew when it is good for less than this, seconds.
const TOKEN_RENEWED_BEFORE_SECONDS: u64 = 60;

/// Who asks (sunshine-v2.md §1). Secrets do not show in its `Debug` form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// Nobody; only what needs no credentials can be called.
    None,
    /// A key's id and secret in each request.
    Basic {
        /// The key's id, with its prefix.
        key_id: String,
        /// The key's secret.
        secret: Secret,
    },
    /// A token that the client signs with a key's secret and renews by itself, so that the secret
    /// does not travel. Good for 15 minutes, signed anew in the last one.
    Jwt {
        /// The key's id, with its prefix, which tells the scope: `act_` or `svc_`, `app_`, `int_`.
        key_id: String,
        /// The key's secret.
        secret: Secret,
    },
    /// A token from elsewhere, as that of GetToken.
    Bearer(Secret),
    /// A client of Hubster's with one of its secrets: the token is bought when it is first needed, and
    /// anew in time or when it is refused.
    #[cfg(feature = "hubster")]
    Hubster {
        /// The client's id, which tells the resource: `hubster.portal.api.…` or `hubster.engine.api.…`.
        client_id: String,
        /// One of its secrets.
        client_secret: Secret,
    },
    /// The visitor of a page that a web chat of Hubster's is embedded in: the token is got when it is first
    /// needed, and anew in time or when it is refused.
    #[cfg(feature = "hubster")]
    WebChat {
        /// The integration.
        integration_id: String,
    },
    /// A customer or an app of Exotel's with its secret: the token is bought when it is first needed,
    /// and anew in time or when it is refused.
    #[cfg(feature = "exotel")]
    Exotel {
        /// Of whom the id is.
        entity: wire::exotel::types::Entity,
        /// The customer's or app's id.
        id: String,
        /// Its secret.
        secret: Secret,
    },
}

impl Credentials {
    /// A key's id and secret in each request.
    pub fn basic(key_id: impl Into<String>, secret: impl Into<String>) -> Credentials {
        Credentials::Basic { key_id: key_id.into(), secret: Secret::new(secret) }
    }

    /// A token that the client signs with a key's secret and renews by itself.
    pub fn jwt(key_id: impl Into<String>, secret: impl Into<String>) -> Credentials {
        Credentials::Jwt { key_id: key_id.into(), secret: Secret::new(secret) }
    }

    /// A token from elsewhere.
    pub fn bearer(token: impl Into<String>) -> Credentials {
        Credentials::Bearer(Secret::new(token))
    }

    /// A client of Hubster's with one of its secrets; see [`Builder::identity`](crate::Builder::identity)
    /// for where its tokens are bought.
    #[cfg(feature = "hubster")]
    pub fn hubster(client_id: impl Into<String>, client_secret: impl Into<String>) -> Credentials {
        Credentials::Hubster { client_id: client_id.into(), client_secret: Secret::new(client_secret) }
    }

    /// The visitor of a page that a web chat of Hubster's is embedded in. The page is named with
    /// [`Builder::origin`](crate::Builder::origin); tokens come from
    /// [`Builder::identity`](crate::Builder::identity) or the server's own address.
    #[cfg(feature = "hubster")]
    pub fn web_chat(integration_id: impl Into<String>) -> Credentials {
        Credentials::WebChat { integration_id: integration_id.into() }
    }

    /// A customer of Exotel's, who registers apps.
    #[cfg(feature = "exotel")]
    pub fn exotel_customer(id: impl Into<String>, secret: impl Into<String>) -> Credentials {
        let entity = wire::exotel::types::Entity::Customer;
        Credentials::Exotel { entity, id: id.into(), secret: Secret::new(secret) }
    }

    /// An app of Exotel's, for everything of itself.
    #[cfg(feature = "exotel")]
    pub fn exotel_app(id: impl Into<String>, secret: impl Into<String>) -> Credentials {
        let entity = wire::exotel::types::Entity::App;
        Credentials::Exotel { entity, id: id.into(), secret: Secret::new(secret) }
    }
}

/// Gives the value of `Authorization` for each request.
pub(crate) enum Authorizer {
    Nobody,
    Fixed(Secret),
    Signer {
        key_id: String,
        scope: Scope,
        key: EncodingKey,
        token: Mutex<Token>,
    },
    #[cfg(any(feature = "hubster", feature = "exotel"))]
    Buyer(crate::buyer::Buyer),
}

/// A signed token, empty before the first one.
#[derive(Default)]
pub(crate) struct Token {
    header: String,
    expires: u64,
}

#[derive(Serialize)]
struct Claims {
    scope: &'static str,
    iat: u64,
    exp: u64,
}

impl Authorizer {
    /// Tokens that have to be bought are bought through `shop`.
    ///
    /// # Errors
    /// When the id of a key that is to sign does not tell its scope.
    #[cfg_attr(not(any(feature = "hubster", feature = "exotel")), allow(unused_variables))]
    pub(crate) fn new(credentials: Credentials, shop: Client) -> Result<Authorizer, Error> {
        Ok(match credentials {
            Credentials::None => Authorizer::Nobody,
            Credentials::Basic { key_id, secret } => {
                let pair = STANDARD.encode(format!("{key_id}:{}", secret.expose()));
                Authorizer::Fixed(Secret::new(format!("Basic {pair}")))
            }
            Credentials::Bearer(token) => {
                Authorizer::Fixed(Secret::new(format!("Bearer {}", token.expose())))
            }
            Credentials::Jwt { key_id, secret } => Authorizer::Signer {
                scope: scope_of(&key_id)?,
                key: EncodingKey::from_secret(secret.expose().as_bytes()),
                token: Mutex::default(),
                key_id,
            },
            #[cfg(feature = "hubster")]
            Credentials::Hubster { client_id, client_secret } => {
                Authorizer::Buyer(Buyer::hubster(shop, client_id, client_secret))
            }
            #[cfg(feature = "hubster")]
            Credentials::WebChat { integration_id } => {
                Authorizer::Buyer(Buyer::web_chat(shop, integration_id))
            }
            #[cfg(feature = "exotel")]
            Credentials::Exotel { entity, id, secret } => {
                Authorizer::Buyer(Buyer::exotel(shop, entity, id, secret))
            }
        })
    }

    /// The header's value; None for nobody.
    pub(crate) async fn header(&self) -> Result<Option<String>, Error> {
        match self {
            #[cfg(any(feature = "hubster", feature = "exotel"))]
            Authorizer::Buyer(buyer) => buyer.header(unix_seconds()).await.map(Some),
            other => other.header_at(unix_seconds()),
        }
    }

    /// Takes note that the server refused this header. True when another may be had.
    pub(crate) async fn forget(&self, header: Option<&str>) -> bool {
        match (self, header) {
            #[cfg(any(feature = "hubster", feature = "exotel"))]
            (Authorizer::Buyer(buyer), Some(header)) => buyer.forget(header).await,
            _ => false,
        }
    }

    fn header_at(&self, now: u64) -> Result<Option<String>, Error> {
        match self {
            Authorizer::Nobody => Ok(None),
            Authorizer::Fixed(header) => Ok(Some(header.expose().to_owned())),
            Authorizer::Signer { key_id, scope, key, token } => {
                let mut token = token.lock().unwrap_or_else(PoisonError::into_inner);
                // A clock that was set back must not leave a token in use that seems to be good for hours.
                let left = token.expires.saturating_sub(now);
                if !(TOKEN_RENEWED_BEFORE_SECONDS..=TOKEN_SECONDS).contains(&left) {
                    *token = sign(key_id, *scope, key, now)?;
                }
                Ok(Some(token.header.clone()))
            }
            #[cfg(any(feature = "hubster", feature = "exotel"))]
            Authorizer::Buyer(_) => Ok(None),
        }
    }
}

impl fmt::Debug for Authorizer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Authorizer(…)")
    }
}

fn sign(key_id: &str, scope: Scope, key: &EncodingKey, now: u64) -> Result<Token, Error> {
    let header = Header { kid: Some(key_id.to_owned()), ..Header::new(Algorithm::HS256) };
    let expires = now + TOKEN_SECONDS;
    let claims = Claims { scope: scope.as_str(), iat: now, exp: expires };
    let token = jsonwebtoken::encode(&header, &claims, key)
        .map_err(|error| Error::Invalid(format!("signing a token: {error}")))?;
    Ok(Token { header: format!("Bearer {token}"), expires })
}

/// The scope that a key's prefix tells (sunshine-v2.md §1.1).
fn scope_of(key_id: &str) -> Result<Scope, Error> {
    match key_id.split_once('_') {
        Some(("act" | "svc", _)) => Ok(Scope::Account),
        Some(("app", _)) => Ok(Scope::App),
        Some(("int", _)) => Ok(Scope::Integration),
        _ => Err(Error::Invalid(format!("{key_id:?} is no key id: it begins with act_, svc_, app_ or int_"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::Value;

    fn authorizer(credentials: Credentials) -> Authorizer {
        Authorizer::new(credentials, Client::builder("http://a").build().unwrap()).unwrap()
    }

    fn claims(header: &str) -> (Value, Value) {
        let token = header.strip_prefix("Bearer ").unwrap();
        let part = |index: usize| {
            let text = token.split('.').nth(index).unwrap();
            let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
            serde_json::from_slice(&bytes).unwrap()
        };
        (part(0), part(1))
    }

    #[test]
    fn a_token_is_signed_once_and_renewed_in_time() {
        let signer = authorizer(Credentials::jwt("app_1", "secret"));
        let at = |now| signer.header_at(now).unwrap().unwrap();
        let first = at(1_000_000);
        let (header, body) = claims(&first);
        assert_eq!((header["kid"].as_str(), header["alg"].as_str()), (Some("app_1"), Some("HS256")));
        assert_eq!(body["scope"], "app");
        assert_eq!(body["exp"], 1_000_000 + TOKEN_SECONDS);
        assert_eq!(at(1_000_000 + TOKEN_SECONDS - TOKEN_RENEWED_BEFORE_SECONDS), first);
        assert_ne!(at(1_000_001 + TOKEN_SECONDS - TOKEN_RENEWED_BEFORE_SECONDS), first);
        assert_ne!(at(500_000), first, "the clock was set back");
    }

    #[test]
    fn basic_is_as_the_rfc_has_it() {
        let basic = authorizer(Credentials::basic("Aladdin", "open sesame"));
        assert_eq!(basic.header_at(0).unwrap().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(authorizer(Credentials::None).header_at(0).unwrap().is_none());
    }

    #[test]
    fn an_id_without_a_scope_cannot_sign() {
        let key = Credentials::jwt("5d8cff3cd55b040010928b5b", "s");
        let refusal = Client::builder("http://a").credentials(key).build().unwrap_err();
        assert!(refusal.to_string().contains("is no key id"), "{refusal}");
    }

    #[test]
    fn the_debug_form_tells_no_secret() {
        let text = format!("{:?} {:?}", Credentials::basic("app_1", "hush"), Credentials::bearer("hush"));
        assert!(!text.contains("hush"), "{text}");
    }
}
