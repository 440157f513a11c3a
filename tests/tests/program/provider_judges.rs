//! The providers' own clients judge our channels: what they sign we take, what we sign they take, and our
//! requests and readings are theirs.

use std::path::{Path, PathBuf};

use channels::{Account, Body, HookRequest, Hooked, Outgoing, PartSource, Plan, Recipient, by_kind};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::Id;
use model::channel::InboundEvent;
use model::content::{Content, Text};
use serde_json::{Map, Value, json};
use testkit::run;

use super::official_clients::{TESTS_TIME_MAX, bounded, install_python, prepared};

const HOOK: &str = "https://hub.example.com/hooks/x/1?a=b";
const SECRET: &str = "meta-app-secret";

#[test]
fn clients_of_the_providers_judge_the_channels() {
    run(480, async {
        let home = prepared("providers");
        install_python(&home);
        std::fs::write(home.join("judged.json"), judged().to_string()).unwrap();
        let (good, said) =
            bounded(&home, &[".venv/bin/python", "-m", "unittest", "--verbose"], &[], TESTS_TIME_MAX);
        assert!(good, "{said}");
        let signed = std::fs::read(home.join("signed.json")).unwrap();
        let signed: Vec<Value> = serde_json::from_slice(&signed).unwrap();
        let count = |kind: &str| signed.iter().filter(|callback| callback["kind"] == kind).count();
        assert!(count("twilio") > 50 && count("messenger") > 20, "{} callbacks were signed", signed.len());
        for callback in &signed {
            let text = |name: &str| callback[name].as_str().unwrap();
            let (kind, body, signature) = (text("kind"), text("body"), text("signature"));
            assert!(is_taken(kind, signature, body), "{kind}: {body}");
            assert!(!is_taken(kind, signature, &format!("{body}&x=1")), "{kind}: {body}");
        }
    });
}

fn settings() -> Map<String, Value> {
    let settings = json!({
        "accountSid": "AC1", "authToken": "12345", "phoneNumber": "+15557654321", "appId": "1517776481860111",
        "pageId": "PAGE1", "pageAccessToken": "EAAtoken123", "appSecret": SECRET, "token": "42:T", "webhookSecret": "s",
    });
    settings.as_object().cloned().unwrap()
}

fn with_account<T>(run: impl FnOnce(&Account<'_>) -> T) -> T {
    let (config, secrets) = (settings(), settings());
    run(&Account {
        integration_id: Id::MIN,
        config: &config,
        secrets: &secrets,
        hook_url: HOOK,
        base_url: None,
    })
}

fn is_taken(kind: &str, signature: &str, body: &str) -> bool {
    let header = if kind == "twilio" { "x-twilio-signature" } else { "x-hub-signature-256" };
    let headers =
        HeaderMap::from_iter([(HeaderName::from_static(header), HeaderValue::from_str(signature).unwrap())]);
    let request =
        HookRequest { method: &Method::POST, query: "a=b", headers: &headers, body: body.as_bytes() };
    with_account(|account| by_kind(kind).unwrap().verify(account, &request, 0)).is_ok()
}

/// Fixtures of a channel that are callbacks.
fn fixtures(kind: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/channels/fixtures").join(kind);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.contains(".expected.") && !name.starts_with("answer_")
    });
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap().trim_end().to_owned()).collect()
}

fn parsed(kind: &str, body: &str) -> Hooked {
    let request =
        HookRequest { method: &Method::POST, query: "", headers: &HeaderMap::new(), body: body.as_bytes() };
    with_account(|account| by_kind(kind).unwrap().parse(account, &request)).unwrap()
}

fn judged() -> Value {
    let answer = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/channels/fixtures/telegram/answer_sent.json"),
    );
    let answer: Value = serde_json::from_str(&answer.unwrap()).unwrap();
    json!({
        "twilio": {
            "token": "12345", "url": HOOK, "fixtures": fixtures("twilio"), "requests": forms(), "contents": made_first(),
            "signed": signed("twilio", |body| sim::twilio_signature("12345", HOOK, &fields(body))),
        },
        "messenger": {
            "signed": signed("messenger", |body| sim::messenger_signature(SECRET, body.as_bytes())),
            "secret": SECRET, "token": "EAAtoken123", "requests": requests("messenger", "PSID1"), "fixtures": fixtures("messenger"),
            "understood": fixtures("messenger").iter().filter_map(|body| understood_by_messenger(body)).collect::<Vec<_>>(),
        },
        "telegram": {
            "requests": requests("telegram", "1111111"), "uploads": uploads("telegram", "1111111"),
            "understood": fixtures("telegram").iter().flat_map(|body| understood_by_telegram(body)).collect::<Vec<_>>(),
            "sent": { "ids": accepted(&answer), "answer": answer },
        },
    })
}

/// Callbacks as the simulator of the provider signs them.
fn signed(kind: &str, sign: impl Fn(&str) -> String) -> Vec<Value> {
    let signed = |body: String| json!({ "signature": sign(&body), "body": body });
    fixtures(kind).into_iter().map(signed).collect()
}

/// The fields of a form.
fn fields(form: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://form.example/?{form}")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn accepted(answer: &Value) -> Vec<String> {
    let body = answer.to_string();
    let to = Recipient { external_id: "1", raw: None };
    let headers = HeaderMap::new();
    let answer = channels::Answer { status: http::StatusCode::OK, headers: &headers, body: body.as_bytes() };
    match with_account(|account| by_kind("telegram").unwrap().judge(account, to, &answer)) {
        channels::Verdict::Accepted(ids) => ids,
        other => panic!("{other:?}"),
    }
}

fn understood_by_messenger(body: &str) -> Option<Value> {
    let event = parsed("messenger", body).events.pop()?;
    let fixture: Value = serde_json::from_str(body).unwrap();
    let kind = match event.event {
        InboundEvent::Message(message) if message.original.is_none() => "message",
        InboundEvent::Postback { .. } => "postback",
        InboundEvent::Receipt { state: model::channel::ReceiptState::Read, .. } => "read",
        InboundEvent::Receipt { .. } => "delivery",
        _ => return None,
    };
    Some(json!({ "fixture": fixture, "kind": kind }))
}

fn understood_by_telegram(body: &str) -> Vec<Value> {
    let fixture: Value = serde_json::from_str(body).unwrap();
    let said = |content: &Content| match content {
        Content::Text(Text { text, .. }) => text.clone(),
        Content::Image(media) | Content::File(media) => media.text.clone(),
        _ => None,
    };
    let one = |inbound: model::channel::Inbound| {
        let mut case = match &inbound.event {
            InboundEvent::Message(message) => json!({ "kind": "message", "externalId": message.external_id,
                "text": said(&message.content), "unsupported": message.original.is_some() }),
            InboundEvent::Edit { external_id, content, .. } => {
                json!({ "kind": "edit", "externalId": external_id, "text": said(content), "unsupported": false })
            }
            InboundEvent::Reaction { emoji, .. } => json!({ "kind": "reaction", "emoji": emoji }),
            InboundEvent::Postback { payload, .. } => json!({ "kind": "postback", "payload": payload }),
            InboundEvent::Moved { to } => json!({ "kind": "moved", "to": to }),
            _ => json!({ "kind": "other" }),
        };
        // A pressed game has no message, and the client knows no chat for it.
        let has_chat = fixture.get("callback_query").is_none_or(|query| query.get("message").is_some());
        case["person"] = inbound.person.external_id.into();
        case["fixture"] = fixture.clone();
        has_chat.then_some(case)
    };
    parsed("telegram", body).events.into_iter().filter_map(one).collect()
}

/// Contents of every kind, with buttons of every kind.
fn contents() -> Vec<Content> {
    let button = |kind: &str, more: Value| {
        let mut button = json!({ "type": kind, "text": "A label that is rather long" });
        button.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        button
    };
    let uri = json!({ "uri": "https://a.example/1", "size": "tall" });
    let buttons = json!([
        button("postback", json!({ "payload": "x".repeat(100) })),
        button("link", uri.clone()),
        button("webview", uri),
        button("postback", json!({ "payload": "P" })),
        button("buy", json!({ "amount": 100, "currency": "cad" })),
        button("locationRequest", json!({}))
    ]);
    let items = json!([{ "title": "T".repeat(100), "description": "D", "media": { "url": "https://a.example/i.png" },
        "mediaType": "image/png", "actions": [{ "type": "link", "text": "L", "uri": "https://a.example/1", "default": true },
            { "type": "postback", "text": "P", "payload": "P" }] }]);
    let media = |kind: &str, name: &str, media_type: &str| json!({ "type": kind, "media": { "url": format!("https://a.example/{name}") }, "mediaType": media_type, "text": "Caption" });
    let all = json!([
        { "type": "text", "text": "Hello" },
        { "type": "text", "text": "word ".repeat(800), "htmlText": format!("<b>{}</b>", "word ".repeat(800)) },
        { "type": "text", "text": "Well?", "actions": buttons },
        { "type": "text", "text": "Well?", "actions": [button("reply", json!({ "payload": "R" }))] },
        { "type": "text", "text": "Well?", "actions": [
            { "type": "reply", "text": "Yes", "payload": "Y" }, { "type": "reply", "text": "No", "payload": "N" }] },
        media("image", "a.png", "image/png"),
        media("file", "a.txt", "text/plain"),
        media("file", "a.pdf", "application/pdf"),
        { "type": "carousel", "items": items, "imageAspectRatio": "square" },
        { "type": "list", "items": items, "actions": [{ "type": "postback", "text": "More", "payload": "M" }] },
        { "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 } },
        { "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 }, "location": { "name": "HQ", "address": "Main St" } },
    ]);
    serde_json::from_value(all).unwrap()
}

fn plans(kind: &str, external_id: &str) -> Vec<Plan> {
    let to = Recipient { external_id, raw: None };
    let render = |content| {
        let message = Outgoing { content, raw: None, quoted: None };
        with_account(|account| by_kind(kind).unwrap().render(account, to, &message)).unwrap().requests
    };
    contents().into_iter().flat_map(render).collect()
}

fn requests(kind: &str, external_id: &str) -> Vec<Value> {
    let shown = |plan: Plan| match plan.body {
        Body::Json(body) => Some(json!({ "url": plan.url, "body": body })),
        _ => None,
    };
    plans(kind, external_id).into_iter().filter_map(shown).collect()
}

/// The forms in which files go: texts by field, and the name and type of each file.
fn uploads(kind: &str, external_id: &str) -> Vec<Value> {
    let mut uploads = Vec::new();
    for plan in plans(kind, external_id) {
        let Body::Multipart(parts) = plan.body else { continue };
        let (mut texts, mut files) = (Map::new(), Map::new());
        for part in parts {
            match part.source {
                PartSource::Text(text) => texts.insert(part.name, text.into()),
                PartSource::File { name, media_type, .. } => {
                    files.insert(part.name, json!([name, media_type]))
                }
            };
        }
        uploads.push(json!({ "url": plan.url, "texts": texts, "files": files }));
    }
    uploads
}

/// What is made at Twilio before a message names it.
fn made_first() -> Vec<Value> {
    let better = plans("twilio", "whatsapp:+16505551234").into_iter().filter_map(|plan| plan.better);
    let shown = |better: Box<channels::Better>| match better.make.body {
        Body::Json(body) => Some(json!({ "url": better.make.url, "body": body })),
        _ => None,
    };
    better.filter_map(shown).collect()
}

fn forms() -> Vec<Value> {
    let all = plans("twilio", "+15550001234").into_iter().chain(plans("twilio", "whatsapp:+16505551234"));
    let shown = |plan: Plan| match plan.body {
        Body::Form(fields) => Some(json!({ "url": plan.url, "fields": fields })),
        _ => None,
    };
    all.filter_map(shown).collect()
}
