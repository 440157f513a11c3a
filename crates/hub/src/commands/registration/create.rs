//! Makes an app with its first key and its account at a carrier, all or nothing.

use std::sync::Arc;

use model::content::Metadata;
use model::record::{AccountKey, App, AppKey, AppSettings, CarrierAccount, Credential};
use store::rows::{apps, carriers};
use store::{Command, Ctx, Tx};

use crate::access::Caller;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::queries::registrations::Registration;
use crate::rules::keys::{KeyOwner, KeySeed, NewKey};

/// An account at a carrier that an app is to use.
#[derive(Clone)]
pub struct CarrierDraft {
    /// The account's name there.
    pub account_id: String,
    /// The name of the key to it.
    pub key_id: String,
    /// The key's secret.
    pub token: String,
    /// Which of the carrier's regions holds it.
    pub region: String,
    /// Whether it is in use.
    pub is_active: bool,
}

/// A registered app with its key, whose secret is shown here and nowhere else.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    /// The app with its account at the carrier.
    pub registration: Registration,
    /// Its first key.
    pub key: NewKey,
}

struct RegisterApp {
    account: AccountKey,
    name: String,
    key: KeySeed,
    carrier: CarrierDraft,
    sealed_token: Vec<u8>,
}

impl Command for RegisterApp {
    type Out = (Registration, Credential);
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<(Registration, Credential)> {
        let mut app = App {
            key: AppKey::default(),
            id: ctx.id(),
            account: self.account,
            name: self.name.clone(),
            settings: AppSettings::default(),
            metadata: Metadata::default(),
            created_at: ctx.now,
        };
        app.key = apps::insert(tx, &app).await?;
        let credential = self.key.insert(tx, ctx, KeyOwner::App(self.account, app.key)).await?;
        let carrier = CarrierAccount {
            account_id: self.carrier.account_id.clone(),
            key_id: self.carrier.key_id.clone(),
            sealed_token: self.sealed_token.clone(),
            region: self.carrier.region.clone(),
            is_active: self.carrier.is_active,
            updated_at: ctx.now,
        };
        carriers::put(tx, app.key, &carrier).await?;
        Ok((Registration { app, carrier: Some(carrier) }, credential))
    }
}

impl Hub {
    /// Makes an app in the caller's account, with a key of its own.
    ///
    /// # Errors
    /// `Forbidden` without account scope.
    pub async fn register_app(
        &self,
        caller: &Arc<Caller>,
        name: &str,
        carrier: CarrierDraft,
    ) -> Result<NewRegistration> {
        caller.check_account("makes apps")?;
        let (key, secret) = self.key_seed(name)?;
        let sealed_token = self.sealer().seal(&carrier.token)?;
        let (account, name) = (caller.account, name.to_owned());
        let command = RegisterApp { account, name, key, carrier, sealed_token };
        let (registration, credential) = self.run(command).await?;
        Ok(NewRegistration { registration, key: NewKey { credential, secret } })
    }
}
