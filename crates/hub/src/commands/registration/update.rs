//! Changes an app together with its account at a carrier.

use model::record::{AppKey, CarrierAccount};
use store::rows::{apps, carriers};
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::queries::registrations::Registration;

/// What changes of an account at a carrier.
#[derive(Clone, Default)]
pub struct CarrierPatch {
    /// The account's name there.
    pub account_id: Option<String>,
    /// The name of the key to it.
    pub key_id: Option<String>,
    /// The key's secret.
    pub token: Option<String>,
    /// Which of the carrier's regions holds it.
    pub region: Option<String>,
    /// Whether it is in use.
    pub is_active: Option<bool>,
}

/// What changes of a registered app.
#[derive(Clone, Default)]
pub struct RegistrationPatch {
    /// For people.
    pub name: Option<String>,
    /// Its account at the carrier.
    pub carrier: CarrierPatch,
}

struct UpdateRegistration {
    app: AppKey,
    patch: RegistrationPatch,
    sealed_token: Option<Vec<u8>>,
    /// In place of a token that was never given.
    sealed_nothing: Vec<u8>,
}

impl UpdateRegistration {
    fn patched(&self, there: Option<CarrierAccount>, ctx: &Ctx) -> CarrierAccount {
        let mut carrier = there.unwrap_or_else(|| CarrierAccount {
            account_id: String::new(),
            key_id: String::new(),
            sealed_token: self.sealed_nothing.clone(),
            region: String::new(),
            is_active: true,
            updated_at: ctx.now,
        });
        let patch = &self.patch.carrier;
        replace(&mut carrier.account_id, &patch.account_id);
        replace(&mut carrier.key_id, &patch.key_id);
        replace(&mut carrier.region, &patch.region);
        replace(&mut carrier.sealed_token, &self.sealed_token);
        replace(&mut carrier.is_active, &patch.is_active);
        carrier.updated_at = ctx.now;
        carrier
    }
}

fn replace<T: Clone>(place: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        place.clone_from(value);
    }
}

impl Command for UpdateRegistration {
    type Out = Registration;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Registration> {
        let mut app = apps::by_key(tx, self.app).await?.or_not_found(Thing::App)?;
        replace(&mut app.name, &self.patch.name);
        apps::update(tx, &app).await?;
        let carrier = self.patched(carriers::of_app(tx, self.app).await?, ctx);
        carriers::put(tx, self.app, &carrier).await?;
        Ok(Registration { app, carrier: Some(carrier) })
    }
}

impl Hub {
    /// Changes the named fields of an app and of its account at a carrier.
    ///
    /// # Errors
    /// `NotFound` when the app is gone meanwhile.
    pub async fn update_registration(&self, grant: &Grant, patch: RegistrationPatch) -> Result<Registration> {
        let sealed_token = match &patch.carrier.token {
            Some(token) => Some(self.sealer().seal(token)?),
            None => None,
        };
        let sealed_nothing = self.sealer().seal("")?;
        let command = UpdateRegistration { app: grant.app.key, patch, sealed_token, sealed_nothing };
        self.run(command).await
    }
}
