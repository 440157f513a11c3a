//! Signatures and handshakes: the vectors of channels.md and what must be refused.

use crosspoint_channels::{HookError, HookRequest};
use http::{HeaderMap, Method, StatusCode};
use url::form_urlencoded;

use super::support::{Settings, channel, headers};

const TWILIO_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const HUB_URL: &str = "https://hub.example.com/hooks/twilio/5c9a34160c89726709136733";
const META_BODY: &[u8] = br#"{"object":"page","entry":[{"id":"1","time":1700000000000,"messaging":[]}]}"#;
const META_SIGNATURE: &str = "sha256=3fef83212f164131a34cef6a172badd59637ae71a74fc0d3186426217a4d043d";

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

fn verify(
    kind: &str,
    settings: &Settings,
    query: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), HookError> {
    let request = HookRequest { method: &Method::POST, query, headers, body };
    channel(kind).verify(&settings.account(), &request, 1_700_000_000_000)
}

fn twilio(url: &str, query: &str, signature: &str, body: &[u8]) -> bool {
    let settings = Settings { hook_url: url.to_owned(), ..Settings::of("twilio") };
    verify("twilio", &settings, query, &headers(&[("X-Twilio-Signature", signature)]), body).is_ok()
}

#[test]
fn twilio_vectors() {
    let call = form(&[
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]);
    assert!(twilio(TWILIO_URL, "foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", &call), "TV-TW1");
    let repeated = b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
    assert!(twilio(TWILIO_URL, "foo=1&bar=2", "IK+Dwps556ElfBT0I3Rgjkr1wJU=", repeated), "TV-TW2");
    let query = "foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    let json = br#"{"property": "value", "boolean": true}"#;
    assert!(twilio(TWILIO_URL, query, "a9nBmqA0ju/hNViExpshrM61xv4=", json), "TV-TW3");
    assert!(!twilio(TWILIO_URL, query, "a9nBmqA0ju/hNViExpshrM61xv4=", b"{}"), "another body");
    let sms = form(&[
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("Body", "Hi & bye é"),
        ("From", "+15550001234"),
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("NumMedia", "0"),
        ("To", "+15557654321"),
    ]);
    assert!(twilio(HUB_URL, "", "sOknyN0O4iT4ls9/4a0IxGvLxaI=", &sms), "TV-TW4");
    let whatsapp = form(&[
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("Body", "Yes"),
        ("ButtonPayload", "P1"),
        ("ButtonText", "Yes"),
        ("From", "whatsapp:+16505551234"),
        ("MessageSid", "SM00000000000000000000000000000004"),
        ("To", "whatsapp:+15557654321"),
        ("WaId", "16505551234"),
    ]);
    assert!(twilio(HUB_URL, "", "tucZt9v+U6avJ7rndKWG3YVll3Y=", &whatsapp), "TV-TWA");
}

#[test]
fn twilio_takes_its_address_with_and_without_the_usual_port() {
    let body = form(&[
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("Body", "Hi & bye é"),
        ("From", "+15550001234"),
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("NumMedia", "0"),
        ("To", "+15557654321"),
    ]);
    let with_port = HUB_URL.replace("example.com/", "example.com:443/");
    assert!(twilio(&with_port, "", "sOknyN0O4iT4ls9/4a0IxGvLxaI=", &body));
    let other_port = HUB_URL.replace("example.com/", "example.com:444/");
    assert!(!twilio(&other_port, "", "sOknyN0O4iT4ls9/4a0IxGvLxaI=", &body));
    assert!(!twilio(HUB_URL, "more=1", "sOknyN0O4iT4ls9/4a0IxGvLxaI=", &body));
}

#[test]
fn messenger_vectors() {
    let settings = Settings::of("messenger");
    let signed = headers(&[("X-Hub-Signature-256", META_SIGNATURE)]);
    assert_eq!(verify("messenger", &settings, "", &signed, META_BODY), Ok(()), "TV-FB");
    let plan = channel("messenger").ask_profile(&settings.account(), "PSID1").expect("a question");
    let proof = "appsecret_proof=69b95547442c5750ac88717be9cbe4b58f494e3eedc5b96068315108f9081d08";
    assert!(plan.url.contains(proof), "the proof of channels.md §2.1");
}

#[test]
fn telegram_vectors() {
    let settings = Settings::of("telegram");
    let given = |secret: &str| headers(&[("X-Telegram-Bot-Api-Secret-Token", secret)]);
    assert_eq!(verify("telegram", &settings, "", &given("a3f1_Zk-9"), b"{}"), Ok(()), "TV-TG");
    for wrong in ["a3f1_Zk-8", "", "a3f1_Zk-9 x", "A3F1_ZK-9"] {
        let refused = Err(HookError::Unverified(StatusCode::UNAUTHORIZED));
        assert_eq!(verify("telegram", &settings, "", &given(wrong), b"{}"), refused, "{wrong}");
    }
}

/// The header of a channel and a right value for a body.
fn right(kind: &str) -> (&'static str, String, Vec<u8>) {
    match kind {
        "messenger" => ("x-hub-signature-256", META_SIGNATURE.to_owned(), META_BODY.to_vec()),
        _ => ("x-telegram-bot-api-secret-token", "a3f1_Zk-9".to_owned(), b"{}".to_vec()),
    }
}

#[test]
fn what_is_not_signed_is_refused() {
    for kind in ["messenger", "telegram"] {
        let (name, value, body) = right(kind);
        let settings = Settings::of(kind);
        let is_taken = |settings: &Settings, pairs: &[(&str, &str)], body: &[u8]| {
            verify(kind, settings, "", &headers(pairs), body).is_ok()
        };
        assert!(is_taken(&settings, &[(name, &value)], &body), "{kind}: the right one");
        assert!(!is_taken(&settings, &[], &body), "{kind}: no header");
        assert!(!is_taken(&settings, &[(name, "")], &body), "{kind}: an empty header");
        assert!(!is_taken(&settings, &[(name, &value), (name, &value)], &body), "{kind}: the header twice");
        assert!(!is_taken(&settings, &[(name, &value.to_uppercase())], &body), "{kind}: upper case");
        assert!(!is_taken(&settings, &[(name, &value[..value.len() - 1])], &body), "{kind}: too short");
        let empty = Settings { secrets: serde_json::Map::new(), ..Settings::of(kind) };
        assert!(!is_taken(&empty, &[(name, &value)], &body), "{kind}: an account without secrets");
        assert!(!is_taken(&empty, &[(name, "")], &body), "{kind}: nothing against nothing");
    }
    let settings = Settings::of("messenger");
    let signed = headers(&[("X-Hub-Signature-256", META_SIGNATURE)]);
    let refused = Err(HookError::Unverified(StatusCode::FORBIDDEN));
    assert_eq!(verify("messenger", &settings, "", &signed, b""), refused);
    let mut changed = META_BODY.to_vec();
    changed[3] ^= 1;
    assert_eq!(verify("messenger", &settings, "", &signed, &changed), refused);
    let bare = META_SIGNATURE.trim_start_matches("sha256=");
    assert_eq!(
        verify("messenger", &settings, "", &headers(&[("x-hub-signature-256", bare)]), META_BODY),
        refused
    );
}

#[test]
fn twilio_refuses_what_is_not_signed() {
    let sms = form(&[("Body", "Hi")]);
    for signature in ["", "sOknyN0O4iT4ls9/4a0IxGvLxaI=", "garbage"] {
        assert!(!twilio(HUB_URL, "", signature, &sms), "{signature}");
    }
    let settings = Settings::of("twilio");
    assert!(verify("twilio", &settings, "", &HeaderMap::new(), &sms).is_err());
}

#[test]
fn messenger_answers_the_question_of_meta() {
    let settings = Settings::of("messenger");
    let account = settings.account();
    // The token is the one that Meta is told when the callback is registered.
    let page = (StatusCode::OK, serde_json::json!({ "id": "123", "name": "Page" }));
    let step = [page, (StatusCode::OK, serde_json::json!({ "success": true }))];
    let crosspoint_channels::Provision::Call(plan) = channel("messenger").provision(&account, &step, "")
    else {
        panic!("the callback is registered last")
    };
    let crosspoint_channels::Body::Form(fields) = plan.body else { panic!("a form") };
    let token = fields
        .iter()
        .find(|(name, _)| name == "verify_token")
        .map(|(_, token)| token.clone())
        .expect("a token");
    let ask = |token: &str, mode: &str| {
        let query = format!("hub.mode={mode}&hub.challenge=1158201444&hub.verify_token={token}");
        let request =
            HookRequest { method: &Method::GET, query: &query, headers: &HeaderMap::new(), body: b"" };
        let reply = channel("messenger").handshake(&account, &request).expect("an answer");
        (reply.status.as_u16(), reply.body)
    };
    assert_eq!(ask(&token, "subscribe"), (200, "1158201444".to_owned()));
    assert_eq!(ask("wrong", "subscribe"), (403, String::new()));
    assert_eq!(ask(&token, "unsubscribe"), (403, String::new()));
    let post = HookRequest { method: &Method::POST, query: "", headers: &HeaderMap::new(), body: b"" };
    assert_eq!(channel("messenger").handshake(&account, &post), None);
}
