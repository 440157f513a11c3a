//! Talking through endpoints: a customer's conversation is established, and either side says something.

mod establish;
mod say;

pub use establish::{EstablishDraft, Established};
pub use say::{SayDraft, Speaker};

use model::record::{App, Integration, IntegrationStatus};
use model::switchboard::Board;
use store::Read;

use crate::error::{HubError, Result};
use crate::rules::board::load_board;

/// Refuses what goes through an integration that rests.
pub(crate) fn check_awake(app: &App, integration: &Integration) -> Result<()> {
    match app.settings.paused || integration.status == IntegrationStatus::Paused {
        true => Err(HubError::Paused),
        false => Ok(()),
    }
}

/// The board of an app in which somebody answers.
async fn answering_board(read: &mut Read, app: &App) -> Result<Board> {
    let board = load_board(read, app.key).await?.map(|(_, board)| board);
    board.filter(|board| !board.members.is_empty()).ok_or(HubError::NobodyAnswers)
}
