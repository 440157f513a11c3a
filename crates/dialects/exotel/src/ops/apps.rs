//! ExotelRegisterApp, ExotelGetApp, ExotelUpdateApp and ExotelDeleteApp: `/v2/integrations/app`.

use hub::{CarrierDraft, CarrierPatch, Reach, Registration, RegistrationPatch};
use wire::Secret;
use wire::exotel::types::{App, AppChange, AppRequest, Domain};

use super::MASK;
use crate::http::call::{AppCall, CallerCall, Data, data};
use crate::http::error::{ApiError, Result};

/// Characters of an app's name.
const NAME_CHARS_MAX: usize = 100;
/// Bytes of every other text of an app.
const TEXT_BYTES_MAX: usize = 512;

pub(super) async fn register_app(call: CallerCall) -> Result<Data> {
    let asked: AppRequest = call.request.json()?;
    check_name(&asked.app_name)?;
    check_domain(&asked.exotel_domain)?;
    let token = asked.exotel_api_token.into_exposed();
    check_text("ExotelAccountSid", &asked.exotel_account_sid)?;
    check_text("ExotelApiKey", &asked.exotel_api_key)?;
    check_text("ExotelApiToken", &token)?;
    let carrier = CarrierDraft {
        account_id: asked.exotel_account_sid,
        key_id: asked.exotel_api_key,
        token: token.clone(),
        region: asked.exotel_domain.as_str().to_owned(),
        is_active: asked.is_active,
    };
    let account = call.request.hub.account(&call.caller).await?;
    let made = call.request.hub.register_app(&call.caller, &asked.app_name, carrier).await?;
    let mut app = show(account.id.to_guid(), made.registration);
    app.app_secret = Some(Secret::new(made.key.secret));
    app.exotel_api_token = Secret::new(token);
    data(&app)
}

pub(super) async fn get_app(call: CallerCall) -> Result<Data> {
    let hub = &call.request.hub;
    let customer_id = hub.account(&call.caller).await?.id.to_guid();
    match call.caller.reach {
        Reach::Account => {
            let apps = hub.list_registrations(&call.caller).await?;
            data(&apps.into_iter().map(|app| show(customer_id.clone(), app)).collect::<Vec<_>>())
        }
        Reach::App { app_id } | Reach::Integration { app_id, .. } => {
            let grant = hub.grant(call.caller.clone(), app_id).await?;
            data(&show(customer_id, hub.registration(&grant).await?))
        }
    }
}

pub(super) async fn update_app(call: AppCall) -> Result<Data> {
    let asked: AppChange = call.request.json()?;
    let account = call.request.hub.account(&call.grant.caller).await?;
    let changed = call.request.hub.update_registration(&call.grant, patch(asked)?).await?;
    data(&show(account.id.to_guid(), changed))
}

pub(super) async fn delete_app(call: AppCall) -> Result<Data> {
    call.request.hub.delete_app(&call.grant).await?;
    data(&"Deleted Successfully")
}

fn patch(asked: AppChange) -> Result<RegistrationPatch> {
    asked.app_name.as_deref().map_or(Ok(()), check_name)?;
    asked.exotel_domain.as_ref().map_or(Ok(()), check_domain)?;
    // Whoever sends back what was shown does not mean the mask.
    let token = asked.exotel_api_token.map(Secret::into_exposed).filter(|token| token != MASK);
    for (field, text) in [
        ("ExotelAccountSid", &asked.exotel_account_sid),
        ("ExotelApiKey", &asked.exotel_api_key),
        ("ExotelApiToken", &token),
    ] {
        text.as_deref().map_or(Ok(()), |text| check_text(field, text))?;
    }
    let carrier = CarrierPatch {
        account_id: asked.exotel_account_sid,
        key_id: asked.exotel_api_key,
        token,
        region: asked.exotel_domain.map(|domain| domain.as_str().to_owned()),
        is_active: asked.is_active,
    };
    Ok(RegistrationPatch { name: asked.app_name, carrier })
}

fn check_name(name: &str) -> Result<()> {
    match name.chars().count() {
        1..=NAME_CHARS_MAX if !name.trim().is_empty() => Ok(()),
        _ => Err(ApiError::bad_request(format!("AppName: must have 1 to {NAME_CHARS_MAX} characters"))),
    }
}

fn check_text(field: &str, text: &str) -> Result<()> {
    match text.len() {
        1..=TEXT_BYTES_MAX => Ok(()),
        _ => Err(ApiError::bad_request(format!("{field}: must have 1 to {TEXT_BYTES_MAX} bytes"))),
    }
}

fn check_domain(domain: &Domain) -> Result<()> {
    match domain.is_known() {
        true => Ok(()),
        false => Err(ApiError::bad_request(format!("ExotelDomain: must be {}", Domain::KNOWN.join(" or ")))),
    }
}

/// An app with its secrets masked. One without an account at the carrier shows empty texts.
fn show(customer_id: String, Registration { app, carrier }: Registration) -> App {
    let updated_at = carrier.as_ref().map_or(app.created_at, |carrier| carrier.updated_at);
    let (account_sid, api_key, domain, is_active) = match carrier {
        Some(carrier) => (carrier.account_id, carrier.key_id, carrier.region, carrier.is_active),
        None => (String::new(), String::new(), String::new(), true),
    };
    App {
        app_id: app.id.to_guid(),
        app_secret: Some(Secret::new(MASK)),
        customer_id,
        app_name: app.name,
        exotel_account_sid: account_sid,
        exotel_api_key: api_key,
        exotel_api_token: Secret::new(MASK),
        exotel_domain: domain,
        is_active,
        created_at: app.created_at.to_string(),
        updated_at: updated_at.to_string(),
    }
}
