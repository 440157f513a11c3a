//! ExotelCreateCustomer, ExotelGetCustomer and ExotelDeleteCustomer: `/v2/integrations/customer`.

use model::record::Account;
use wire::Secret;
use wire::exotel::types::{Customer, CustomerRequest};

use super::MASK;
use crate::http::call::{CallerCall, Data, OpenCall, data};
use crate::http::error::{ApiError, Result};

/// What all who make customers count as together: they have no key yet.
pub(super) const REGISTRATIONS: &str = "customer-registration";

pub(super) async fn create_customer(call: OpenCall) -> Result<Data> {
    if !call.request.config.customer_registration {
        let hint = "customers are made by the operator: crosspoint accounts create NAME";
        return Err(ApiError::unauthorized(hint));
    }
    let asked: CustomerRequest = call.request.json()?;
    let (name, email) = (asked.customer_name.as_str(), Some(asked.email.as_str()));
    let (account, key) = call.request.hub.create_account_of(name, email).await?;
    data(&show(account, &key.secret))
}

pub(super) async fn get_customer(call: CallerCall) -> Result<Data> {
    data(&show(call.request.hub.account(&call.caller).await?, MASK))
}

pub(super) async fn delete_customer(call: CallerCall) -> Result<Data> {
    call.request.hub.delete_account(&call.caller).await?;
    data(&"Deleted Successfully")
}

fn show(account: Account, secret: &str) -> Customer {
    Customer {
        customer_id: account.id.to_guid(),
        customer_secret: Secret::new(secret),
        customer_name: account.name,
        email: account.email.unwrap_or_default(),
        customer_setting: None,
        created_at: account.created_at.to_string(),
        updated_at: account.created_at.to_string(),
        deleted_at: false,
    }
}
