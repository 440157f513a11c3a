//! Accounts, requests and contents for the tests.

use crosspoint_channels::{
    Account, Answer, Body, Channel, HookRequest, Outgoing, Plan, Recipient, Rendered, by_kind,
};
use http::{HeaderMap, Method, StatusCode};
use model::Id;
use model::channel::SendError;
use model::content::{Action, ActionKind, Content, MediaContent, MediaRef, Metadata, Text};
use serde_json::{Map, Value, json};

pub const HOOK: &str = "https://hub.example.com/hooks/x/5c9a34160c89726709136733";

/// Settings of an integration that was set up.
pub struct Settings {
    pub config: Metadata,
    pub secrets: Map<String, Value>,
    pub hook_url: String,
    pub base_url: Option<String>,
}

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

impl Settings {
    pub fn of(kind: &str) -> Settings {
        let (config, secrets) = match kind {
            "twilio" => (
                json!({ "accountSid": "AC1", "phoneNumberSid": "PN1", "phoneNumber": "+15557654321", "mms": true }),
                json!({ "authToken": "12345" }),
            ),
            "messenger" => (
                json!({ "appId": "1517776481860111", "pageId": "PAGE1" }),
                json!({ "pageAccessToken": "EAAtoken123", "appSecret": "meta-app-secret" }),
            ),
            "telegram" => {
                (json!({ "botId": "42" }), json!({ "token": "42:T", "webhookSecret": "a3f1_Zk-9" }))
            }
            other => panic!("no settings for {other}"),
        };
        let hook_url = HOOK.replace("/x/", &format!("/{kind}/"));
        Settings { config: object(config), secrets: object(secrets), hook_url, base_url: None }
    }

    pub fn account(&self) -> Account<'_> {
        Account {
            integration_id: "5c9a34160c89726709136733".parse::<Id>().expect("an id"),
            config: &self.config,
            secrets: &self.secrets,
            hook_url: &self.hook_url,
            base_url: self.base_url.as_deref(),
        }
    }
}

pub fn channel(kind: &str) -> &'static dyn Channel {
    by_kind(kind).expect("a channel")
}

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name: http::HeaderName = name.parse().expect("a name");
        headers.append(name, value.parse().expect("a value"));
    }
    headers
}

/// A POST without headers.
pub fn post<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> HookRequest<'a> {
    HookRequest { method: &Method::POST, query: "", headers, body }
}

pub fn answer<'a>(status: u16, headers: &'a HeaderMap, body: &'a str) -> Answer<'a> {
    Answer { status: StatusCode::from_u16(status).expect("a status"), headers, body: body.as_bytes() }
}

/// Somebody on the channel.
pub fn person(kind: &str) -> &'static str {
    match kind {
        "twilio" => "+15550001234",
        "messenger" => "PSID1",
        _ => "1111111",
    }
}

pub fn to(external_id: &str) -> Recipient<'_> {
    Recipient { external_id, raw: None }
}

pub fn outgoing(content: Content) -> Outgoing {
    Outgoing { content, raw: None, quoted: None }
}

pub fn render(kind: &str, content: Content) -> Result<Rendered, SendError> {
    render_to(kind, person(kind), &outgoing(content))
}

pub fn render_to(kind: &str, external_id: &str, message: &Outgoing) -> Result<Rendered, SendError> {
    channel(kind).render(&Settings::of(kind).account(), to(external_id), message)
}

pub fn text(text: &str, actions: Vec<Action>) -> Content {
    Content::Text(Text { text: Some(text.to_owned()), actions, ..Text::default() })
}

pub fn html(html: &str) -> Content {
    let plain = model::rich_text::plain_text(html);
    Content::Text(Text { text: Some(plain), html_text: Some(html.to_owned()), ..Text::default() })
}

pub fn media(url: &str, media_type: &str, caption: Option<&str>) -> MediaContent {
    MediaContent {
        media: MediaRef::Url(url.to_owned()),
        media_type: Some(media_type.to_owned()),
        media_size: Some(1_000),
        alt_text: None,
        text: caption.map(str::to_owned),
        html_text: None,
        actions: Vec::new(),
        block_chat_input: None,
        attachment_id: None,
    }
}

/// A content as it is stored.
pub fn content(value: Value) -> Content {
    serde_json::from_value(value).expect("a content")
}

pub fn action(kind: ActionKind, label: &str) -> Action {
    let mut action: Action =
        serde_json::from_value(json!({ "type": kind, "text": label })).expect("an action");
    match kind {
        ActionKind::Postback | ActionKind::Reply => action.payload = Some(label.to_uppercase()),
        ActionKind::Link | ActionKind::Webview => action.uri = Some("https://a.example/1".to_owned()),
        ActionKind::Buy => (action.amount, action.currency) = (Some(1250), Some("cad".to_owned())),
        ActionKind::LocationRequest => {}
    }
    action
}

/// A request as JSON: what a provider would get.
pub fn shown(plan: &Plan) -> Value {
    let body = match &plan.body {
        Body::Empty => Value::Null,
        Body::Json(json) => json.clone(),
        Body::Form(fields) => fields.iter().map(|(name, value)| json!(format!("{name}={value}"))).collect(),
        Body::Multipart(parts) => parts.iter().map(|part| json!(format!("{part:?}"))).collect(),
    };
    json!({ "method": plan.method.as_str(), "url": plan.url, "body": body })
}

/// The JSON bodies of a message.
pub fn bodies(rendered: &Rendered) -> Vec<Value> {
    rendered.requests.iter().map(|plan| shown(plan)["body"].clone()).collect()
}

/// The values of a field of forms.
pub fn fields(rendered: &Rendered, name: &str) -> Vec<String> {
    let forms = rendered.requests.iter().filter_map(|plan| match &plan.body {
        Body::Form(fields) => Some(fields),
        _ => None,
    });
    let fields = forms.flatten().filter(|(own, _)| own == name);
    fields.map(|(_, value)| value.clone()).collect()
}
