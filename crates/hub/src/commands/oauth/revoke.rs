//! Ends a partner's access to an app.

use model::Id;
use model::record::{AppKey, IntegrationKey};
use model::switchboard::remove_member;
use store::rows::{integrations as rows, oauth};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::board::{apply_removal, load_board};
use crate::rules::integrations;

/// A partner that wants to be told that its access to an app has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Where it wants to be told.
    pub url: String,
    /// The partner.
    pub client_id: String,
    /// The app.
    pub app_id: Id,
    /// The integration that stood for the partner in the app.
    pub integration_id: Id,
}

struct RevokeOAuth {
    app: AppKey,
    app_id: Id,
    integration: Option<IntegrationKey>,
}

impl Command for RevokeOAuth {
    /// Who has to be told.
    type Out = Option<Parting>;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<Parting>> {
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
            apply_removal(tx, ctx, switchboard, &changes).await?;
        }
        integrations::remove(tx, ctx, &integration).await?;
        let (app_id, integration_id) = (self.app_id, integration.id);
        Ok(client.and_then(|client| {
            let (url, client_id) = (client.remove_url?, client.id);
            Some(Parting { url, client_id, app_id, integration_id })
        }))
    }
}

impl Hub {
    /// Ends the calling partner's access to an app: its integration with webhooks, seat and tokens.
    /// The partner is told if it wants to be (see [`Hub::partings`]).
    ///
    /// # Errors
    /// `Forbidden` for every other caller.
    pub async fn revoke_oauth(&self, grant: &Grant) -> Result<()> {
        let integration = grant.caller.integration().map(|(key, _)| key);
        let command = RevokeOAuth { app: grant.app.key, app_id: grant.app.id, integration };
        let parting = self.run(command).await?;
        self.wake_sweeper();
        if let Some(parting) = parting {
            self.part(parting);
        }
        Ok(())
    }
}
