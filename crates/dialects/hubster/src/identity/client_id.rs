//! The id of a client: which resource its tokens open, and whose they are.

use model::Id;
use model::record::KeyKind;

/// A resource that tokens open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The portal.
    Portal,
    /// The engine and its events.
    Engine,
}

impl Audience {
    const ALL: [Audience; 2] = [Audience::Portal, Audience::Engine];

    /// The name in `aud` and `scope`.
    pub(crate) fn scope(self) -> &'static str {
        match self {
            Audience::Portal => wire::Scope::Portal.as_str(),
            Audience::Engine => wire::Scope::Engine.as_str(),
        }
    }

    /// The kind of the secrets that only buy such tokens.
    pub(crate) fn kind(self) -> KeyKind {
        match self {
            Audience::Portal => KeyKind::Administration,
            Audience::Engine => KeyKind::Conversations,
        }
    }

    /// For people.
    pub(crate) fn client_name(self) -> &'static str {
        match self {
            Audience::Portal => "Hubster Portal API Client",
            Audience::Engine => "Hubster Engine API Client",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Audience::Portal => "hubster.portal.api.",
            Audience::Engine => "hubster.engine.api.",
        }
    }
}

/// The id of a client, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientId {
    /// What its tokens open.
    pub(crate) audience: Audience,
    /// The tenant, or one of its account keys, as the hub names them.
    pub(crate) owner: String,
}

impl ClientId {
    /// Reads `hubster.portal.api.<suffix>`: the suffix is the tenant's GUID, with or without hyphens and
    /// in any case, or the id of one of its account keys (decision 18).
    pub(crate) fn read(text: &str) -> Option<ClientId> {
        let starts = |audience: &&Audience| {
            text.get(..audience.prefix().len())
                .is_some_and(|start| start.eq_ignore_ascii_case(audience.prefix()))
        };
        let audience = *Audience::ALL.iter().find(starts)?;
        let suffix = text.get(audience.prefix().len()..)?;
        let owner = match Id::from_guid(suffix) {
            Some(id) => id.to_string(),
            None if suffix.starts_with(KeyKind::Account.prefix()) => suffix.to_owned(),
            None => return None,
        };
        Some(ClientId { audience, owner })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_suffixes_are_read() {
        let id: Id = "0195e1a2b3c4d5e6f7a8b9ca".parse().unwrap();
        let guid = id.to_guid();
        for suffix in [guid.clone(), guid.to_uppercase(), guid.replace('-', "")] {
            let read = ClientId::read(&format!("hubster.engine.api.{suffix}")).unwrap();
            assert_eq!(read, ClientId { audience: Audience::Engine, owner: id.to_string() });
        }
        let read = ClientId::read("hubster.portal.api.act_0195e1a2b3c4d5e6f7a8b9ca").unwrap();
        assert_eq!(read.owner, "act_0195e1a2b3c4d5e6f7a8b9ca");
        for text in
            ["", "hubster.portal", "hubster.portal.api.", "hubster.other.api.x", "hubster.portal.api.é"]
        {
            assert_eq!(ClientId::read(text), None, "{text}");
        }
    }
}
