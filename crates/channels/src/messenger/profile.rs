//! A person's name and picture; pages without the permission get a refusal, which harms nobody.

use model::channel::Person;

use super::with_token;
use crate::channel::{Account, Answer};
use crate::kit::inbound::{full_name, name};
use crate::kit::provider::{facts, json, text};
use crate::plan::Plan;

/// The question.
pub(super) fn ask(account: &Account<'_>, external_id: &str) -> Option<Plan> {
    let is_id = !external_id.is_empty()
        && external_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let fields = [("fields", "first_name,last_name,profile_pic,locale")];
    is_id.then(|| Plan::get(with_token(account, external_id, &fields)))
}

/// The answer.
pub(super) fn read(answer: &Answer<'_>) -> Option<Person> {
    if !answer.status.is_success() {
        return None;
    }
    let body = json(answer.body);
    let (given, surname) = (text(&body, "/first_name"), text(&body, "/last_name"));
    Some(Person {
        external_id: String::new(),
        display_name: full_name(given, surname),
        given_name: name(given),
        surname: name(surname),
        avatar_url: text(&body, "/profile_pic").map(str::to_owned),
        // Meta writes de_DE, BCP 47 de-DE.
        locale: text(&body, "/locale").map(|locale| locale.replace('_', "-")),
        info: facts(&body, &[]),
        raw: facts(&body, &["first_name", "last_name", "profile_pic", "locale"]),
    })
    .filter(|person| *person != Person::default())
}
