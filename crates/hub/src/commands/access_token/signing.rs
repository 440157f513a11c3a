//! The key pairs that sign access tokens: ECDSA over P-256. The newest signs; a new one is made when
//! it is old, and older ones verify until what they signed has ended.

use std::sync::Arc;

use model::Millis;
use model::limits::{ACCESS_TOKEN_LIFE_MS, TOKEN_KEY_USE_MS};
use model::record::TokenKey;
use store::rows::token_keys;
use store::{Command, Ctx, Tx};

use crate::error::{HubError, Result};
use crate::hub::Hub;

/// A key pair with its open private half. Its `Debug` does not show it.
#[derive(Clone)]
pub struct SigningPairView {
    /// Its name in tokens.
    pub id: String,
    /// The private half: PKCS#8.
    pub private_key: Vec<u8>,
}

impl std::fmt::Debug for SigningPairView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningPairView").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The public half of a key pair.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifyingKey {
    /// Its name in tokens.
    pub id: String,
    /// An uncompressed point of P-256: 65 bytes.
    pub public_key: Vec<u8>,
}

fn is_fresh(key: &TokenKey, now: Millis) -> bool {
    now.since(key.created_at) < TOKEN_KEY_USE_MS
}

/// Makes a key the one that signs, unless a fresh one is there already.
struct RenewTokenKey(TokenKey);

impl Command for RenewTokenKey {
    type Out = TokenKey;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<TokenKey> {
        let newest = token_keys::all(tx).await?.into_iter().next();
        if let Some(newest) = newest.filter(|newest| is_fresh(newest, ctx.now)) {
            return Ok(newest);
        }
        let key = TokenKey { created_at: ctx.now, ..self.0.clone() };
        token_keys::insert(tx, &key).await?;
        token_keys::remove_older(tx, Millis(ctx.now.0 - TOKEN_KEY_USE_MS - ACCESS_TOKEN_LIFE_MS)).await?;
        Ok(key)
    }
}

impl Hub {
    /// The key pair that signs access tokens now.
    ///
    /// # Errors
    /// The store's.
    pub async fn signing_key(&self) -> Result<SigningPairView> {
        let mut reader = self.reader().await?;
        let newest = token_keys::all(&mut reader).await?.into_iter().next();
        drop(reader);
        let key = match newest.filter(|newest| is_fresh(newest, self.now())) {
            Some(key) => key,
            None => self.run(RenewTokenKey(self.new_token_key()?)).await?,
        };
        Ok(SigningPairView { id: key.id, private_key: self.open_bytes(&key.sealed_private_key)? })
    }

    /// The keys that verify access tokens, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn verifying_keys(&self) -> Result<Arc<Vec<VerifyingKey>>> {
        let mut reader = self.reader().await?;
        let keys = token_keys::all(&mut reader).await?;
        let keys =
            keys.into_iter().map(|key| VerifyingKey { id: key.id, public_key: key.public_key }).collect();
        Ok(self.directory().remember_token_keys(keys))
    }

    /// The key of this name that verifies access tokens; one that is not known is looked for anew.
    ///
    /// # Errors
    /// The store's.
    pub async fn verifying_key(&self, id: &str) -> Result<Option<VerifyingKey>> {
        let find = |keys: &[VerifyingKey]| keys.iter().find(|key| key.id == id).cloned();
        if let Some(found) = self.directory().token_keys().and_then(|known| find(&known)) {
            return Ok(Some(found));
        }
        Ok(find(&self.verifying_keys().await?))
    }

    fn new_token_key(&self) -> Result<TokenKey> {
        let (private, public_key) = crate::secret::token_key_pair().map_err(HubError::Internal)?;
        Ok(TokenKey {
            id: crate::secret::token_key_id(),
            sealed_private_key: self.seal_bytes(&private)?,
            public_key,
            created_at: self.now(),
        })
    }

    fn seal_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        use base64::Engine as _;
        self.sealer().seal(&base64::engine::general_purpose::STANDARD.encode(bytes))
    }

    fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let text = self.sealer().open(sealed)?;
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|_| HubError::Internal(store::StoreError::Damaged("a sealed key is no base64".into())))
    }
}
