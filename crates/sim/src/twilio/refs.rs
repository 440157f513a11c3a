//! Who asks, and what numbers look like.

use crate::http::{Incoming, Refusal};
use crate::shared::Handle;
use crate::world::World;

use super::errors::unauthenticated;
use super::{Number, Service, TwilioAccount};

/// The account that the credentials name; the path must not name another one.
pub(super) fn authenticate(shared: &Handle, request: &Incoming, parts: &[&str]) -> Result<String, Refusal> {
    let Some((name, password)) = request.basic() else {
        return Err(unauthenticated("there is no basic authentication"));
    };
    let known = shared.look(|world| {
        let account = world.twilio.iter().find(|account| account.account_sid == name)?;
        Some((account.auth_token == password, account.status.clone()))
    });
    match known {
        None => return Err(unauthenticated("there is no such account")),
        Some((false, _)) => return Err(unauthenticated("the auth token is wrong")),
        // A suspended account can still be looked at, and nothing else.
        Some((true, status)) if status != "active" && parts.len() != 3 => {
            return Err(unauthenticated("the account is not active"));
        }
        Some((true, _)) => {}
    }
    if let ["2010-04-01", "Accounts", account, ..] = parts
        && account.trim_end_matches(".json") != name
    {
        return Err(unauthenticated("the path names another account than the credentials"));
    }
    Ok(name)
}

/// Whether a text is an E.164 number: plus, 8 to 15 digits, the first of them not 0.
pub(super) fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

impl World {
    pub(super) fn twilio_account(&mut self, account_sid: &str) -> Option<&mut TwilioAccount> {
        self.twilio.iter_mut().find(|account| account.account_sid == account_sid)
    }

    /// Whose number this is.
    pub(crate) fn twilio_number(&self, phone_number: &str) -> Option<(&TwilioAccount, &Number)> {
        self.twilio.iter().find_map(|account| {
            let number = account.numbers.iter().find(|number| number.phone_number == phone_number)?;
            Some((account, number))
        })
    }
}

impl TwilioAccount {
    /// The service that a number is in.
    pub(super) fn service_of(&self, phone_number: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.numbers.iter().any(|known| known == phone_number))
    }
}
