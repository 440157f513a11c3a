//! Makes an app.

use std::sync::Arc;

use model::content::Metadata;
use model::metadata;
use model::record::{AccountKey, App, AppKey, AppSettings};
use store::rows::{accounts, apps};
use store::{Command, Ctx, Tx};

use super::settings::SettingsPatch;
use crate::access::Caller;
use crate::error::{HubError, OrNotFound as _, Result, Thing};
use crate::hub::Hub;
use crate::once::Once;

/// An app that a caller wants.
#[derive(Clone, Debug, Default)]
pub struct AppDraft {
    /// For people.
    pub name: String,
    /// What differs from the usual settings.
    pub settings: SettingsPatch,
    /// The owner's own data: flat, up to 4 KB.
    pub metadata: Metadata,
    /// Whether no other app of the account may have the name.
    pub unique_name: bool,
}

struct CreateApp {
    account: AccountKey,
    name: String,
    unique_name: bool,
    settings: AppSettings,
    metadata: Metadata,
}

impl Command for CreateApp {
    type Out = App;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<App> {
        // It may have been deleted since its key was read.
        accounts::by_key(tx, self.account).await?.or_not_found(Thing::Account)?;
        if self.unique_name && apps::name_is_taken(tx, self.account, &self.name, None).await? {
            return Err(HubError::NameTaken(Thing::App));
        }
        let mut app = App {
            key: AppKey::default(),
            id: ctx.id(),
            account: self.account,
            name: self.name.clone(),
            settings: self.settings.clone(),
            metadata: self.metadata.clone(),
            created_at: ctx.now,
        };
        app.key = apps::insert(tx, &app).await?;
        Ok(app)
    }
}

impl Hub {
    /// Makes an app in the caller's account. `once` is set for a request that is to be done once.
    ///
    /// # Errors
    /// `Forbidden` without account scope, `NotFound` when the account was deleted meanwhile, `NameTaken`,
    /// `Invalid` for settings that contradict each other or unacceptable metadata, `Repeated` for a request
    /// that was made before.
    pub async fn create_app(&self, caller: &Arc<Caller>, once: Option<Once>, draft: AppDraft) -> Result<App> {
        caller.check_account("makes apps")?;
        metadata::check(&draft.metadata).map_err(|error| HubError::Invalid(format!("metadata: {error}")))?;
        let settings = draft.settings.apply(&AppSettings::default())?;
        let AppDraft { name, metadata, unique_name, .. } = draft;
        let command = CreateApp { account: caller.account, name, unique_name, settings, metadata };
        self.run_once_for(caller, once, command).await
    }
}
