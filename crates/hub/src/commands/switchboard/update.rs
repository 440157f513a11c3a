//! Switches a switchboard on or off, and names its default.

use model::Id;
use model::patch::Patch;
use model::record::AppKey;
use store::rows::switchboards;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::board::{BoardRows, SwitchboardView};

/// A change of a switchboard.
#[derive(Clone, Debug, Default)]
pub struct SwitchboardPatch {
    /// Whether it rules.
    pub enabled: Option<bool>,
    /// The id of the member that answers first.
    pub default: Patch<String>,
}

struct UpdateSwitchboard {
    app: AppKey,
    switchboard: Id,
    patch: SwitchboardPatch,
}

impl Command for UpdateSwitchboard {
    type Out = SwitchboardView;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<SwitchboardView> {
        let mut rows = BoardRows::by_id(tx, self.app, self.switchboard).await?;
        match &self.patch.default {
            Patch::Keep => {}
            Patch::Clear => rows.switchboard.default = None,
            Patch::Set(id) => rows.switchboard.default = Some(rows.seat_named(id)?),
        }
        if let Some(enabled) = self.patch.enabled {
            rows.switchboard.enabled = enabled;
        }
        switchboards::update(tx, &rows.switchboard).await?;
        Ok(rows.shown())
    }
}

impl Hub {
    /// Changes a switchboard. No conversation is touched: each goes on at its next activity.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard, or a default that is no member.
    pub async fn update_switchboard(
        &self,
        grant: &Grant,
        switchboard: Id,
        patch: SwitchboardPatch,
    ) -> Result<SwitchboardView> {
        let view = self.run(UpdateSwitchboard { app: grant.app.key, switchboard, patch }).await?;
        Ok(view)
    }
}
