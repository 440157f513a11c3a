//! Finding users, naming them, and the client that stands for their messenger.

use model::Id;
use model::animal_names::animal_name;
use model::record::{AppKey, AppSettings, Client, ClientStatus, User};
use store::rows::{clients, users};
use store::{Ctx, Read, Tx};

use crate::error::{HubError, Result, Thing};

/// How a path names a user: by our id or by the business's own (sunshine-v2.md §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRef {
    /// The id or external id, decoded.
    pub name: String,
    /// The external id if it was encoded as in a form, with a plus sign for a space (sunshine-v2.md §0.9).
    pub name_as_form: Option<String>,
    /// The brand that separates equal external ids.
    pub brand: Option<String>,
}

impl UserRef {
    /// A user without a brand.
    pub fn new(name: impl Into<String>) -> UserRef {
        UserRef { name: name.into(), name_as_form: None, brand: None }
    }

    /// The user, or [`HubError::NotFound`]: 24 hex digits are first our id, then an external id; all else is
    /// an external id. Deleted and merged users are not found.
    pub(crate) async fn find(&self, read: &mut Read, app: AppKey) -> Result<User> {
        if let Some(user) = find_user_by(read, app, Some(&self.name), None, None).await? {
            return Ok(user);
        }
        for name in std::iter::once(&self.name).chain(&self.name_as_form) {
            if let Some(user) = find_user_by(read, app, None, Some(name), self.brand.as_deref()).await? {
                return Ok(user);
            }
        }
        Err(HubError::NotFound(Thing::User))
    }
}

/// The user with this id or, without one, with this external id. An id needs no brand. Deleted and
/// merged users are not found.
pub(crate) async fn find_user_by(
    read: &mut Read,
    app: AppKey,
    id: Option<&str>,
    external_id: Option<&str>,
    brand: Option<&str>,
) -> Result<Option<User>> {
    match (id, external_id) {
        (Some(id), _) => match id.parse::<Id>() {
            Ok(id) => Ok(users::by_id(read, app, id).await?),
            Err(_) => Ok(None),
        },
        (None, Some(external_id)) => {
            Ok(users::by_external_id(read, app, brand.unwrap_or_default(), external_id).await?)
        }
        (None, None) => Ok(None),
    }
}

/// How a user is called: by the profile, else as the channel does, else by an animal's name or a
/// number (sunshine-v2.md §6.1).
pub(crate) fn display_name(user: &User, client_name: Option<&str>, settings: &AppSettings) -> String {
    display_name_on("web", user, client_name, settings)
}

/// The same for somebody who speaks through an integration of this type.
pub(crate) fn display_name_on(
    kind: &str,
    user: &User,
    client_name: Option<&str>,
    settings: &AppSettings,
) -> String {
    if let Some(name) = user.profile.full_name() {
        return name;
    }
    match client_name {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ if settings.use_animal_names => animal_name(seed(user.id)),
        _ => {
            let (first, rest) = kind.split_at_checked(1).unwrap_or_default();
            format!("{}{rest} User {}", first.to_ascii_uppercase(), user.id)
        }
    }
}

/// The part of an id in which users differ.
fn seed(id: Id) -> u64 {
    id.as_bytes().iter().fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}

/// The client that stands for all installations of the messenger; made when the user has none. It
/// is out of reach until there is a device.
pub(crate) async fn ensure_sdk_client(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<Client> {
    if let Some(client) = clients::sdk_of(tx, user.key).await? {
        return Ok(client);
    }
    let mut client = Client {
        key: Default::default(),
        id: ctx.id(),
        user: user.key,
        kind: clients::SDK.to_owned(),
        status: ClientStatus::Inactive,
        integration: None,
        integration_id: None,
        external_id: None,
        last_seen: None,
        linked_at: Some(ctx.now),
        display_name: None,
        avatar_url: None,
        info: None,
        raw: None,
        link: None,
    };
    client.key = clients::insert(tx, user.app, &client).await?;
    Ok(client)
}

#[cfg(test)]
mod tests {
    use model::record::{AppKey, Profile, UserKey};
    use model::{Id, Millis};

    use super::*;

    fn user(tail: u64) -> User {
        User {
            key: UserKey(1),
            id: Id::from_parts(Millis(1_750_000_000_000), tail),
            app: AppKey(1),
            external_id: None,
            brand_id: None,
            authenticated: false,
            signed_up_at: Millis(0),
            to_be_retained: None,
            profile: Profile::default(),
            metadata: Default::default(),
            identities: Vec::new(),
            zendesk_id: None,
            created_at: Millis(0),
        }
    }

    #[test]
    fn a_name_comes_from_the_profile_the_channel_or_is_made_up() {
        let (plain, animals) =
            (AppSettings::default(), AppSettings { use_animal_names: true, ..AppSettings::default() });
        let mut jane = user(7);
        assert_eq!(display_name(&jane, None, &plain), format!("Web User {}", jane.id));
        assert_eq!(display_name(&jane, Some(""), &plain), format!("Web User {}", jane.id));
        assert_eq!(display_name_on("messenger", &jane, None, &plain), format!("Messenger User {}", jane.id));
        assert_eq!(display_name(&jane, Some("+1514"), &animals), "+1514");
        let animal = display_name(&jane, None, &animals);
        assert_eq!(animal, display_name(&jane, None, &animals), "always the same");
        assert_ne!(animal, display_name(&user(8), None, &animals));
        jane.profile.surname = Some("Doe".into());
        assert_eq!(display_name(&jane, Some("+1514"), &animals), "Doe");
        jane.profile.given_name = Some("Jane".into());
        assert_eq!(display_name(&jane, None, &plain), "Jane Doe");
    }
}
