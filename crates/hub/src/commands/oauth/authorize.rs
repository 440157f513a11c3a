//! Gives a partner a code for an app, after the app's owner has consented.

use std::sync::Arc;

use model::Id;
use model::limits::{OAUTH_CODE_LIFE_MS, SWEEP_SLICE_ROWS_MAX};
use model::record::AppKey;
use store::rows::oauth::{self, Code};
use store::{Command, Ctx, Tx};

use super::hash;
use crate::access::Caller;
use crate::error::{HubError, OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::queries::oauth::judge;
use crate::secret::oauth_code;

struct Authorize {
    client_id: String,
    redirect_uri: Option<String>,
    app: AppKey,
    code_hash: Vec<u8>,
}

impl Command for Authorize {
    /// Where the code is sent.
    type Out = String;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<String> {
        let client = oauth::client_by_id(tx, &self.client_id).await?.or_not_found(Thing::OAuthClient)?;
        let redirect_uri = judge(&client, self.redirect_uri.as_deref())?.to_owned();
        oauth::forget_codes(tx, ctx.now, SWEEP_SLICE_ROWS_MAX).await?;
        let expires_at = ctx.now.plus(OAUTH_CODE_LIFE_MS);
        let code = Code { client: client.key, app: self.app, redirect_uri: redirect_uri.clone(), expires_at };
        oauth::insert_code(tx, &self.code_hash, &code).await?;
        Ok(redirect_uri)
    }
}

impl Hub {
    /// Gives a partner a code for an app of the caller's account: good for 10 minutes, once. Gives
    /// the code and where to send it.
    ///
    /// # Errors
    /// `Forbidden` without account scope, `NotFound` for an unknown app or partner, `Invalid` for a
    /// redirect URI that the partner has not registered.
    pub async fn authorize_oauth(
        &self,
        caller: &Arc<Caller>,
        app_id: Id,
        client_id: &str,
        redirect_uri: Option<&str>,
    ) -> Result<(String, String)> {
        caller.check_account("lets a partner in")?;
        let grant = self.grant(caller.clone(), app_id).await?;
        let code = oauth_code();
        let command = Authorize {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.map(str::to_owned),
            app: grant.app.key,
            code_hash: hash(&code),
        };
        let redirect_uri = self.run(command).await?;
        Ok((code, redirect_uri))
    }
}
