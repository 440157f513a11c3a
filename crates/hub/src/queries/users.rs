//! Users.

use model::record::User;
use store::rows::users;

use crate::access::Grant;
use crate::error::{OrNotFound, Result, Thing};
use crate::hub::Hub;
use crate::rules::people::UserRef;

/// Users of one address that are shown at most: there is one in each brand.
const USERS_LISTED_MAX: usize = 100;

impl Hub {
    /// One user.
    ///
    /// # Errors
    /// `NotFound` for an unknown one; a deleted or merged one is unknown.
    pub async fn user(&self, grant: &Grant, user: &UserRef) -> Result<User> {
        let mut reader = self.reader().await?;
        user.find(&mut reader, grant.app.key).await
    }

    /// The user whom a help desk knows by this id.
    ///
    /// # Errors
    /// `NotFound` for an unknown one.
    pub async fn user_by_zendesk_id(&self, grant: &Grant, zendesk_id: &str) -> Result<User> {
        let mut reader = self.reader().await?;
        users::by_zendesk_id(&mut reader, grant.app.key, zendesk_id).await?.or_not_found(Thing::User)
    }

    /// The users with this verified e-mail address, oldest first; of one brand or, without one, of
    /// all. Case does not matter. The profile's address does not count.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_users_by_email(
        &self,
        grant: &Grant,
        email: &str,
        brand: Option<&str>,
    ) -> Result<Vec<User>> {
        let mut reader = self.reader().await?;
        Ok(users::by_email(&mut reader, grant.app.key, email, brand, USERS_LISTED_MAX).await?)
    }
}
