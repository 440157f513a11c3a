//! Every parser of input from outside behind one function each, for fuzzing and property tests.

use serde::de::DeserializeOwned;
use serde_json::Value;
use wire::operation::{Body, Operation};
use wire::sunshine::types;

use crate::http::auth::{Claims, read_header};
use crate::http::query::Query;
use crate::http::{body, error::Result, token};
use crate::validate::{self, Checked};

/// Reads a body as that of each operation that takes JSON, and validates what could be read.
pub fn json_bodies(data: &[u8]) {
    for operation in wire::sunshine::OPERATIONS.iter().chain(wire::crosspoint::OPERATIONS) {
        if takes_json(operation) {
            json_body(operation.id, data);
        }
    }
    let _any: Result<Value> = body::parse(data);
}

fn takes_json(operation: &Operation) -> bool {
    matches!(operation.body, Body::Json | Body::OptionalJson | Body::JsonOrForm)
}

/// Reads a body as that of one operation; `false` for an operation that is not known here.
fn json_body(operation: &str, data: &[u8]) -> bool {
    fn read<T: DeserializeOwned, U>(data: &[u8], check: impl FnOnce(T) -> Checked<U>) -> bool {
        let _refused_or_valid = body::parse(data).ok().map(check);
        true
    }
    use validate as v;
    match operation {
        "CreateApp" => read(data, v::app::create),
        "UpdateApp" => read(data, v::app::update),
        "CreateAppKey" | "CreateCustomIntegrationKey" => read(data, v::key::create),
        "DeleteAttachment" => read(data, |body: types::AttachmentDeleteBody| Ok(body)),
        "CreateConversation" => read(data, v::conversation::create),
        "UpdateConversation" => read(data, v::conversation::update),
        "JoinConversation" => read(data, |body| v::participant::participant(body, true)),
        "LeaveConversation" => read(data, v::participant::leaver),
        "PostMessage" | "PreviewMessage" => read(data, v::message::message),
        "PostActivity" => read(data, v::activity::activity),
        "PassControl" => read(data, v::control::pass),
        "ReleaseControl" => read(data, v::control::release),
        "OfferControl" => read(data, v::control::offer),
        "AcceptControl" => read(data, v::control::accept),
        "DownloadMessageRef" => read(data, |body: types::DownloadMessageRefBody| Ok(body)),
        "PostConversionEvents" => read(data, |body: types::ConversionEventsBody| Ok(body)),
        "CreateIntegration" => read(data, v::integration::create),
        "UpdateIntegration" => wire::sunshine::integrations::INTEGRATION_KINDS
            .iter()
            .all(|kind| read(data, |body| v::integration::update(kind.name, body))),
        "CreateWebhook" => read(data, v::webhook::create),
        "UpdateWebhook" => read(data, v::webhook::update),
        "UpdateSwitchboard" => read(data, v::switchboard::update),
        "CreateSwitchboardIntegration" => read(data, v::switchboard::create_member),
        "UpdateSwitchboardIntegration" => read(data, v::switchboard::update_member),
        "CreateUser" => read(data, v::user::create),
        "UpdateUser" => read(data, v::user::update),
        "CreateClient" => read(data, v::client::create),
        "SyncUser" => read(data, |body: types::SyncUserBody| Ok(body)),
        "GetToken" => {
            read(&body::form_as_json(data), |body: types::TokenBody| Ok(body));
            read(data, |body: types::TokenBody| Ok(body))
        }
        "PutSetting" => read(data, |body: wire::crosspoint::types::SettingBody| Ok(body)),
        // What is sent to these is ignored.
        "CloseConversation" | "ReopenConversation" | "ReplayDelivery" => true,
        _ => false,
    }
}

/// Reads an `Authorization` header and, if it is a token, checks it with some secret.
pub fn authorization(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _refused_or_read = read_header(&text);
    let _refused_or_read = read_header(&format!("Bearer {text}"));
    let _refused_or_read: Result<Claims> = token::verify("secret", &text, 0);
}

/// Reads a query string.
pub fn query_strings(data: &[u8]) {
    let query = Query::parse(&String::from_utf8_lossy(data));
    let _refused_or_read = query.page();
    for (object, key) in [("filter", "userId"), ("filter", "types"), ("filter", "identities.email")] {
        let _refused_or_read = query.nested(object, key);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Something like a body: members that operations know, with values that fit and values that do not.
    fn body() -> impl Strategy<Value = Value> {
        let names = "author|type|content|text|actions|payload|userId|participants|metadata|displayName|settings|\
            target|triggers|webhooks|profile|email|matchCriteria|integrationId|confirmation|switchboardIntegration|\
            enabled|data|messenger|fields|items|value|mediaUrl|name";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z:/#.@+ ]{0,12}|business|user|text|custom|twilio|personal|form|\\PC{0,8}"
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(names, inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn the_body_of_every_operation_is_read() {
        for operation in wire::sunshine::OPERATIONS.iter().chain(wire::crosspoint::OPERATIONS) {
            assert!(!takes_json(operation) || json_body(operation.id, b"{}"), "{}", operation.id);
        }
        assert!(!json_body("GetApp", b"{}"));
    }

    proptest! {
        #[test]
        fn bodies_are_read_or_refused(body in body()) {
            json_bodies(body.to_string().as_bytes());
        }

        #[test]
        fn bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            json_bodies(&bytes);
            authorization(&bytes);
            query_strings(&bytes);
        }
    }
}
