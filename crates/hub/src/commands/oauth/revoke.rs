//! Ends a partner's access to an app.

use model::record::{AppKey, IntegrationKey};
use model::switchboard::remove_member;
use store::rows::{integrations as rows, oauth};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::board::{apply_removal, load_board};
use crate::rules::integrations;

struct RevokeOAuth {
    app: AppKey,
    integration: Option<IntegrationKey>,
}

impl Command for RevokeOAuth {
    /// Who has to be told.
    type Out = Option<String>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<String>> {
        let refused = || HubError::Forbidden("only the token of a partner can be revoked".into());
        let key = self.integration.ok_or_else(refused)?;
        let integration = rows::by_key(tx, key).await?.or_not_found(Thing::Integration)?;
        let client_id = integration.oauth_client_id.as_deref().ok_or_else(refused)?;
        let client = oauth::client_by_id(tx, client_id).await?;
        let board = load_board(tx, self.app).await?;
        // It goes whatever it was on the board; others take over (decision 32).
        if let Some((switchboard, board)) = &board
            && let Some(seat) = board.seat_of(key.0)
            && let Ok(changes) = remove_member(board, seat, true)
        {
            apply_removal(tx, switchboard, &changes).await?;
        }
        integrations::remove(tx, ctx, &integration).await?;
        Ok(client.and_then(|client| client.remove_url))
    }
}

impl Hub {
    /// Ends the calling partner's access to an app: its integration with webhooks, seat and tokens.
    /// Gives the URL at which the partner wants to be told, if it has one.
    ///
    /// # Errors
    /// `Forbidden` for every other caller.
    pub async fn revoke_oauth(&self, grant: &Grant) -> Result<Option<String>> {
        let integration = grant.caller.integration().map(|(key, _)| key);
        let told = self.run(RevokeOAuth { app: grant.app.key, integration }).await?;
        self.integration_gone();
        Ok(told)
    }
}
