//! Accounts and their keys: for the operator, who needs no key.

mod create;
mod delete;
mod keys;
mod seed;
#[cfg(test)]
mod tests;
mod touch;

pub(crate) use delete::RemoveAccount;
use model::limits::NAME_CHARS_MAX;
use model::record::Account;

use crate::error::{HubError, Result};

/// An account key, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountKeyView {
    /// The public id of its account.
    pub account_id: model::Id,
    /// The key.
    pub credential: model::record::Credential,
}

/// What an account brings into the world: itself, and a key to it.
pub type NewAccount = (Account, crate::rules::keys::NewKey);

/// Checks a name that the operator gives: 1–100 characters, not only white space.
pub(crate) fn check_name(name: &str) -> Result<()> {
    match name.chars().count() {
        1..=NAME_CHARS_MAX if !name.trim().is_empty() => Ok(()),
        _ => Err(HubError::Invalid(format!("name: must have 1 to {NAME_CHARS_MAX} characters"))),
    }
}
