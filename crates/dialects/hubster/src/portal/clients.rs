//! The two clients of a tenant and their secrets (hubster.md §2.1).

use hub::{ClientSecretDraft, ClientSecretView, HubError, Thing};
use model::Millis;
use model::record::{Account, CredentialKey};
use time::format_description::well_known::Iso8601;
use time::{OffsetDateTime, PrimitiveDateTime};
use wire::hubster::codes;
use wire::hubster::types::{Client, ClientClaim, ClientSecret};

use super::NAME_CHARS_MAX;
use crate::http::call::PortalCall;
use crate::http::error::{ApiError, Result};
use crate::http::reply::Reply;
use crate::identity::ClientId;
use crate::read::{self, Check, Fields, PORTAL};

/// The client of the path, if it is one of the caller's own tenant.
async fn own_client(call: &PortalCall) -> Result<(ClientId, Account)> {
    let unknown = || ApiError::from(HubError::NotFound(Thing::Key));
    let client = ClientId::read(call.request.param("clientId")).ok_or_else(unknown)?;
    let account = call.request.hub.own_account(&call.caller).await?;
    let is_own = match client.owner == account.id.to_string() {
        true => true,
        false => {
            let key = call.request.hub.live_key(&client.owner).await?;
            key.is_some_and(|key| key.caller.account == account.key)
        }
    };
    if is_own { Ok((client, account)) } else { Err(unknown()) }
}

/// `GET /api/v1/tenants/clients/{clientId}`
pub(crate) async fn get(call: PortalCall) -> Result<Reply> {
    let (client, account) = own_client(&call).await?;
    let secrets = call.request.hub.list_client_secrets(&call.caller, client.audience.kind()).await?;
    let tenant_id = account.id.to_guid();
    let claim = |kind: &str, value: &str| ClientClaim { kind: kind.to_owned(), value: value.to_owned() };
    Ok(Reply::ok(&Client {
        claims: vec![claim("role", "admin"), claim("tenant", &tenant_id)],
        tenant_id,
        client_id: call.request.param("clientId").to_owned(),
        name: client.audience.client_name().to_owned(),
        enabled: true,
        allowed_scopes: vec![client.audience.scope().to_owned()],
        secrets: secrets.iter().map(shown).collect(),
    }))
}

fn shown(view: &ClientSecretView) -> ClientSecret {
    ClientSecret {
        id: view.credential.key.0,
        name: view.credential.name.clone(),
        token: format!("{}...", view.beginning),
        expiration: view.credential.expires_at.map(without_zone),
    }
}

/// `POST /api/v1/tenants/clients/{clientId}/tokens`
pub(crate) async fn create_token(call: PortalCall) -> Result<Reply> {
    let (client, _) = own_client(&call).await?;
    let body = read::body(&call.request.bytes, &PORTAL)?;
    let (fields, mut check) = (Fields::of(&body), Check::new(&PORTAL));
    let name = check.required_text(&fields, "name", NAME_CHARS_MAX);
    let expires_at = moment(&mut check, &fields, "expiration");
    if expires_at.is_some_and(|at| at <= call.request.hub.now()) {
        check.fail(codes::OUT_OF_RANGE, "Property 'expiration' must lie in the future.");
    }
    check.done()?;
    let name = name.ok_or_else(|| check.refuse())?;
    let draft = ClientSecretDraft { kind: client.audience.kind(), name, expires_at };
    let made = call.request.hub.create_client_secret(&call.caller, draft).await?;
    Ok(Reply::ok(&ClientSecret {
        id: made.credential.key.0,
        name: made.credential.name,
        token: made.secret,
        expiration: made.credential.expires_at.map(without_zone),
    }))
}

/// `DELETE /api/v1/tenants/clients/{clientId}/tokens/{tokenId}`
pub(crate) async fn delete_token(call: PortalCall) -> Result<Reply> {
    let (client, _) = own_client(&call).await?;
    let id = call.request.param("tokenId").parse().map(CredentialKey);
    let id = id.map_err(|_| ApiError::from(HubError::NotFound(Thing::Key)))?;
    call.request.hub.delete_client_secret(&call.caller, client.audience.kind(), id).await?;
    Ok(Reply::empty())
}

/// A moment as ISO 8601: with a zone, or without one in UTC.
fn moment(check: &mut Check, fields: &Fields<'_>, name: &str) -> Option<Millis> {
    let text = check.text(fields, name, NAME_CHARS_MAX)?;
    let with_zone = OffsetDateTime::parse(&text, &Iso8601::DEFAULT).ok();
    let without =
        || PrimitiveDateTime::parse(&text, &Iso8601::DEFAULT).ok().map(PrimitiveDateTime::assume_utc);
    let day = || time::Date::parse(&text, &Iso8601::DEFAULT).ok().map(|day| day.midnight().assume_utc());
    let Some(moment) = with_zone.or_else(without).or_else(day) else {
        check.fail(codes::BAD_DATE, format!("Value '{text}' is not a valid date."));
        return None;
    };
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Millis)
}

/// Seconds in UTC, without a zone.
fn without_zone(moment: Millis) -> String {
    let mut text = moment.to_string();
    text.truncate("0000-00-00T00:00:00".len());
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn moments_are_read_with_and_without_a_zone() {
        for (text, shown) in [
            ("2030-01-31T00:00:00", "2030-01-31T00:00:00"),
            ("2030-01-31T02:00:00.123+02:00", "2030-01-31T00:00:00"),
            ("2030-01-31T00:00:00Z", "2030-01-31T00:00:00"),
            ("2030-01-31", "2030-01-31T00:00:00"),
        ] {
            let body = serde_json::from_value(serde_json::json!({ "expiration": text })).unwrap();
            let mut check = Check::new(&PORTAL);
            let read = moment(&mut check, &Fields::of(&body), "expiration").unwrap();
            assert_eq!(without_zone(read), shown, "{text}");
        }
        let body = serde_json::from_value(serde_json::json!({ "expiration": "tomorrow" })).unwrap();
        let mut check = Check::new(&PORTAL);
        assert_eq!(moment(&mut check, &Fields::of(&body), "expiration"), None);
        assert_eq!(check.count(), 1);
    }
}
