//! Switchboards and their members.

use model::Id;

use crate::access::Grant;
use crate::error::Result;
use crate::hub::Hub;
use crate::rules::board::{BoardRows, MemberView, SwitchboardView};

impl Hub {
    /// The switchboards of an app: one at most.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_switchboards(&self, grant: &Grant) -> Result<Vec<SwitchboardView>> {
        let mut reader = self.reader().await?;
        let found = BoardRows::of_app(&mut reader, grant.app.key).await?;
        Ok(found.iter().map(BoardRows::shown).collect())
    }

    /// One switchboard.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn switchboard(&self, grant: &Grant, switchboard: Id) -> Result<SwitchboardView> {
        let mut reader = self.reader().await?;
        Ok(BoardRows::by_id(&mut reader, grant.app.key, switchboard).await?.shown())
    }

    /// The members of a switchboard, oldest first, ten at most.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard.
    pub async fn list_switchboard_integrations(
        &self,
        grant: &Grant,
        switchboard: Id,
    ) -> Result<Vec<MemberView>> {
        let mut reader = self.reader().await?;
        let rows = BoardRows::by_id(&mut reader, grant.app.key, switchboard).await?;
        Ok(rows.members.iter().map(|member| rows.view(member)).collect())
    }

    /// One member of a switchboard.
    ///
    /// # Errors
    /// `NotFound` for an unknown switchboard or member.
    pub async fn switchboard_integration(
        &self,
        grant: &Grant,
        switchboard: Id,
        member: Id,
    ) -> Result<MemberView> {
        let mut reader = self.reader().await?;
        let rows = BoardRows::by_id(&mut reader, grant.app.key, switchboard).await?;
        Ok(rows.view(rows.member(member)?))
    }
}
