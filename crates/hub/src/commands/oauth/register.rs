//! Registers a partner, for the operator.

use model::record::{OAuthClient, OAuthClientKey};
use store::rows::oauth;
use store::{Command, Ctx, Tx};

use crate::commands::account::check_name;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::targets::web_address;
use crate::secret::oauth_client_secret;

/// A partner that the operator registers.
#[derive(Clone, Debug, Default)]
pub struct OAuthClientDraft {
    /// For people, who read it when they consent.
    pub name: String,
    /// Where people may be sent back to, at least one: http or https URLs without a fragment.
    pub redirect_uris: Vec<String>,
    /// Who is told when the access ends: an http or https URL.
    pub remove_url: Option<String>,
}

/// A partner with its open secret, as only its maker gets it.
#[derive(Clone, PartialEq)]
pub struct NewOAuthClient {
    /// The partner.
    pub client: OAuthClient,
    /// Its secret: 43 characters of URL-safe base64.
    pub secret: String,
}

impl std::fmt::Debug for NewOAuthClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOAuthClient").field("id", &self.client.id).finish_non_exhaustive()
    }
}

struct RegisterOAuthClient {
    draft: OAuthClientDraft,
    sealed_secret: Vec<u8>,
}

impl Command for RegisterOAuthClient {
    type Out = OAuthClient;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<OAuthClient> {
        let mut client = OAuthClient {
            key: OAuthClientKey::default(),
            id: ctx.id().to_string(),
            name: self.draft.name.clone(),
            sealed_secret: self.sealed_secret.clone(),
            redirect_uris: self.draft.redirect_uris.clone(),
            remove_url: self.draft.remove_url.clone(),
            created_at: ctx.now,
        };
        client.key = oauth::insert_client(tx, &client).await?;
        Ok(client)
    }
}

impl Hub {
    /// Registers a partner.
    ///
    /// # Errors
    /// `Invalid` for a name that is empty or longer than 100 characters, no redirect URI or one that
    /// is no http or https URL without a fragment, or a remove URL that is not acceptable.
    pub async fn create_oauth_client(&self, draft: OAuthClientDraft) -> Result<NewOAuthClient> {
        check_name(&draft.name)?;
        if draft.redirect_uris.is_empty() {
            return Err(HubError::invalid("redirect URI: at least one is needed"));
        }
        for uri in &draft.redirect_uris {
            if web_address("redirect URI", uri)?.fragment().is_some() {
                return Err(HubError::invalid("redirect URI: must not have a fragment"));
            }
        }
        if let Some(url) = &draft.remove_url {
            self.check_target("remove URL", url)?;
        }
        let secret = oauth_client_secret();
        let sealed_secret = self.sealer().seal(&secret)?;
        let client = self.run(RegisterOAuthClient { draft, sealed_secret }).await?;
        Ok(NewOAuthClient { client, secret })
    }
}
