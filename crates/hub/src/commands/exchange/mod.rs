//! Talking through endpoints: a customer's conversation is established, and either side says something.

mod establish;
mod hand_over;
mod prepared;
mod say;
mod side;
mod signal;
#[cfg(test)]
mod tests;

pub use establish::{EstablishDraft, Established, PROPERTIES_COUNT_MAX};
pub use hand_over::{HandOver, HandOverDraft};
pub use prepared::Asker;
pub use say::{Said, SayDraft, Speaker};
pub use signal::{SignalDraft, Signalled};

use std::sync::Arc;

use model::Id;
use model::record::{App, Endpoint, Integration, IntegrationStatus};
use model::switchboard::Board;
use store::rows::endpoints;
use store::{Read, Tx};

use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::rules::board::board_of;
use crate::rules::integrations;

/// Refuses what goes through a paused integration.
pub(crate) fn check_awake(app: &App, integration: &Integration) -> Result<()> {
    match app.settings.paused || integration.status == IntegrationStatus::Paused {
        true => Err(HubError::Paused),
        false => Ok(()),
    }
}

/// The integration of an agent or bot who may speak.
async fn answering(read: &mut Read, app: &App, id: Id) -> Result<(Integration, Endpoint)> {
    let integration = integrations::find(read, app.key, id).await?;
    let endpoint = endpoints::of_integration(read, integration.key).await?;
    let endpoint = endpoint.filter(|endpoint| endpoint.role.answers()).or_not_found(Thing::Integration)?;
    check_awake(app, &integration)?;
    Ok((integration, endpoint))
}

/// The board of an app in which somebody answers.
async fn answering_board(tx: &mut Tx, app: &App) -> Result<Arc<Board>> {
    let board = board_of(tx, app.key).await?;
    board.filter(|board| !board.members.is_empty()).ok_or(HubError::NobodyAnswers)
}
