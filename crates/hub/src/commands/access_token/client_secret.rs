//! Secrets of an account's two clients: the one that administers and the one that converses.

use std::sync::Arc;

use model::Millis;
use model::limits::CLIENT_TOKENS_MAX;
use model::record::{Account, AccountKey, Credential, CredentialKey, KeyKind};
use store::rows::{accounts, credentials};
use store::{Command, Ctx, Tx};

use crate::access::{Caller, LiveKey};
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::keys::{KeySeed, NewKey};

/// A secret that a caller wants for a client.
#[derive(Clone, Debug)]
pub struct ClientSecretDraft {
    /// Which client: [`KeyKind::Administration`] or [`KeyKind::Conversations`].
    pub kind: KeyKind,
    /// Unique for the client.
    pub name: String,
    /// When it ends by itself.
    pub expires_at: Option<Millis>,
}

/// A secret of a client as it may be read: only its beginning is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSecretView {
    /// Its row.
    pub credential: Credential,
    /// Its first characters.
    pub beginning: String,
}

/// Characters of a secret that are shown later on, so that its owner knows it again.
const BEGINNING_CHARS: usize = 4;

struct CreateClientSecret {
    account: AccountKey,
    kind: KeyKind,
    seed: KeySeed,
    expires_at: Option<Millis>,
}

impl Command for CreateClientSecret {
    type Out = Credential;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Credential> {
        let there = credentials::of_account(tx, self.account, self.kind).await?;
        if there.iter().any(|other| other.name == self.seed.name) {
            return Err(HubError::NameTaken(Thing::Key));
        }
        if there.len() >= CLIENT_TOKENS_MAX {
            return Err(HubError::TooMany { thing: Thing::Key, max: CLIENT_TOKENS_MAX as i64 });
        }
        let mut credential = Credential {
            key: CredentialKey::default(),
            id: format!("{}{}", self.kind.prefix(), ctx.id()),
            kind: self.kind,
            account: self.account,
            app: None,
            integration: None,
            name: self.seed.name.clone(),
            sealed_secret: self.seed.sealed_secret.clone(),
            created_at: ctx.now,
            expires_at: self.expires_at,
        };
        credential.key = credentials::insert(tx, &credential, false).await?;
        Ok(credential)
    }
}

struct DeleteClientSecret {
    account: AccountKey,
    kind: KeyKind,
    key: CredentialKey,
}

impl Command for DeleteClientSecret {
    type Out = ();
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<()> {
        let there = credentials::of_account(tx, self.account, self.kind).await?;
        let found = there.into_iter().find(|found| found.key == self.key).or_not_found(Thing::Key)?;
        Ok(credentials::remove(tx, found.key).await?)
    }
}

impl Hub {
    /// The caller's account.
    ///
    /// # Errors
    /// `NotFound` when it is gone.
    pub async fn own_account(&self, caller: &Caller) -> Result<Account> {
        let mut reader = self.reader().await?;
        accounts::by_key(&mut reader, caller.account).await?.or_not_found(Thing::Account)
    }

    /// Makes a secret for a client of the caller's account. It is shown here and nowhere else.
    ///
    /// # Errors
    /// `NameTaken`; `TooMany` for the 101st.
    pub async fn create_client_secret(&self, caller: &Caller, draft: ClientSecretDraft) -> Result<NewKey> {
        let (seed, secret) = self.key_seed(&draft.name)?;
        let ClientSecretDraft { kind, expires_at, .. } = draft;
        let command = CreateClientSecret { account: caller.account, kind, seed, expires_at };
        let credential = self.run(command).await?;
        Ok(NewKey { credential, secret })
    }

    /// Ends a secret of a client of the caller's account, with every token that it bought.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn delete_client_secret(
        &self,
        caller: &Caller,
        kind: KeyKind,
        key: CredentialKey,
    ) -> Result<()> {
        self.run(DeleteClientSecret { account: caller.account, kind, key }).await
    }

    /// The secrets of a client of the caller's account, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_client_secrets(&self, caller: &Caller, kind: KeyKind) -> Result<Vec<ClientSecretView>> {
        let mut reader = self.reader().await?;
        let found = credentials::of_account(&mut reader, caller.account, kind).await?;
        let view = |credential: Credential| {
            let secret = self.sealer().open(&credential.sealed_secret)?;
            Ok(ClientSecretView { credential, beginning: secret.chars().take(BEGINNING_CHARS).collect() })
        };
        found.into_iter().map(view).collect()
    }

    /// The live key of an account that has this secret: an account key, or a secret of the client.
    /// `account_id` names the account, or one of its account keys.
    ///
    /// # Errors
    /// The store's.
    pub async fn key_with_secret(
        &self,
        account_id: &str,
        kind: KeyKind,
        secret: &str,
    ) -> Result<Option<(Account, Arc<LiveKey>)>> {
        let Some(account) = self.account_named(account_id).await? else { return Ok(None) };
        let mut reader = self.reader().await?;
        let mut candidates = credentials::of_account(&mut reader, account.key, KeyKind::Account).await?;
        candidates.extend(credentials::of_account(&mut reader, account.key, kind).await?);
        drop(reader);
        for candidate in candidates {
            if let Some(key) = self.live_key(&candidate.id).await?
                && key.secret_is(secret)
            {
                return Ok(Some((account, key)));
            }
        }
        Ok(None)
    }

    /// Whether there is an account with this id, or with a live key of this id. For counting who wants a
    /// token of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn knows_account(&self, name: &str) -> Result<bool> {
        Ok(self.account_named(name).await?.is_some())
    }

    /// The account that is named by its id or by the id of one of its live keys.
    async fn account_named(&self, name: &str) -> Result<Option<Account>> {
        if let Ok(id) = name.parse() {
            return Ok(accounts::by_id(&mut *self.reader().await?, id).await?);
        }
        // Looking for a key takes a reader of its own.
        let Some(key) = self.live_key(name).await?.filter(|key| key.kind == KeyKind::Account) else {
            return Ok(None);
        };
        Ok(accounts::by_key(&mut *self.reader().await?, key.caller.account).await?)
    }
}
