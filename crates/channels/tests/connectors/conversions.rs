//! Conversions: the requests, and what the answers mean.

use crosspoint_channels::{Conversion, Plan};
use http::StatusCode;
use serde_json::{Value, json};

use super::support::{Settings, channel, object, shown, to};

fn convert(payload: Value, answers: &[(u16, Value)]) -> Conversion {
    let answers: Vec<(StatusCode, Value)> = answers
        .iter()
        .map(|(status, body)| (StatusCode::from_u16(*status).expect("a status"), body.clone()))
        .collect();
    let settings = Settings::of("messenger");
    channel("messenger").convert(&settings.account(), to("PSID1"), &object(payload), &answers)
}

fn called(step: Conversion) -> Plan {
    match step {
        Conversion::Call(plan) => plan,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_pages_data_set_is_asked_for_and_gets_the_events() {
    let event = json!({ "event_name": "Purchase", "event_time": 1_675_999_999, "action_source": "business_messaging",
        "custom_data": { "currency": "USD", "value": 123 } });
    let payload = json!({ "data": [event], "test_event_code": "TEST1", "access_token": "theirs" });
    let first = called(convert(payload.clone(), &[]));
    assert!(first.repeatable);
    let asked = shown(&first);
    let url = asked["url"].as_str().expect("an address");
    assert!(
        url.starts_with("https://graph.facebook.com/v23.0/PAGE1/dataset?access_token=EAAtoken123"),
        "{url}"
    );
    assert!(url.contains("&appsecret_proof="), "{url}");

    let second = called(convert(payload.clone(), &[(200, json!({ "id": "1234567890123456" }))]));
    assert!(!second.repeatable, "Meta would count it twice");
    let asked = shown(&second);
    let url = asked["url"].as_str().expect("an address");
    assert!(
        url.starts_with("https://graph.facebook.com/v23.0/1234567890123456/events?access_token=EAA"),
        "{url}"
    );
    let mut filled = event;
    filled["messaging_channel"] = "messenger".into();
    filled["user_data"] = json!({ "page_id": "PAGE1", "page_scoped_user_id": "PSID1" });
    assert_eq!(asked["body"], json!({ "data": [filled], "test_event_code": "TEST1" }));

    let taken = [(200, json!({ "id": "77" })), (200, json!({ "events_received": 1, "fbtrace_id": "A" }))];
    let end = convert(payload, &taken);
    assert_eq!(end, Conversion::Taken { dataset_id: "77".to_owned(), received: 1 });
}

#[test]
fn what_the_caller_gave_stays() {
    let event = json!({ "messaging_channel": "whatsapp", "user_data": { "page_id": "9", "em": ["x"] } });
    let payload = json!({ "data": [event, { "user_data": "none" }] });
    let sent = shown(&called(convert(payload, &[(200, json!({ "id": "77" }))])));
    let user_data = json!({ "page_id": "9", "em": ["x"], "page_scoped_user_id": "PSID1" });
    let first = json!({ "messaging_channel": "whatsapp", "user_data": user_data });
    let second = json!({ "messaging_channel": "messenger", "user_data": "none" });
    assert_eq!(sent["body"], json!({ "data": [first, second] }));
}

#[test]
fn a_refusal_says_what_is_wrong_and_only_a_dead_token_is_one() {
    let error = |code: i64| {
        json!({ "error": { "message": "Invalid parameter EAAtoken123", "code": code,
        "error_subcode": 2_804_003, "error_user_title": "Event Timestamp Too Old", "error_user_msg": "Too far." } })
    };
    let reason =
        |code: i64| format!("{code}/2804003: Invalid parameter …: Event Timestamp Too Old: Too far.");
    let dataset = (200, json!({ "id": "77" }));
    let end = convert(json!({ "data": [] }), &[dataset.clone(), (400, error(100))]);
    assert_eq!(end, Conversion::Refused(format!("Meta refuses: {}", reason(100))));
    // The permission `page_events` is missing: messages need another one.
    for code in [10, 200] {
        let end = convert(json!({ "data": [] }), &[(403, error(code))]);
        assert_eq!(end, Conversion::Refused(format!("Meta refuses: {}", reason(code))));
    }
    for code in [102, 190] {
        assert_eq!(convert(json!({}), &[(401, error(code))]), Conversion::DeadToken(reason(code)));
    }
    for (answers, why) in [
        (vec![(502, json!("<html>"))], "Meta refuses: HTTP 502"),
        (vec![(200, json!({ "id": "../me" }))], "Meta names no data set of the page"),
        (vec![dataset, (200, json!("junk"))], "Meta does not say whether it has the events"),
    ] {
        assert_eq!(convert(json!({ "data": [] }), &answers), Conversion::Refused(why.to_owned()));
    }
}

#[test]
fn other_channels_take_none() {
    for kind in ["telegram", "twilio"] {
        let settings = Settings::of(kind);
        let end = channel(kind).convert(&settings.account(), to("1"), &object(json!({ "data": [] })), &[]);
        assert_eq!(end, Conversion::Refused("this channel takes no conversion events".to_owned()));
    }
}
