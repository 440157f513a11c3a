//! Users (sunshine-v2.md §4.1, §4.2).

use hub::{ProfilePatch, UserDraft, UserPatch};
use model::Millis;
use model::patch::Patch;
use model::record;
use model::time::WRITABLE;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use wire::sunshine::limits::{
    BRAND_ID_CHARS_MAX, EXTERNAL_ID_CHARS_MAX, LOCALE_CHARS_MAX, PROFILE_NAME_CHARS_MAX,
};
use wire::sunshine::types::{Profile, ProfileUpdate, UserCreateBody, UserUpdateBody};

use super::patch::nullable;
use super::{At, Checked, Invalid, metadata, text, url};

/// A user that is to be made.
pub(crate) fn create(body: UserCreateBody) -> Checked<UserDraft> {
    let external = |id: &str| text::name(id, EXTERNAL_ID_CHARS_MAX);
    text::opt(body.external_id.as_ref(), external).at("externalId")?;
    text::opt(body.brand_id.as_ref(), |id| text::name(id, BRAND_ID_CHARS_MAX)).at("brandId")?;
    metadata::whole(body.metadata.as_ref())?;
    Ok(UserDraft {
        external_id: body.external_id,
        brand_id: body.brand_id,
        signed_up_at: body.signed_up_at.as_deref().map(moment).transpose().at("signedUpAt")?,
        to_be_retained: body.to_be_retained,
        profile: profile(body.profile.unwrap_or_default()).at("profile")?,
        metadata: body.metadata.unwrap_or_default(),
    })
}

/// A change of a user.
pub(crate) fn update(body: UserUpdateBody) -> Checked<UserPatch> {
    let profile = match nullable(body.profile, |_| Ok(()))? {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(change) => Patch::Set(profile_change(change).at("profile")?),
    };
    Ok(UserPatch {
        signed_up_at: body.signed_up_at.as_deref().map(moment).transpose().at("signedUpAt")?,
        to_be_retained: body.to_be_retained.map_or(Patch::Keep, Patch::Set),
        profile,
        metadata: nullable(body.metadata, metadata::changes).at("metadata")?,
    })
}

/// A moment in ISO 8601 with an offset (sunshine-v2.md §0.3).
fn moment(text: &str) -> Checked<Millis> {
    let wrong =
        || Invalid::new("must be a time in ISO 8601 with an offset, for example 2026-01-31T12:00:00.000Z");
    let moment = OffsetDateTime::parse(text, &Iso8601::PARSING).map_err(|_| wrong())?;
    // The offset may lead out of the years that can be written.
    let millis = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).map(Millis);
    millis.ok().filter(|moment| WRITABLE.contains(moment)).ok_or_else(wrong)
}

fn person_name(name: &str) -> Checked {
    text::name(name, PROFILE_NAME_CHARS_MAX)
}

fn email(address: &str) -> Checked {
    model::email::check(address).map_err(|error| Invalid::new(error.to_string()))
}

fn locale(tag: &str) -> Checked {
    text::name(tag, LOCALE_CHARS_MAX)
}

fn profile(given: Profile) -> Checked<record::Profile> {
    text::opt(given.given_name.as_ref(), person_name).at("givenName")?;
    text::opt(given.surname.as_ref(), person_name).at("surname")?;
    text::opt(given.email.as_ref(), email).at("email")?;
    text::opt(given.avatar_url.as_ref(), url::web).at("avatarUrl")?;
    text::opt(given.locale.as_ref(), locale).at("locale")?;
    Ok(record::Profile {
        given_name: given.given_name,
        surname: given.surname,
        email: given.email,
        avatar_url: given.avatar_url,
        locale: given.locale,
    })
}

fn profile_change(change: ProfileUpdate) -> Checked<ProfilePatch> {
    Ok(ProfilePatch {
        given_name: nullable(change.given_name, |name| person_name(name)).at("givenName")?,
        surname: nullable(change.surname, |name| person_name(name)).at("surname")?,
        email: nullable(change.email, |address| email(address)).at("email")?,
        avatar_url: nullable(change.avatar_url, |address| url::web(address)).at("avatarUrl")?,
        locale: nullable(change.locale, |tag| locale(tag)).at("locale")?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn make(value: Value) -> Checked<UserDraft> {
        create(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn times_are_normalised() {
        let draft = make(json!({ "signedUpAt": "2020-05-28T17:32:51+02:00" })).unwrap();
        assert_eq!(draft.signed_up_at.unwrap().to_string(), "2020-05-28T15:32:51.000Z");
        for wrong in [
            "",
            "yesterday",
            "2020-05-28",
            "2020-05-28T17:32:51",
            "12345",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert!(make(json!({ "signedUpAt": wrong })).is_err(), "{wrong}");
        }
    }

    #[test]
    fn wrong_fields_are_named() {
        for (body, field) in [
            (json!({ "externalId": "" }), "externalId"),
            (json!({ "externalId": "x".repeat(1_025) }), "externalId"),
            (json!({ "brandId": "x".repeat(25) }), "brandId"),
            (json!({ "profile": { "givenName": "" } }), "profile.givenName"),
            (json!({ "profile": { "email": "nobody" } }), "profile.email"),
            (json!({ "profile": { "avatarUrl": "x" } }), "profile.avatarUrl"),
            (json!({ "metadata": { "a": {} } }), "metadata"),
        ] {
            let refusal = make(body).unwrap_err().to_string();
            assert!(refusal.starts_with(&format!("{field}: ")), "{refusal}");
        }
    }

    proptest! {
        #[test]
        fn any_time_is_read_or_refused(text in ".{0,40}") {
            let _ = moment(&text);
        }
    }
}
