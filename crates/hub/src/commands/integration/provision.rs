//! Setting an integration up at its provider (decision 3): an intent first, then the provider, then the
//! integration. A caller who hangs up in between changes nothing; what a crash leaves there is undone after
//! the next start.

use futures::future::BoxFuture;
use model::content::Metadata;
use model::limits::SWEEP_SLICE_ROWS_MAX;
use model::record::{AppKey, Integration, IntegrationKey, IntegrationStatus};
use model::{Id, Millis};
use serde_json::{Map, Value};
use store::rows::provisionings::{self, Provisioning};
use store::{Command, Ctx, Tx};
use tokio::sync::OwnedRwLockReadGuard;

use super::withdraw::Withdraw;
use super::{IntegrationDraft, open_secrets, responder, seal_secrets};
use crate::channel::OpenChannel;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::integrations::{Claims, check_account_free, obstacles, withdraw};

/// Speaks to providers when integrations come and go. Delivery has one. The hub holds it, so it holds no hub:
/// it is given one with each call.
pub trait Provisioner: Send + Sync + 'static {
    /// Whether there is a connector for an integration type.
    fn is_connected(&self, kind: &str) -> bool;

    /// Sets an integration up; the error is the provider's reason, for the caller.
    fn provision<'a>(
        &'a self,
        hub: &'a Hub,
        channel: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<Provisioned, String>>;

    /// Undoes it, as far as the provider lets us; the error says why it has to be tried again.
    fn withdraw<'a>(&'a self, hub: &'a Hub, channel: &'a OpenChannel) -> BoxFuture<'a, Result<(), String>>;

    /// The account at the provider that only one integration can be connected to; `None` where there may be
    /// several, or where it is not known before.
    fn sole_account(&self, channel: &OpenChannel) -> Option<String> {
        let _ = channel;
        None
    }

    /// Whether the provider calls an integration back at our present address.
    fn is_registered(&self, channel: &OpenChannel) -> bool {
        let _ = channel;
        true
    }

    /// Whether a living integration can take over what a leaving one shares with it at the provider.
    fn is_heir(&self, leaving: &OpenChannel, living: &OpenChannel) -> bool {
        let _ = (leaving, living);
        false
    }

    /// Gives an heir what the leaving integration shares with it, if it is still that one's; the error says
    /// why it has to be tried again.
    fn hand_over<'a>(
        &'a self,
        hub: &'a Hub,
        leaving: &'a OpenChannel,
        heir: &'a OpenChannel,
    ) -> BoxFuture<'a, Result<(), String>> {
        let _ = (hub, leaving, heir);
        Box::pin(std::future::ready(Ok(())))
    }

    /// How people reach the business through an integration, for example by its telephone number; `None`
    /// where its settings do not say it.
    fn own_address(&self, integration: &Integration) -> Option<String> {
        let _ = integration;
        None
    }

    /// Whether the provider of this type tells when a person with this external id has read a message.
    fn tells_reading(&self, kind: &str, external_id: &str) -> bool {
        let _ = (kind, external_id);
        false
    }

    /// Whether undoing one integration would undo what a living one needs.
    fn is_held_by(&self, gone: &Integration, living: &Integration) -> bool;

    /// When undoing is tried again after that many attempts; `None` to give up.
    fn again_at(&self, attempts: i64, now: Millis) -> Option<Millis>;

    /// Whether codes of this provider can be traded; see [`Provisioner::trade_code`].
    fn trades_codes_of(&self, provider: &str) -> bool {
        let _ = provider;
        false
    }

    /// Trades a code that a provider has given one of its users for lasting access; the error is the
    /// provider's reason, for the caller.
    fn trade_code<'a>(
        &'a self,
        hub: &'a Hub,
        provider: &'a str,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Provisioned, String>> {
        let _ = (hub, code);
        Box::pin(std::future::ready(Err(format!("this server has no client at {provider}"))))
    }
}

/// What a provider told when an integration was set up.
#[derive(Clone, Debug, Default)]
pub struct Provisioned {
    /// Settings that are kept and shown.
    pub config: Metadata,
    /// Settings that are kept and not shown.
    pub secrets: Map<String, Value>,
    /// What does not work all the same, for people; the integration's health shows it.
    pub caveat: Option<String>,
}

fn refused(reason: String) -> HubError {
    HubError::Invalid(format!("the provider refused the integration: {reason}"))
}

struct BeginProvisioning {
    app: AppKey,
    kind: String,
    config: Metadata,
    sealed_secrets: Option<Vec<u8>>,
    default_responder: Option<String>,
    /// A name and an account that are to be free.
    unique_name: Option<String>,
    account: Option<String>,
}

impl Command for BeginProvisioning {
    type Out = Provisioning;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Provisioning> {
        if let Some(id) = &self.default_responder {
            responder(tx, self.app, id).await?;
        }
        let account = self.account.as_deref().map(|account| (self.kind.as_str(), account));
        let claims = Claims { name: self.unique_name.as_deref(), account, seat: false };
        if let Some(obstacle) = obstacles(tx, self.app, claims).await?.into_iter().next() {
            return Err(obstacle);
        }
        let begun = Provisioning {
            id: ctx.id(),
            app: self.app,
            kind: self.kind.clone(),
            config: self.config.clone(),
            sealed_secrets: self.sealed_secrets.clone(),
            began_at: ctx.now,
        };
        provisionings::insert(tx, &begun).await?;
        Ok(begun)
    }
}

/// What a crash has left is due for withdrawal; gives whether that was all.
struct AbandonBegun;

impl Command for AbandonBegun {
    type Out = bool;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<bool> {
        let begun = provisionings::all(tx, SWEEP_SLICE_ROWS_MAX).await?;
        let is_last = begun.len() < SWEEP_SLICE_ROWS_MAX;
        for begun in begun {
            tracing::info!(integration = %begun.id, kind = %begun.kind, "an integration was not set up to its end; undoing it");
            let id = begun.id;
            withdraw(tx, ctx, &as_integration(begun), 0).await?;
            provisionings::remove(tx, id).await?;
        }
        Ok(is_last)
    }
}

/// An integration that is set up at its provider and waits for its command. Nothing of its type is
/// withdrawn before that is through.
pub(super) struct SetUp {
    pub id: Id,
    pub provisioned: Provisioned,
    /// The account that it is to hold alone.
    pub account: Option<String>,
    begun: Integration,
    _setting_up: OwnedRwLockReadGuard<()>,
}

impl SetUp {
    /// The channel type.
    pub(super) fn kind(&self) -> &str {
        &self.begun.kind
    }
}

/// An integration that is set up at its provider with other secrets than it has.
pub(super) struct Renewed {
    pub provisioned: Provisioned,
    /// The account that it is to hold alone.
    pub account: Option<String>,
    now: OpenChannel,
    _setting_up: OwnedRwLockReadGuard<()>,
}

impl Hub {
    /// Sets an integration up again that is given secrets, be they the same: whoever gives them once more
    /// wants what was lost at the provider to be set right. `None` when there is nobody to ask.
    ///
    /// It needs no intent: a crash leaves the integration as it was, and the caller, who has no answer,
    /// asks again.
    ///
    /// # Errors
    /// `Invalid` with the provider's reason; `AccountTaken`.
    pub(super) async fn renew(&self, before: &OpenChannel, mut now: OpenChannel) -> Result<Option<Renewed>> {
        let kind = &before.integration.kind;
        let Some(provisioner) = self.provisioner().filter(|provisioner| provisioner.is_connected(kind))
        else {
            return Ok(None);
        };
        let account = provisioner.sole_account(&now);
        if account != provisioner.sole_account(before)
            && let Some(account) = &account
        {
            check_account_free(&mut *self.reader().await?, before.integration.app, (kind, account)).await?;
        }
        let setting_up = self.setting_up(kind).read_owned().await;
        let provisioned = provisioner.provision(self, &now).await.map_err(refused)?;
        now.integration.config.extend(provisioned.config.clone());
        now.secrets.extend(provisioned.secrets.clone());
        Ok(Some(Renewed { provisioned, account, now, _setting_up: setting_up }))
    }

    /// Takes the new sender back at the provider, since the change was not kept.
    pub(super) async fn give_up_renewal(&self, renewed: Renewed) -> Result<()> {
        let Renewed { now, _setting_up, .. } = renewed;
        drop(_setting_up);
        let sealed_secrets = seal_secrets(self.sealer(), &now.secrets)?;
        self.abandon(Integration { sealed_secrets, ..now.integration }).await
    }

    /// Sets a new integration up at its provider, if nothing of ours stands against it.
    ///
    /// # Errors
    /// `NameTaken`, `AccountTaken`, `Invalid` with the provider's reason; nothing is left behind.
    pub(super) async fn set_up(
        &self,
        app: AppKey,
        wanted: &IntegrationDraft,
        sealed_secrets: Option<Vec<u8>>,
    ) -> Result<Option<SetUp>> {
        let IntegrationDraft { kind, config, default_responder, account, .. } = wanted.clone();
        let Some(provisioner) = self.provisioner().filter(|provisioner| provisioner.is_connected(&kind))
        else {
            return Ok(None);
        };
        let unique_name = wanted.name.clone().filter(|_| wanted.unique_name);
        let account = account.or_else(|| {
            let secrets = wanted.secrets.clone();
            let integration = as_integration(Provisioning {
                id: Id::MIN,
                app,
                kind: kind.clone(),
                config: config.clone(),
                sealed_secrets: None,
                began_at: self.now(),
            });
            provisioner.sole_account(&OpenChannel { integration, secrets })
        });
        let claimed = account.clone();
        #[rustfmt::skip]
        let begin = BeginProvisioning {
            app, kind, config, sealed_secrets, default_responder, unique_name, account,
        };
        let begun = self.run(begin).await?;
        let begun = as_integration(begun);
        let channel = self.open_channel(begun.clone())?;
        let setting_up = self.setting_up(&begun.kind).read_owned().await;
        match provisioner.provision(self, &channel).await {
            Ok(provisioned) => Ok(Some(SetUp {
                id: begun.id,
                provisioned,
                account: claimed,
                begun,
                _setting_up: setting_up,
            })),
            Err(reason) => {
                drop(setting_up);
                self.abandon(begun).await?;
                Err(refused(reason))
            }
        }
    }

    /// Whether codes of a provider can be traded for access.
    pub fn trades_codes_of(&self, provider: &str) -> bool {
        self.provisioner().is_some_and(|provisioner| provisioner.trades_codes_of(provider))
    }

    /// Trades a code that a provider has given one of its users for lasting access.
    ///
    /// # Errors
    /// `Invalid` with the provider's reason.
    pub async fn trade_code(&self, provider: &str, code: &str) -> Result<Provisioned> {
        let Some(provisioner) = self.provisioner() else {
            return Err(HubError::Invalid(format!("this server has no client at {provider}")));
        };
        provisioner.trade_code(self, provider, code).await.map_err(refused)
    }

    /// Undoes what was set up, since its command failed.
    pub(super) async fn give_up(&self, set_up: SetUp) -> Result<()> {
        let SetUp { mut begun, provisioned, _setting_up, .. } = set_up;
        drop(_setting_up);
        let mut secrets = open_secrets(self.sealer(), begun.sealed_secrets.as_deref())?;
        secrets.extend(provisioned.secrets);
        begun.sealed_secrets = seal_secrets(self.sealer(), &secrets)?;
        begun.config.extend(provisioned.config);
        self.abandon(begun).await
    }

    async fn abandon(&self, integration: Integration) -> Result<()> {
        let due = self.run(Withdraw(integration)).await?;
        self.tell_withdrawn(due).await
    }

    /// An integration that is being set up: some providers ask us whether we are there before they
    /// agree. Nobody else finds it.
    pub async fn begun_channel(&self, integration: Id) -> Result<Option<OpenChannel>> {
        let begun = provisionings::by_id(&mut *self.reader().await?, integration).await?;
        begun.map(|begun| self.open_channel(as_integration(begun))).transpose()
    }

    /// Has the sweeper undo at their providers what a crash has left. For the start of a server, before
    /// anybody can begin something new.
    ///
    /// # Errors
    /// The store's.
    pub async fn undo_begun_integrations(&self) -> Result<()> {
        while !self.run(AbandonBegun).await? {}
        Ok(())
    }
}

/// An integration as it would be, while it is set up.
fn as_integration(begun: Provisioning) -> Integration {
    Integration {
        key: IntegrationKey::default(),
        id: begun.id,
        app: begun.app,
        kind: begun.kind,
        status: IntegrationStatus::Inactive,
        name: None,
        config: begun.config,
        sealed_secrets: begun.sealed_secrets,
        default_responder: None,
        oauth_client_id: None,
        created_at: begun.began_at,
        health_reason: None,
        last_good_at: None,
    }
}
