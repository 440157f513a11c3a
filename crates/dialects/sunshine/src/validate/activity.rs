//! Activities: who may do what (sunshine-v2.md §6.7).

use hub::ActivityAuthor;
use model::event::ActivityKind;
use wire::sunshine::types::{ActivityPost, ActivityType};

use super::author::{Side, side};
use super::{At, Checked, one_of, refuse};

/// An activity and who does it.
pub(crate) fn activity(body: ActivityPost) -> Checked<(ActivityKind, ActivityAuthor)> {
    let kind = match body.kind {
        ActivityType::Read => ActivityKind::Read,
        ActivityType::TypingStart => ActivityKind::TypingStart,
        ActivityType::TypingStop => ActivityKind::TypingStop,
        _ => one_of(ActivityKind::Read, false, ActivityType::KNOWN).at("type")?,
    };
    match side(body.author).at("author")? {
        Side::Business => Ok((kind, ActivityAuthor::Business)),
        Side::User(user) if kind == ActivityKind::Read => Ok((kind, ActivityAuthor::User(user))),
        Side::User(_) => refuse("must be conversation:read for authors of type user").at("type"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn make(value: Value) -> Checked<(ActivityKind, ActivityAuthor)> {
        activity(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn users_only_read() {
        let by = |author: Value, kind: &str| make(json!({ "author": author, "type": kind }));
        let user = json!({ "type": "user", "userId": "a" });
        assert!(matches!(
            by(user.clone(), "conversation:read"),
            Ok((ActivityKind::Read, ActivityAuthor::User(_)))
        ));
        let refused = by(user, "typing:start").unwrap_err().to_string();
        assert_eq!(refused, "type: must be conversation:read for authors of type user");
        let business = json!({ "type": "business" });
        assert!(matches!(
            by(business.clone(), "typing:stop"),
            Ok((ActivityKind::TypingStop, ActivityAuthor::Business))
        ));
        let refused = by(business, "dancing").unwrap_err().to_string();
        assert_eq!(refused, "type: must be one of conversation:read, typing:start, typing:stop");
        let nobody = by(json!({ "type": "user" }), "conversation:read").unwrap_err().to_string();
        assert_eq!(nobody, "author: needs exactly one of userId and userExternalId");
    }
}
