//! Changes a user.

use model::Millis;
use model::content::Metadata;
use model::metadata;
use model::patch::Patch;
use model::record::{AppKey, Profile, User};
use store::rows::users;
use store::{Command, Ctx, Tx};

use crate::access::Grant;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::rules::people::UserRef;
use crate::rules::pictures::LastingPicture;

/// A change of a user.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    /// When the user signed up.
    pub signed_up_at: Option<Millis>,
    /// Kept from clean-up by inactivity.
    pub to_be_retained: Patch<bool>,
    /// Name and addresses, key by key; cleared as a whole.
    pub profile: Patch<ProfilePatch>,
    /// The business's own data: merged key by key, null removes a key; cleared as a whole.
    pub metadata: Patch<Metadata>,
}

/// A change of name and addresses.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    /// Given name.
    pub given_name: Patch<String>,
    /// Surname.
    pub surname: Patch<String>,
    /// E-mail address.
    pub email: Patch<String>,
    /// Picture.
    pub avatar_url: Patch<String>,
    /// BCP 47 tag.
    pub locale: Patch<String>,
}

impl ProfilePatch {
    fn apply(self, profile: &mut Profile) {
        self.given_name.apply(&mut profile.given_name);
        self.surname.apply(&mut profile.surname);
        self.email.apply(&mut profile.email);
        self.avatar_url.apply(&mut profile.avatar_url);
        self.locale.apply(&mut profile.locale);
    }
}

struct UpdateUser {
    app: AppKey,
    user: UserRef,
    patch: UserPatch,
    picture: Option<LastingPicture>,
}

impl Command for UpdateUser {
    type Out = User;
    type Error = HubError;

    async fn run(&self, tx: &mut Tx, _: &Ctx) -> Result<User> {
        let mut user = self.user.find(tx, self.app).await?;
        if let Some(picture) = &self.picture {
            picture.check(tx).await?;
        }
        let patch = self.patch.clone();
        if let Some(signed_up_at) = patch.signed_up_at {
            user.signed_up_at = signed_up_at;
        }
        patch.to_be_retained.apply(&mut user.to_be_retained);
        match patch.profile {
            Patch::Keep => {}
            Patch::Clear => user.profile = Profile::default(),
            Patch::Set(change) => change.apply(&mut user.profile),
        }
        match patch.metadata {
            Patch::Keep => {}
            Patch::Clear => user.metadata = Metadata::new(),
            Patch::Set(change) => {
                let merged = metadata::merge(&user.metadata, &change);
                user.metadata = merged.map_err(|e| HubError::invalid(format!("metadata: {e}")))?;
            }
        }
        users::update(tx, &user).await?;
        Ok(user)
    }
}

impl Hub {
    /// Changes a user. No event tells it: that is for identification only (sunshine-v2.md §4.2).
    ///
    /// # Errors
    /// `NotFound` for an unknown user, `Invalid` for metadata that are nested or grow too large, or a picture
    /// that goes with a message.
    pub async fn update_user(&self, grant: &Grant, user: UserRef, patch: UserPatch) -> Result<User> {
        let picture = match &patch.profile {
            Patch::Set(change) => self.lasting_change("profile.avatarUrl", &change.avatar_url),
            Patch::Keep | Patch::Clear => None,
        };
        self.run(UpdateUser { app: grant.app.key, user, patch, picture }).await
    }
}
