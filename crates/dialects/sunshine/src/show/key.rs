//! API keys (sunshine-v2.md §10.2, §10.3).

use hub::{KeyView, NewKey};
use model::record::Credential;
use wire::Secret;
use wire::sunshine::types;

/// A key that was just made, with its secret.
pub(crate) fn new(made: &NewKey) -> types::Key {
    key(&made.credential, Some(&made.secret))
}

/// A key as it is read: with its secret only where the operator wants it.
pub(crate) fn view(view: &KeyView) -> types::Key {
    key(&view.credential, view.secret.as_deref())
}

fn key(credential: &Credential, secret: Option<&str>) -> types::Key {
    types::Key {
        id: credential.id.clone(),
        display_name: credential.name.clone(),
        secret: secret.map(Secret::new),
    }
}
