//! Adds a user.

use model::Millis;
use model::content::Metadata;
use model::metadata;
use model::record::{AppKey, Profile, User};
use store::rows::users;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::people::find_user_by;
use crate::rules::pictures::LastingPicture;

/// A user whom a caller wants to add.
#[derive(Clone, Debug, Default)]
pub struct UserDraft {
    /// The business's own id.
    pub external_id: Option<String>,
    /// The brand that separates equal external ids.
    pub brand_id: Option<String>,
    /// When the user signed up; now, if absent.
    pub signed_up_at: Option<Millis>,
    /// Kept from clean-up by inactivity.
    pub to_be_retained: Option<bool>,
    /// Name and addresses.
    pub profile: Profile,
    /// The business's own data.
    pub metadata: Metadata,
}

struct CreateUser {
    app: AppKey,
    draft: UserDraft,
    picture: Option<LastingPicture>,
}

impl Command for CreateUser {
    type Out = User;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, ctx: &Ctx) -> Result<User> {
        let draft = self.draft.clone();
        metadata::check(&draft.metadata).map_err(|e| HubError::invalid(format!("metadata: {e}")))?;
        let (external_id, brand) = (draft.external_id.as_deref(), draft.brand_id.as_deref());
        if find_user_by(tx, self.app, None, external_id, brand).await?.is_some() {
            return Err(HubError::Conflict("a user with this external id exists already".into()));
        }
        if let Some(picture) = &self.picture {
            picture.check(tx).await?;
        }
        let mut user = User {
            key: Default::default(),
            id: ctx.id(),
            app: self.app,
            external_id: draft.external_id,
            brand_id: draft.brand_id,
            authenticated: false,
            signed_up_at: draft.signed_up_at.unwrap_or(ctx.now),
            to_be_retained: draft.to_be_retained,
            profile: draft.profile,
            metadata: draft.metadata,
            identities: Vec::new(),
            zendesk_id: None,
            created_at: ctx.now,
        };
        user.key = users::insert(tx, &user).await?;
        Ok(user)
    }
}

impl Hub {
    /// Adds a user. No event tells it.
    ///
    /// # Errors
    /// `Conflict` when the app has a user with this external id in the brand, `Invalid` for metadata
    /// that are nested or too large, or a picture that goes with a message.
    pub async fn create_user(&self, grant: &Grant, draft: UserDraft) -> Result<User> {
        let picture = self.lasting("profile.avatarUrl", draft.profile.avatar_url.as_ref());
        self.run_once(grant, CreateUser { app: grant.app.key, draft, picture }).await
    }
}
