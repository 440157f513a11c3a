//! The customer's side of a conversation: who speaks there, and whether anybody hears.

use std::sync::Arc;

use model::record::{App, Client, ClientStatus, Integration};
use store::rows::speakers::Speaker as Customer;
use store::rows::visits;
use store::{Read, Tx};

use super::check_awake;
use super::say::Speaker;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::rules::integrations;

/// A customer who speaks.
pub(super) struct Speaking {
    pub(super) customer: Customer,
    /// Through which integration, awake.
    pub(super) through: Arc<Integration>,
    /// Whether the client was the one that was used last.
    pub(super) is_primary: bool,
}

/// The customer who speaks. Where several channels would do it is an endpoint's own surface, otherwise the
/// one that was used last.
///
/// # Errors
/// `NotFound` where no such customer takes part; `Terminated`, `Paused`.
pub(super) async fn speaking(
    tx: &mut Tx,
    app: &App,
    customers: Vec<Customer>,
    speaker: Speaker,
) -> Result<Speaking> {
    let place = |at: usize| customers.get(at).map(|customer| customer.place);
    let at = chosen(tx, &customers, speaker).await?;
    let is_primary = at == 0 || place(at) != place(at.saturating_sub(1));
    let customer = customers.into_iter().nth(at).or_not_found(Thing::Conversation)?;
    let through = through(tx, app, &customer.client).await?.or_not_found(Thing::Integration)?;
    Ok(Speaking { customer, through, is_primary })
}

async fn chosen(read: &mut Read, customers: &[Customer], speaker: Speaker) -> Result<usize> {
    let on_channel = |customer: &&Customer| customer.client.integration.is_some();
    let found = match speaker {
        Speaker::Visitor(visit) => {
            let mut found = None;
            for (at, customer) in customers.iter().enumerate() {
                if found.is_none() && visits::speaks_for(read, visit, customer.client.key).await? {
                    found = Some(at);
                }
            }
            found
        }
        Speaker::CustomerOn(id) | Speaker::Endpoint(id) => {
            customers.iter().position(|customer| customer.client.integration_id == Some(id))
        }
        Speaker::Customer => {
            let is_own =
                |customer: &Customer| on_channel(&customer) && customer.client.kind == Integration::WEB;
            customers.iter().position(is_own).or_else(|| customers.iter().position(|one| on_channel(&one)))
        }
    };
    found.or_not_found(match speaker {
        Speaker::CustomerOn(_) => Thing::Integration,
        _ => Thing::Conversation,
    })
}

/// The integration through which a customer speaks, awake; `None` for one who speaks through none.
///
/// # Errors
/// `Terminated` for a deleted one, `Paused`.
async fn through(tx: &mut Tx, app: &App, customer: &Client) -> Result<Option<Arc<Integration>>> {
    let Some(key) = customer.integration else { return Ok(None) };
    let integration = integrations::known(tx, key).await?.ok_or(HubError::Terminated)?;
    check_awake(app, &integration)?;
    Ok(Some(integration))
}

/// Whether the business reaches somebody: on any channel, or on none, where another API shows the
/// conversation. `false` when everybody has blocked the sender or cannot be reached otherwise.
///
/// # Errors
/// `Terminated` or `Paused` where every channel is; which, the first one says.
pub(super) async fn is_reached(tx: &mut Tx, app: &App, customers: &[Client]) -> Result<bool> {
    if app.settings.paused {
        return Err(HubError::Paused);
    }
    let (mut refused, mut is_gone) = (None, false);
    for client in customers {
        match through(tx, app, client).await {
            Ok(None) => {}
            Ok(Some(_)) if matches!(client.status, ClientStatus::Blocked | ClientStatus::Inactive) => {
                is_gone = true;
            }
            Ok(Some(_)) => return Ok(true),
            Err(error @ (HubError::Terminated | HubError::Paused)) => refused = refused.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    match (is_gone, refused) {
        (true, _) => Ok(false),
        (false, Some(error)) => Err(error),
        (false, None) => Ok(true),
    }
}
