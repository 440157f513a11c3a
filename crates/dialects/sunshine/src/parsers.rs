//! Every parser of input from outside behind one function each, for fuzzing and property tests.

use serde_json::Value;
use wire::sunshine::types;

use crate::http::auth::{Claims, read_header};
use crate::http::query::Query;
use crate::http::{body, error::Result, token};
use crate::validate;

/// Reads a body as each of the requests; a message goes on through validation.
pub fn json_bodies(data: &[u8]) {
    macro_rules! read {
        ($($body:ident),* $(,)?) => { $(let _refused_or_read: Result<types::$body> = body::parse(data);)* };
    }
    read!(
        AppCreateBody,
        AppUpdateBody,
        ConversationCreateBody,
        ConversationUpdateBody,
        UserCreateBody,
        UserUpdateBody,
        ClientCreateBody,
        SwitchboardUpdateBody,
        SwitchboardIntegrationCreateBody,
        SwitchboardIntegrationUpdateBody,
        WebhookCreateBody,
        WebhookUpdateBody,
        PassControlBody,
    );
    let _any: Result<Value> = body::parse(data);
    if let Ok(post) = body::parse::<types::MessagePost>(data) {
        let _refused_or_valid = validate::message::message(post);
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
