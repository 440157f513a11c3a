//! Naming users and participants (sunshine-v2.md §5.1).

use hub::{Leaver, ParticipantDraft, UserSelector};
use wire::sunshine::types::{ParticipantLeaveBody, ParticipantSpec};

use super::{At, Checked, Invalid, id, refuse};

/// A user, named by exactly one of `userId` and `userExternalId`.
pub(crate) fn user(
    user_id: Option<String>,
    user_external_id: Option<String>,
    brand: Option<String>,
) -> Checked<UserSelector> {
    match (user_id, user_external_id) {
        (Some(id), None) => Ok(UserSelector::Id(id)),
        (None, Some(id)) => Ok(UserSelector::External { id, brand }),
        _ => refuse("needs exactly one of userId and userExternalId"),
    }
}

/// A user who shall take part. In a group the caller has to say whether the messenger follows.
pub(crate) fn participant(spec: ParticipantSpec, group: bool) -> Checked<ParticipantDraft> {
    let ParticipantSpec { user_id, user_external_id, subscribe_sdk_client } = spec;
    if group && subscribe_sdk_client.is_none() {
        return refuse("is required").at("subscribeSDKClient");
    }
    let user = user(user_id, user_external_id, None)?;
    Ok(ParticipantDraft { user, subscribe_sdk_client: subscribe_sdk_client.unwrap_or(false) })
}

/// Who shall leave a group. An id that is none names nobody.
pub(crate) fn leaver(body: ParticipantLeaveBody) -> Checked<Option<Leaver>> {
    match (body.user_id, body.user_external_id, body.participant_id) {
        (Some(id), None, None) => Ok(Some(Leaver::User(UserSelector::Id(id)))),
        (None, Some(id), None) => Ok(Some(Leaver::User(UserSelector::External { id, brand: None }))),
        (None, None, Some(participant)) => Ok(id::parse(&participant).ok().map(Leaver::Participant)),
        _ => Err(Invalid::new("needs exactly one of userId, userExternalId and participantId")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_user_has_exactly_one_name() {
        let named = |id: Option<&str>, external: Option<&str>| {
            user(id.map(str::to_owned), external.map(str::to_owned), Some("b".to_owned()))
        };
        assert_eq!(named(Some("a"), None), Ok(UserSelector::Id("a".to_owned())));
        let external = UserSelector::External { id: "x".to_owned(), brand: Some("b".to_owned()) };
        assert_eq!(named(None, Some("x")), Ok(external));
        assert!(named(None, None).is_err() && named(Some("a"), Some("x")).is_err());
    }

    #[test]
    fn groups_say_whether_the_messenger_follows() {
        let spec = |flag| ParticipantSpec {
            user_id: Some("a".to_owned()),
            user_external_id: None,
            subscribe_sdk_client: flag,
        };
        assert_eq!(participant(spec(None), true).unwrap_err().to_string(), "subscribeSDKClient: is required");
        assert!(!participant(spec(None), false).unwrap().subscribe_sdk_client);
        assert!(participant(spec(Some(true)), true).unwrap().subscribe_sdk_client);
    }

    #[test]
    fn who_leaves_has_exactly_one_name() {
        let body = |user: bool, participant: Option<&str>| ParticipantLeaveBody {
            user_id: user.then(|| "a".to_owned()),
            user_external_id: None,
            participant_id: participant.map(str::to_owned),
        };
        assert!(matches!(leaver(body(true, None)), Ok(Some(Leaver::User(UserSelector::Id(_))))));
        let known = Some("5ebee0975ac5304b664a12fa");
        assert!(matches!(leaver(body(false, known)), Ok(Some(Leaver::Participant(_)))));
        assert!(matches!(leaver(body(false, Some("x"))), Ok(None)));
        assert!(leaver(body(true, known)).is_err() && leaver(body(false, None)).is_err());
    }
}
