//! Users, in full and in the short form of events (sunshine-v2.md §4, §9.5).

use model::record::{Identity, Profile, User};
use wire::sunshine::types;

/// A user as replies show it: profile, metadata and identities are always there.
pub(crate) fn user(user: &User) -> types::User {
    types::User {
        id: user.id.to_string(),
        authenticated: user.authenticated,
        external_id: user.external_id.clone(),
        zendesk_id: user.zendesk_id.clone(),
        brand_id: user.brand_id.clone(),
        signed_up_at: Some(user.signed_up_at.to_string()),
        to_be_retained: user.to_be_retained,
        profile: profile(&user.profile),
        metadata: user.metadata.clone(),
        identities: user.identities.iter().map(identity).collect(),
    }
}

/// The short form of a user.
pub(crate) fn truncated(user: &User) -> types::UserTruncated {
    types::UserTruncated {
        id: user.id.to_string(),
        authenticated: user.authenticated,
        external_id: user.external_id.clone(),
        zendesk_id: user.zendesk_id.clone(),
        brand_id: user.brand_id.clone(),
    }
}

/// A user as an event shows it.
pub(crate) fn view(user: &User, in_full: bool) -> types::UserView {
    match in_full {
        true => types::UserView::Full(Box::new(self::user(user))),
        false => types::UserView::Truncated(truncated(user)),
    }
}

fn profile(profile: &Profile) -> types::Profile {
    types::Profile {
        given_name: profile.given_name.clone(),
        surname: profile.surname.clone(),
        email: profile.email.clone(),
        avatar_url: profile.avatar_url.clone(),
        locale: profile.locale.clone(),
    }
}

fn identity(identity: &Identity) -> types::Identity {
    types::Identity {
        kind: identity.kind.clone(),
        value: identity.value.clone(),
        verification: Some(identity.verification.clone()),
    }
}
