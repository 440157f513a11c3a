//! Tokens that are bought with a secret, kept, and bought anew in time.

use tokio::sync::Mutex;
use wire::Secret;

use crate::client::Client;
use crate::error::Error;

/// A token is bought anew when it is good for less than this, seconds.
const RENEWED_BEFORE_SECONDS: u64 = 60;
/// How long a token is kept that does not say how long it is good, seconds.
#[cfg(feature = "exotel")]
const UNKNOWN_SECONDS: u64 = 3_600;

/// Buys tokens and keeps the newest.
pub(crate) struct Buyer {
    /// A client of nobody, at the address where tokens are bought.
    shop: Client,
    secret: Purse,
    token: Mutex<Option<Token>>,
}

/// What a token is bought with.
enum Purse {
    #[cfg(feature = "hubster")]
    Hubster { client_id: String, client_secret: Secret },
    #[cfg(feature = "hubster")]
    WebChat { integration_id: String },
    #[cfg(feature = "exotel")]
    Exotel { entity: wire::exotel::types::Entity, id: String, secret: Secret },
}

/// A token that was bought.
struct Token {
    header: Secret,
    bought: u64,
    expires: u64,
}

impl Buyer {
    #[cfg(feature = "hubster")]
    pub(crate) fn hubster(shop: Client, client_id: String, client_secret: Secret) -> Buyer {
        Buyer { shop, secret: Purse::Hubster { client_id, client_secret }, token: Mutex::default() }
    }

    #[cfg(feature = "hubster")]
    pub(crate) fn web_chat(shop: Client, integration_id: String) -> Buyer {
        Buyer { shop, secret: Purse::WebChat { integration_id }, token: Mutex::default() }
    }

    #[cfg(feature = "exotel")]
    pub(crate) fn exotel(
        shop: Client,
        entity: wire::exotel::types::Entity,
        id: String,
        secret: Secret,
    ) -> Buyer {
        Buyer { shop, secret: Purse::Exotel { entity, id, secret }, token: Mutex::default() }
    }

    /// The value of `Authorization`. Callers that come while a token is being bought wait for that one.
    pub(crate) async fn header(&self, now: u64) -> Result<String, Error> {
        let mut token = self.token.lock().await;
        if let Some(kept) = token.as_ref().filter(|kept| kept.is_good(now)) {
            return Ok(kept.header.expose().to_owned());
        }
        let bought = self.buy(now).await?;
        let header = bought.header.expose().to_owned();
        *token = Some(bought);
        Ok(header)
    }

    /// Lets go of a token that was refused. Another caller may have bought a new one meanwhile.
    pub(crate) async fn forget(&self, header: &str) -> bool {
        let mut token = self.token.lock().await;
        if token.as_ref().is_some_and(|kept| kept.header.expose() == header) {
            *token = None;
        }
        true
    }

    async fn buy(&self, now: u64) -> Result<Token, Error> {
        match &self.secret {
            #[cfg(feature = "hubster")]
            Purse::Hubster { client_id, client_secret } => {
                let form = wire::hubster::types::TokenForm::client(client_id, client_secret.clone());
                let reply = self.shop.identity().token(&form).harmless().await?;
                Ok(Token::of(&reply, now))
            }
            #[cfg(feature = "hubster")]
            Purse::WebChat { integration_id } => {
                let reply = self.shop.engine().web_chat_token(integration_id).await?;
                // It speaks of minutes (hubster.md §3.4); taken for seconds it is merely renewed early.
                Ok(Token::of(&reply, now))
            }
            #[cfg(feature = "exotel")]
            Purse::Exotel { entity, id, secret } => {
                let (entity, id, secret) = (entity.clone(), id.clone(), secret.clone());
                let body = wire::exotel::types::TokenRequest { entity, id, secret };
                let token = self.shop.exotel().create_token(&body).harmless().await?;
                let expires = end_of(token.expose()).unwrap_or(now.saturating_add(UNKNOWN_SECONDS));
                Ok(Token { header: token, bought: now, expires })
            }
        }
    }
}

impl Token {
    #[cfg(feature = "hubster")]
    fn of(reply: &wire::hubster::types::TokenReply, now: u64) -> Token {
        let header = Secret::new(format!("{} {}", reply.token_type, reply.access_token));
        Token { header, bought: now, expires: now.saturating_add(reply.expires_in) }
    }

    /// A clock that was set back must not leave a token in use that seems to be good for ever.
    fn is_good(&self, now: u64) -> bool {
        now >= self.bought && now.saturating_add(RENEWED_BEFORE_SECONDS) <= self.expires
    }
}

/// When a token says that it ends. It is not verified: only the server can, and does.
#[cfg(feature = "exotel")]
fn end_of(token: &str) -> Option<u64> {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    #[derive(serde::Deserialize)]
    struct Claims {
        exp: u64,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Claims>(&claims).ok().map(|claims| claims.exp)
}
