//! Changes an app.

use model::content::Metadata;
use model::metadata;
use model::patch::Patch;
use model::record::{App, AppKey};
use store::rows::apps;
use store::{Command, Ctx, Tx};

use super::settings::SettingsPatch;
use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;

/// A change of an app.
#[derive(Clone, Debug, Default)]
pub struct AppPatch {
    /// For people.
    pub name: Option<String>,
    /// How it behaves.
    pub settings: SettingsPatch,
    /// The owner's own data: merged key by key, null removes a key.
    pub metadata: Patch<Metadata>,
    /// Whether no other app of the account may have a new name.
    pub unique_name: bool,
}

struct UpdateApp {
    app: AppKey,
    patch: AppPatch,
}

impl Command for UpdateApp {
    type Out = App;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<App> {
        let mut app = apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        if let Some(name) = &self.patch.name {
            if self.patch.unique_name && apps::name_is_taken(tx, app.account, name, Some(app.key)).await? {
                return Err(HubError::NameTaken(Thing::App));
            }
            app.name.clone_from(name);
        }
        app.settings = self.patch.settings.apply(&app.settings)?;
        match &self.patch.metadata {
            Patch::Keep => {}
            Patch::Clear => app.metadata.clear(),
            Patch::Set(change) => {
                let merged = metadata::merge(&app.metadata, change);
                app.metadata = merged.map_err(|error| HubError::Invalid(format!("metadata: {error}")))?;
            }
        }
        apps::update(tx, &app).await?;
        apps::touch(tx, app.key, ctx.now).await?;
        Ok(app)
    }
}

impl Hub {
    /// Changes an app: settings one by one, metadata key by key.
    ///
    /// # Errors
    /// `NotFound` when it is gone meanwhile, `NameTaken`, `Invalid` for settings that contradict each other
    /// (sunshine-v2.md §10.4) or metadata that grow too large.
    pub async fn update_app(&self, grant: &Grant, patch: AppPatch) -> Result<App> {
        self.run(UpdateApp { app: grant.app.key, patch }).await
    }
}
