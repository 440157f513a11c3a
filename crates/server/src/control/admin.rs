//! What the operator may do, done on the hub.

use std::sync::Arc;

use hub::{
    Caller, Cursor, DeliveryState, DeliveryView, Grant, Hub, HubError, OAuthClientDraft, PageRequest, Reach,
    Thing,
};
use model::Id;
use model::record::{Account, CredentialKey};
use store::Store;
use store::files::Files;
use tokio::sync::mpsc;

use super::{AccountRow, Answer, DeliveryRow, KeyRow, NewKey, NewOAuthClient, OAuthClientRow, Request};
use crate::backup::{self, Contents, Part};
use crate::data_dir::{DataDir, SealingKey};
use crate::exit::{Failure, Result};

/// Deliveries that are listed at once, at most.
const PAGE_MAX: usize = 100;

/// The operator's hands.
pub(crate) struct Admin {
    pub(crate) hub: Hub,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) dir: DataDir,
    pub(crate) key: SealingKey,
}

impl Admin {
    /// Does what was asked; a backup is asked for with [`Admin::backup`].
    pub(crate) async fn perform(&self, request: Request) -> Result<Answer> {
        let hub = &self.hub;
        match request {
            Request::CreateAccount { name } => {
                let (account, key) = hub.create_account(&name).await?;
                Ok(Answer::Key(new_key(&account, key)))
            }
            Request::DeleteAccount { id } => {
                hub.delete_account_by_id(parse(&id, Thing::Account)?).await?;
                Ok(Answer::Done)
            }
            Request::ListAccounts => {
                let rows = hub.list_accounts().await?.into_iter().map(|account| AccountRow {
                    id: account.id.to_string(),
                    name: account.name,
                    created_at: account.created_at.to_string(),
                });
                Ok(Answer::Accounts(rows.collect()))
            }
            Request::CreateKey { account, name } => {
                let account = self.account(account.as_deref()).await?;
                let key = hub.create_account_key(Some(account.id), &name).await?;
                Ok(Answer::Key(new_key(&account, key)))
            }
            Request::ListKeys { account } => self.list_keys(account.as_deref()).await,
            Request::RevokeKey { id } => {
                hub.revoke_key(&id).await?;
                Ok(Answer::Done)
            }
            Request::CreateOAuthClient { name, redirect_uris, remove_url } => {
                let made =
                    hub.create_oauth_client(OAuthClientDraft { name, redirect_uris, remove_url }).await?;
                Ok(Answer::OAuthClient(NewOAuthClient {
                    client_id: made.client.id,
                    client_secret: made.secret,
                }))
            }
            Request::ListOAuthClients => {
                let rows = hub.list_oauth_clients().await?.into_iter().map(|client| OAuthClientRow {
                    client_id: client.id,
                    name: client.name,
                    redirect_uris: client.redirect_uris,
                    remove_url: client.remove_url,
                    created_at: client.created_at.to_string(),
                });
                Ok(Answer::OAuthClients(rows.collect()))
            }
            Request::ListDeliveries { app, after, limit } => self.list_deliveries(&app, after, limit).await,
            Request::ReplayDeliveries { app, delivery } => self.replay(&app, delivery.as_deref()).await,
            Request::Backup(_) => Err(Failure::failed("a backup is a stream")),
        }
    }

    /// Begins a backup; its parts come in order.
    pub(crate) fn backup(&self, contents: Contents) -> mpsc::Receiver<Part> {
        let key = contents.with_key.then(|| self.key.clone());
        let (dir, store, files) = (self.dir.clone(), self.store.clone(), self.files.clone());
        backup::start(backup::Source { dir, store, files, key, with_attachments: contents.with_attachments })
    }

    /// The account with this id, or the first one.
    async fn account(&self, id: Option<&str>) -> Result<Account> {
        let id = id.map(|id| parse(id, Thing::Account)).transpose()?;
        let accounts = self.hub.list_accounts().await?;
        let found = accounts.into_iter().find(|account| id.is_none_or(|id| id == account.id));
        found.ok_or_else(|| HubError::NotFound(Thing::Account).into())
    }

    async fn list_keys(&self, account: Option<&str>) -> Result<Answer> {
        let accounts = match account {
            Some(_) => vec![self.account(account).await?],
            None => self.hub.list_accounts().await?,
        };
        let mut rows = Vec::new();
        for account in accounts {
            let keys = self.hub.list_account_keys(Some(account.id)).await?;
            rows.extend(keys.into_iter().map(|key| KeyRow {
                id: key.credential.id,
                name: key.credential.name,
                account_id: key.account_id.to_string(),
                created_at: key.credential.created_at.to_string(),
                expires_at: key.credential.expires_at.map(|end| end.to_string()),
            }));
        }
        Ok(Answer::Keys(rows))
    }

    /// The right to act on an app, whose ever it is.
    async fn grant(&self, app: &str) -> Result<Grant> {
        let app = parse(app, Thing::App)?;
        for account in self.hub.list_accounts().await? {
            let operator = Caller {
                credential: CredentialKey::default(),
                key_id: "operator".to_owned(),
                account: account.key,
                reach: Reach::Account,
            };
            match self.hub.grant(Arc::new(operator), app).await {
                Err(HubError::NotFound(_)) => {}
                found => return Ok(found?),
            }
        }
        Err(HubError::NotFound(Thing::App).into())
    }

    async fn list_deliveries(&self, app: &str, after: Option<String>, limit: usize) -> Result<Answer> {
        let grant = self.grant(app).await?;
        let cursor = match after {
            Some(id) => Cursor::After(parse(&id, Thing::Delivery)?),
            None => Cursor::Start,
        };
        let page =
            self.hub.list_deliveries(&grant, PageRequest { cursor, size: limit.clamp(1, PAGE_MAX) }).await?;
        Ok(Answer::Deliveries {
            rows: page.items.into_iter().map(delivery_row).collect(),
            more: page.has_next,
        })
    }

    /// Asks for one delivery to be sent again, or for all of an app that are not about to be.
    async fn replay(&self, app: &str, delivery: Option<&str>) -> Result<Answer> {
        let grant = self.grant(app).await?;
        if let Some(id) = delivery {
            self.hub.replay_delivery(&grant, parse(id, Thing::Delivery)?).await?;
            return Ok(Answer::Replayed(1));
        }
        let (mut cursor, mut count) = (Cursor::Start, 0);
        loop {
            let page = self.hub.list_deliveries(&grant, PageRequest { cursor, size: PAGE_MAX }).await?;
            let waiting =
                page.items.iter().filter(|delivery| matches!(delivery.state, DeliveryState::Dead { .. }));
            let asked = waiting.map(|delivery| self.hub.replay_delivery(&grant, delivery.id));
            for replayed in futures::future::join_all(asked).await {
                match replayed {
                    Ok(_) => count += 1,
                    // Its subscription was removed meanwhile.
                    Err(HubError::NotFound(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            match page.items.last().filter(|_| page.has_next) {
                Some(last) => cursor = Cursor::After(last.id),
                None => return Ok(Answer::Replayed(count)),
            }
        }
    }
}

fn delivery_row(delivery: DeliveryView) -> DeliveryRow {
    let (state, died_at, next_at) = match delivery.state {
        DeliveryState::Waiting { next_at } => ("waiting", None, Some(next_at)),
        DeliveryState::Dead { died_at } => ("dead", Some(died_at), None),
        DeliveryState::Replaying { died_at, .. } => ("replaying", Some(died_at), None),
    };
    DeliveryRow {
        id: delivery.id.to_string(),
        state: state.to_owned(),
        webhook_id: delivery.subscription_id.to_string(),
        target: delivery.target,
        event_id: delivery.event_id.to_string(),
        attempts: delivery.attempts,
        status: delivery.status,
        error: delivery.error,
        died_at: died_at.map(|at| at.to_string()),
        next_attempt_at: next_at.map(|at| at.to_string()),
    }
}

fn new_key(account: &Account, key: hub::NewKey) -> NewKey {
    NewKey { account_id: account.id.to_string(), key_id: key.credential.id, key_secret: key.secret }
}

fn parse(id: &str, thing: Thing) -> Result<Id> {
    id.parse().map_err(|_| {
        Failure::failed(format!("{id}: the id of the {} is needed, 24 hexadecimal digits", thing.word()))
    })
}
