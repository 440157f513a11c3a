//! How a caller names a user: by our id or by its own.

use model::record::{AppKey, User};
use store::Read;

use crate::error::{HubError, Result, Thing};
use crate::rules::people::find_user_by;

/// A user named by exactly one of id and external id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserSelector {
    /// Our id.
    Id(String),
    /// The business's own id, within a brand.
    External {
        /// The business's own id.
        id: String,
        /// The brand that separates equal external ids.
        brand: Option<String>,
    },
}

impl UserSelector {
    /// The user, or [`HubError::NotFound`].
    pub(crate) async fn find(&self, read: &mut Read, app: AppKey) -> Result<User> {
        let found = match self {
            UserSelector::Id(id) => find_user_by(read, app, Some(id), None, None).await?,
            UserSelector::External { id, brand } => {
                find_user_by(read, app, None, Some(id), brand.as_deref()).await?
            }
        };
        found.ok_or(HubError::NotFound(Thing::User))
    }
}
