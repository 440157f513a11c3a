//! Makes, changes and removes transfer links.

use model::Id;
use model::limits::PREPARED_MAX;
use model::record::{AppKey, TransferLink};
use store::rows::transfer_links as rows;
use store::{Command, Ctx, Read, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// A transfer link that a caller wants.
#[derive(Clone, Debug)]
pub struct TransferLinkDraft {
    /// Unique in the app.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Where it leads.
    pub url: String,
    /// Its text.
    pub label: String,
    /// After how many milliseconds the conversation opens there again; below 0 never.
    pub mount_delay_ms: i64,
}

/// A change of a transfer link.
#[derive(Clone, Debug, Default)]
pub struct TransferLinkPatch {
    /// Unique in the app.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// Its text.
    pub label: Option<String>,
    /// After how many milliseconds the conversation opens there again; below 0 never.
    pub mount_delay_ms: Option<i64>,
}

async fn check_name(read: &mut Read, app: AppKey, name: &str, own: Option<Id>) -> Result<()> {
    match rows::by_name(read, app, name).await?.filter(|found| Some(found.id) != own) {
        Some(_) => Err(HubError::NameTaken(Thing::TransferLink)),
        None => Ok(()),
    }
}

async fn find(read: &mut Read, app: AppKey, id: Id) -> Result<TransferLink> {
    rows::by_id(read, id).await?.filter(|found| found.app == app).or_not_found(Thing::TransferLink)
}

struct Create(AppKey, TransferLinkDraft);

impl Command for Create {
    type Out = TransferLink;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<TransferLink> {
        let Create(app, draft) = self;
        if rows::count(tx, *app).await? >= PREPARED_MAX as i64 {
            return Err(HubError::TooMany { thing: Thing::TransferLink, max: PREPARED_MAX as i64 });
        }
        check_name(tx, *app, &draft.name, None).await?;
        let TransferLinkDraft { name, description, url, label, mount_delay_ms } = draft.clone();
        let (id, app, created_at) = (ctx.id(), *app, ctx.now);
        let link = TransferLink { id, app, name, description, url, label, mount_delay_ms, created_at };
        rows::save(tx, &link).await?;
        Ok(link)
    }
}

struct Update(AppKey, Id, TransferLinkPatch);

impl Command for Update {
    type Out = TransferLink;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<TransferLink> {
        let Update(app, id, patch) = self;
        let mut link = find(tx, *app, *id).await?;
        if let Some(name) = &patch.name {
            check_name(tx, *app, name, Some(*id)).await?;
            link.name.clone_from(name);
        }
        let TransferLinkPatch { description, url, label, mount_delay_ms, .. } = patch.clone();
        link.description = description.or(link.description);
        link.url = url.unwrap_or(link.url);
        link.label = label.unwrap_or(link.label);
        link.mount_delay_ms = mount_delay_ms.unwrap_or(link.mount_delay_ms);
        rows::save(tx, &link).await?;
        Ok(link)
    }
}

struct Delete(AppKey, Id);

impl Command for Delete {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let link = find(tx, self.0, self.1).await?;
        Ok(rows::remove(tx, link.id).await?)
    }
}

impl Hub {
    /// Makes a transfer link.
    ///
    /// # Errors
    /// `NameTaken`, `TooMany`.
    pub async fn create_transfer_link(
        &self,
        grant: &Grant,
        draft: TransferLinkDraft,
    ) -> Result<TransferLink> {
        self.run(Create(grant.app.key, draft)).await
    }

    /// Changes a transfer link.
    ///
    /// # Errors
    /// `NotFound`, `NameTaken`.
    pub async fn update_transfer_link(
        &self,
        grant: &Grant,
        id: Id,
        patch: TransferLinkPatch,
    ) -> Result<TransferLink> {
        self.run(Update(grant.app.key, id, patch)).await
    }

    /// Removes a transfer link.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_transfer_link(&self, grant: &Grant, id: Id) -> Result<()> {
        self.run(Delete(grant.app.key, id)).await
    }
}
