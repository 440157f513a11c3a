//! Who writes or does something (sunshine-v2.md §6.1).

use hub::{AuthorDraft, UserSelector};
use model::record::{self, ShownAuthor};
use wire::sunshine::limits::{AUTHOR_SUBTYPES_COUNT, BRAND_ID_CHARS_MAX};
use wire::sunshine::types::{Author, AuthorSubtype, AuthorType};

use super::{At, Checked, count, one_of, participant, refuse, text, url};

/// The side that writes; a user with the one name they have.
pub(crate) enum Side {
    Business,
    User(UserSelector),
}

/// The author of a message.
pub(crate) fn of_message(author: Author) -> Checked<AuthorDraft> {
    let subtype = subtype(author.subtypes.as_deref())?;
    text::opt(author.avatar_url.as_ref(), url::web).at("avatarUrl")?;
    // An empty name is none.
    let display_name = author.display_name.clone().filter(|name| !name.is_empty());
    text::opt(display_name.as_ref(), |name| text::name(name, usize::MAX)).at("displayName")?;
    let shown = ShownAuthor { display_name, avatar_url: author.avatar_url.clone(), subtype };
    Ok(match side(author)? {
        Side::Business => AuthorDraft::Business(shown),
        Side::User(user) => AuthorDraft::User { user, shown },
    })
}

/// The side of an author.
pub(crate) fn side(author: Author) -> Checked<Side> {
    match author.kind {
        AuthorType::Business => match (author.user_id, author.user_external_id) {
            (None, None) => Ok(Side::Business),
            (Some(_), _) => refuse("is for authors of type user").at("userId"),
            (None, Some(_)) => refuse("is for authors of type user").at("userExternalId"),
        },
        AuthorType::User => {
            text::opt(author.brand_id.as_ref(), |brand| text::name(brand, BRAND_ID_CHARS_MAX))
                .at("brandId")?;
            participant::user(author.user_id, author.user_external_id, author.brand_id).map(Side::User)
        }
        _ => one_of((), false, AuthorType::KNOWN).at("type").map(|()| Side::Business),
    }
}

/// What an author is besides its type. `agent` and `bot` are the vendor's to say.
fn subtype(subtypes: Option<&[AuthorSubtype]>) -> Checked<Option<record::AuthorSubtype>> {
    let Some(subtypes) = subtypes else { return Ok(None) };
    count(subtypes.len(), AUTHOR_SUBTYPES_COUNT, AUTHOR_SUBTYPES_COUNT).at("subtypes")?;
    match subtypes.first() {
        Some(AuthorSubtype::Ai) => Ok(Some(record::AuthorSubtype::Ai)),
        Some(AuthorSubtype::Activity) => Ok(Some(record::AuthorSubtype::Activity)),
        _ => refuse("must be one of AI, activity").nth("subtypes", 0),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use serde_json::{Value, json};

    use super::*;

    fn make(value: Value) -> Checked<AuthorDraft> {
        of_message(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn the_business_has_a_name_and_a_subtype() {
        let author = json!({ "type": "business", "displayName": "Ada", "avatarUrl": "https://a.example/a.png", "subtypes": ["AI"] });
        let AuthorDraft::Business(shown) = make(author).unwrap() else { panic!("a user") };
        assert_eq!(
            (shown.display_name.as_deref(), shown.subtype),
            (Some("Ada"), Some(record::AuthorSubtype::Ai))
        );
        for nameless in [json!({ "type": "business" }), json!({ "type": "business", "displayName": "" })] {
            let AuthorDraft::Business(shown) = make(nameless).unwrap() else { panic!("a user") };
            assert!(shown.is_empty());
        }
    }

    #[test]
    fn a_user_is_named_once() {
        let AuthorDraft::User { user, .. } =
            make(json!({ "type": "user", "userExternalId": "x", "brandId": "b" })).unwrap()
        else {
            panic!("the business")
        };
        assert_eq!(user, UserSelector::External { id: "x".to_owned(), brand: Some("b".to_owned()) });
    }

    #[test]
    fn wrong_authors_are_named() {
        for (author, title) in [
            (json!({ "type": "bot" }), "type: must be one of business, user"),
            (json!({ "type": "user" }), "needs exactly one of userId and userExternalId"),
            (
                json!({ "type": "user", "userId": "a", "userExternalId": "b" }),
                "needs exactly one of userId and userExternalId",
            ),
            (json!({ "type": "business", "userId": "a" }), "userId: is for authors of type user"),
            (
                json!({ "type": "business", "userExternalId": "a" }),
                "userExternalId: is for authors of type user",
            ),
            (json!({ "type": "business", "subtypes": [] }), "subtypes: must have exactly 1 entry"),
            (json!({ "type": "business", "subtypes": ["AI", "AI"] }), "subtypes: must have exactly 1 entry"),
            (
                json!({ "type": "business", "subtypes": ["agent"] }),
                "subtypes[0]: must be one of AI, activity",
            ),
            (
                json!({ "type": "business", "avatarUrl": "x" }),
                "avatarUrl: must be an absolute http or https URL",
            ),
            (
                json!({ "type": "user", "userId": "a", "brandId": "x".repeat(25) }),
                "brandId: must not be longer than 24 characters",
            ),
        ] {
            assert_eq!(make(author).unwrap_err().to_string(), title);
        }
    }
}
