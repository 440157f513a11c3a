//! The fuzz targets' twins: any bytes, and JSON that nearly fits, are read or refused, never a panic.

use crosspoint_dialect_hubster::parsers::{activities, configurations, texts};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Values of whatever type, with words that the parsers look for.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "::resp -n x",
            "text",
            "payload",
            "hubster.handover",
            "https://youtu.be/é",
            "https://maps.google.com/?q=1,2"
        ])
        .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "type",
        "Type",
        "message",
        "event",
        "action",
        "senderAction",
        "sender",
        "integrationId",
        "text",
        "items",
        "actions",
        "payload",
        "payloadType",
        "url",
        "title",
        "start",
        "allowedOrigins",
        "events",
        "webhookUrl",
        "botToken",
        "channelId",
    ]);
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(
                    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
                )
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..256)) {
        activities(&data);
        configurations(&data);
        texts(&data);
    }

    #[test]
    fn nearly_right_json_is_read_or_refused(message in value(), event in value(), whole in value()) {
        for body in [json!({ "message": message }), json!({ "type": "event", "event": event }), whole] {
            activities(body.to_string().as_bytes());
            configurations(body.to_string().as_bytes());
        }
    }
}
