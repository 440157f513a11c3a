//! `POST /connect/token` (hubster.md §3.1).

use std::sync::Arc;

use hub::{Hub, LiveKey};
use model::record::Account;
use wire::hubster::types::TokenReply;

use super::ClientId;
use crate::http::call::OpenCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;

/// The fields of the form. Published clients do not encode them, so that each pair ends its name at
/// the first `=`; a space in a secret may have been a plus sign.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(bytes: &[u8]) -> Form {
        Form(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }
}

/// The account of a client and the key that has this secret.
async fn find(hub: &Hub, client: &ClientId, secret: &str) -> Result<Option<(Account, Arc<LiveKey>)>> {
    let kind = client.audience.kind();
    Ok(match hub.key_with_secret(&client.owner, kind, secret).await? {
        None if secret.contains(' ') => {
            hub.key_with_secret(&client.owner, kind, &secret.replace(' ', "+")).await?
        }
        found => found,
    })
}

/// Sells an access token for a client's secret.
pub(crate) async fn token(call: OpenCall) -> Result<Reply> {
    let request = call.request;
    let form = Form::read(&request.bytes);
    match form.get("grant_type") {
        None => return Err(missing("grant_type")),
        Some("client_credentials") => {}
        // People log in at the operator's own pages, never with their password at an API.
        Some("password" | "refresh_token") => return Err(ApiError::OAuth("unauthorized_client", None)),
        Some(_) => return Err(ApiError::OAuth("unsupported_grant_type", None)),
    }
    let client_id = form.get("client_id").ok_or_else(|| missing("client_id"))?;
    let secret = form.get("client_secret").ok_or_else(|| missing("client_secret"))?;
    let (hub, client) = (&request.hub, ClientId::read(client_id));
    let found = match &client {
        Some(client) => find(hub, client, secret).await?,
        None => None,
    };
    let (Some(client), Some((account, key))) = (&client, found) else {
        let known = match &client {
            Some(client) if hub.knows_account(&client.owner).await? => Some(client.owner.as_str()),
            _ => None,
        };
        request.limiter.check_refused(known).map_err(ApiError::TooFast)?;
        return Err(ApiError::OAuth("invalid_client", None));
    };
    if form.get("scope").is_some_and(|scope| scope.trim() != client.audience.scope()) {
        return Err(ApiError::OAuth("invalid_scope", None));
    }
    let (access_token, expires_in) =
        request.tokens.issue(hub, client.audience, client_id, &account, &key).await?;
    let reply = TokenReply {
        access_token,
        expires_in,
        token_type: "Bearer".to_owned(),
        scope: Some(client.audience.scope().to_owned()),
    };
    Ok(Reply::ok(&reply).header("cache-control", "no-store".to_owned()))
}

fn missing(field: &str) -> ApiError {
    ApiError::OAuth("invalid_request", Some(format!("{field} is missing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_may_end_in_equals_signs() {
        let form = Form::read(b"grant_type=client_credentials&client_id=a.b&client_secret=9c5V+q0cQ0M=&x=");
        assert_eq!(form.get("client_secret"), Some("9c5V q0cQ0M="));
        assert_eq!((form.get("client_id"), form.get("x")), (Some("a.b"), None));
    }
}
