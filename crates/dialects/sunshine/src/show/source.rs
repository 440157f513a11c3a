//! Where a message or event came from (sunshine-v2.md §6.1, §9.5).

use std::sync::LazyLock;

use model::Millis;
use model::event::Source;
use model::record::Message;
use serde_json::value::{RawValue, to_raw_value};
use wire::sunshine::types;

/// The source of what comes through this API, whatever the scope.
const API: &str = "api:conversations";

static API_SOURCE: LazyLock<Box<RawValue>> =
    LazyLock::new(|| to_raw_value(&of_api()).unwrap_or_else(|_| RawValue::NULL.to_owned()));

/// A source as replies show it.
pub(crate) fn source(source: Option<&Source>) -> types::Source {
    let Some(source) = source else { return of_api() };
    types::Source {
        kind: source.kind.clone(),
        integration_id: source.integration_id.map(|id| id.to_string()),
        original_message_id: source.original_message_id.clone(),
        original_message_timestamp: source.original_message_time.map(|ms| Millis(ms).to_string()),
        raw: None,
        client: None,
        device: None,
        campaign: None,
    }
}

/// The source of a message. What its channel has sent stands beside it where the content cannot say it
/// (channels.md §0.1).
pub(crate) fn of_message(message: &Message) -> types::Source {
    let raw = message.original.as_deref().and_then(|original| serde_json::from_str(original).ok());
    types::Source { raw, ..source(message.extra.source.as_ref()) }
}

/// The same, ready to be written; most messages come through the API.
pub(crate) fn part(message: &Message) -> types::Part<'static, types::Source> {
    match (&message.extra.source, &message.original) {
        (None, None) => api_part(),
        _ => types::Part::Typed(of_message(message)),
    }
}

/// The source of what comes through this API, ready to be written.
pub(crate) fn api_part() -> types::Part<'static, types::Source> {
    types::Part::Raw(&API_SOURCE)
}

fn of_api() -> types::Source {
    types::Source {
        kind: API.to_owned(),
        integration_id: None,
        original_message_id: None,
        original_message_timestamp: None,
        raw: None,
        client: None,
        device: None,
        campaign: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn what_comes_through_the_api_says_so() {
        assert_eq!(to_value(api_part()).unwrap(), json!({ "type": "api:conversations" }));
    }

    #[test]
    fn a_channel_names_its_message() {
        let from_channel = Source {
            kind: "telegram".to_owned(),
            integration_id: Some("5ec69c6e12dda33be985cb1a".parse().unwrap()),
            original_message_id: Some("374".to_owned()),
            original_message_time: Some(1_601_488_856_000),
            ..Source::default()
        };
        let shown = json!({ "type": "telegram", "integrationId": "5ec69c6e12dda33be985cb1a", "originalMessageId": "374",
            "originalMessageTimestamp": "2020-09-30T18:00:56.000Z" });
        assert_eq!(to_value(source(Some(&from_channel))).unwrap(), shown);
    }
}
