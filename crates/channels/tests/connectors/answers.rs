//! What the providers' answers to a send mean.

use crosspoint_channels::Verdict;
use http::HeaderMap;
use serde_json::{Value, json};

use super::support::{Settings, answer, channel, headers, to};

fn judge_with(kind: &str, status: u16, headers: &HeaderMap, body: &str) -> Verdict {
    channel(kind).judge(&Settings::of(kind).account(), to("1"), &answer(status, headers, body))
}

/// The verdict in short: what, and the details that matter.
fn judge(kind: &str, status: u16, body: Value) -> String {
    short(judge_with(kind, status, &HeaderMap::new(), &body.to_string()))
}

fn short(verdict: Verdict) -> String {
    match verdict {
        Verdict::Accepted(ids) => format!("accepted {}", ids.join(" ")),
        Verdict::Retry { after_ms: Some(after), .. } => format!("retry {after}"),
        Verdict::Retry { after_ms: None, .. } => "retry".to_owned(),
        Verdict::Permanent(error) => format!("permanent {} {}", error.code, error.message),
        Verdict::Unfit(error) => format!("unfit {} {}", error.code, error.message),
        Verdict::Blocked(error) => format!("blocked {} {}", error.code, error.message),
        Verdict::DeadToken(reason) => format!("dead {reason}"),
        Verdict::Moved { to, error } => format!("moved {to} {}", error.message),
    }
}

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/telegram/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a fixture")
}

#[test]
fn telegram() {
    let none = HeaderMap::new();
    assert_eq!(short(judge_with("telegram", 200, &none, &fixture("answer_sent"))), "accepted 1111111:1101");
    assert_eq!(short(judge_with("telegram", 429, &none, &fixture("answer_rate"))), "retry 5000");
    let blocked = "blocked forbidden 403: Forbidden: bot was blocked by the user";
    assert_eq!(short(judge_with("telegram", 403, &none, &fixture("answer_blocked"))), blocked);
    let moved = "moved -1001557912345 400: Bad Request: group chat was upgraded to a supergroup chat";
    assert_eq!(short(judge_with("telegram", 400, &none, &fixture("answer_upgraded"))), moved);
    let refused = |code: u16, text: &str| {
        judge("telegram", code, json!({ "ok": false, "error_code": code, "description": text }))
    };
    assert_eq!(refused(401, "Unauthorized"), "dead Unauthorized");
    assert_eq!(refused(404, "Not Found"), "dead Not Found");
    assert_eq!(
        refused(409, "Conflict: terminated by other getUpdates request").split(' ').next(),
        Some("dead")
    );
    for text in [
        "user is deactivated",
        "bot was kicked from the group chat",
        "bot can't initiate conversation with a user",
    ] {
        assert_eq!(
            refused(403, &format!("Forbidden: {text}")),
            format!("blocked forbidden 403: Forbidden: {text}")
        );
    }
    for text in ["chat not found", "message is too long", "wrong HTTP URL specified", "BUTTON_DATA_INVALID"] {
        let permanent = format!("permanent bad_request 400: Bad Request: {text}");
        assert_eq!(refused(400, &format!("Bad Request: {text}")), permanent);
    }
    for text in [
        "failed to get HTTP URL content",
        "wrong type of the web page content",
        "wrong file identifier/HTTP URL specified",
        "PHOTO_INVALID_DIMENSIONS",
    ] {
        let unfit = format!("unfit bad_request 400: Bad Request: {text}");
        assert_eq!(refused(400, &format!("Bad Request: {text}")), unfit);
    }
    assert_eq!(refused(500, "Internal Server Error"), "retry");
    assert_eq!(short(judge_with("telegram", 502, &none, "<html>")), "retry");
    assert_eq!(
        short(judge_with("telegram", 413, &none, "<html>")),
        "permanent payload_too_large 413: HTTP 413"
    );
    let album = json!({ "ok": true, "result": [{ "message_id": 1, "chat": { "id": -5 } }, { "message_id": 2, "chat": { "id": -5 } }] });
    assert_eq!(judge("telegram", 200, album), "accepted -5:1 -5:2");
}

#[test]
fn messenger() {
    assert_eq!(judge("messenger", 200, json!({ "recipient_id": "1", "message_id": "m_1" })), "accepted m_1");
    assert_eq!(judge("messenger", 200, json!({ "recipient_id": "1" })), "accepted ");
    let refused = |status: u16, code: i64, subcode: i64| {
        judge(
            "messenger",
            status,
            json!({ "error": { "message": "No", "code": code, "error_subcode": subcode } }),
        )
    };
    for code in [1, 2, 4, 17, 32, 341, 613, 1200, 80001, 80002, 80006] {
        assert_eq!(refused(400, code, 0), "retry", "{code}");
    }
    assert_eq!(refused(500, 999, 0), "retry");
    assert_eq!(refused(400, 10, 1_893_063), "retry");
    assert_eq!(refused(401, 190, 463), "dead 190/463: No");
    for code in [10, 102, 230, 200, 299] {
        assert_eq!(refused(403, code, 0), format!("dead {code}/0: No"));
    }
    assert_eq!(refused(400, 100, 2_018_001), "blocked forbidden 100/2018001: No");
    assert_eq!(refused(400, 100, 2_018_109), "permanent bad_request 100/2018109: No");
    assert_eq!(refused(403, 10, 2_018_278), "permanent forbidden 10/2018278: No");
    assert_eq!(refused(403, 10, 2_018_108), "blocked forbidden 10/2018108: No");
    for (code, is_transient, verdict) in [
        (9_999, true, "retry"),
        (9_999, false, "permanent bad_request 9999: No"),
        (190, true, "dead 190: No"),
    ] {
        let error = json!({ "message": "No", "code": code, "is_transient": is_transient });
        assert_eq!(judge("messenger", 400, json!({ "error": error })), verdict);
    }
    assert_eq!(refused(400, 551, 1_545_041), "blocked forbidden 551/1545041: No");
    assert_eq!(refused(400, 200, 1_545_041), "blocked forbidden 200/1545041: No");
    let none = HeaderMap::new();
    assert_eq!(short(judge_with("messenger", 503, &none, "")), "retry");
    assert_eq!(short(judge_with("messenger", 200, &none, "")), "retry");
    let usage = headers(&[(
        "X-Business-Use-Case-Usage",
        r#"{"1":[{"type":"messenger","estimated_time_to_regain_access":3}]}"#,
    )]);
    let rate = json!({ "error": { "message": "Rate", "code": 613 } }).to_string();
    assert_eq!(short(judge_with("messenger", 400, &usage, &rate)), "retry 180000");
}

#[test]
fn twilio() {
    assert_eq!(judge("twilio", 201, json!({ "sid": "SM1", "status": "queued" })), "accepted SM1");
    let refused = |status: u16, code: i64| {
        judge("twilio", status, json!({ "code": code, "message": "No", "status": status }))
    };
    for (status, code) in [(429, 20429), (500, 20500), (400, 21611), (400, 63012), (400, 63018), (503, 1)] {
        assert_eq!(refused(status, code), "retry", "{code}");
    }
    for (status, code) in [(401, 20003), (403, 30002), (404, 20404), (403, 20005), (400, 63001)] {
        assert_eq!(refused(status, code), format!("dead {code}: No"));
    }
    for code in [21211, 21408, 21602, 21606, 21614, 21617, 21623, 30007, 63016] {
        assert_eq!(refused(400, code), format!("permanent bad_request {code}: No"));
    }
    assert_eq!(refused(400, 21610), "blocked bad_request 21610: No");
    assert_eq!(refused(400, 30004), "blocked bad_request 30004: No");
    let after = headers(&[("Retry-After", "3")]);
    assert_eq!(short(judge_with("twilio", 429, &after, "")), "retry 3000");
    assert_eq!(short(judge_with("twilio", 400, &HeaderMap::new(), "")), "permanent bad_request HTTP 400");
}
