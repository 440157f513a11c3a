//! What each channel makes of each kind of content and button: the table of `docs/channels.md`, found by
//! rendering one example of everything.

use std::fmt::Write as _;

use model::Id;
use model::channel::{Feature, Support};
use model::content::{Content, Text};
use model::event::ActivityKind;
use serde_json::{Map, Value, json};

use crate::channel::{Account, Channel, Descriptor, Outgoing, Recipient, Rendered};
use crate::plan::{Body, PartSource};
use crate::registry::all;

/// What became of an example.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// It is shown in the channel's own form; nothing is lost.
    Native,
    /// Something simpler: what became of the parts, and all texts that the person reads.
    Fallback {
        /// What became of the parts.
        became: Vec<String>,
        /// The texts, a message or card each.
        texts: Vec<String>,
    },
    /// Nothing is sent, and why.
    Refused(String),
}

impl Shown {
    /// The same as a descriptor says it.
    pub fn support(&self) -> Support {
        match self {
            Shown::Native => Support::Native,
            Shown::Fallback { .. } => Support::Fallback,
            Shown::Refused(_) => Support::Refused,
        }
    }
}

/// A column: a channel and somebody on it.
struct Column {
    title: String,
    channel: &'static dyn Channel,
    external_id: String,
}

/// The table in Markdown, one row a kind of content, button or activity.
pub fn markdown() -> String {
    let columns = columns();
    let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    let mut text = format!("| | {} |\n|---|{}\n", titles.join(" | "), "---|".repeat(titles.len()));
    for feature in Feature::ALL {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| cell(&shown(column.channel, &column.external_id, *feature)))
            .collect();
        let _ = writeln!(text, "| {} | {} |", feature.name(), cells.join(" | "));
    }
    text
}

/// Every channel with each of its senders.
fn columns() -> Vec<Column> {
    let mut columns = Vec::new();
    for channel in all() {
        let Descriptor { kind, senders, .. } = channel.descriptor();
        columns.push(Column { title: (*kind).to_owned(), channel: *channel, external_id: "1".to_owned() });
        columns.extend(senders.iter().map(|sender| Column {
            title: format!("{kind}, {}", sender.title),
            channel: *channel,
            external_id: format!("{}1", sender.prefix),
        }));
    }
    columns
}

fn cell(shown: &Shown) -> String {
    let escape = |text: &str| text.replace('|', "\\|").replace('<', "&lt;").replace('\n', "<br>");
    match shown {
        Shown::Native => "native".to_owned(),
        Shown::Refused(reason) => format!("refused: {}", escape(reason)),
        Shown::Fallback { became, texts } => {
            let became = became.join("; ");
            match texts.is_empty() {
                true => format!("fallback: {}", escape(&became)),
                false => format!("fallback: {}:<br>{}", escape(&became), escape(&texts.join("\n\n"))),
            }
        }
    }
}

/// What a channel makes of an example of this kind, for somebody with this id.
pub fn shown(channel: &dyn Channel, external_id: &str, feature: Feature) -> Shown {
    let settings = settings(channel.descriptor());
    let (config, secrets) = (settings.clone(), settings);
    let account = Account {
        integration_id: Id::MIN,
        config: &config,
        secrets: &secrets,
        hook_url: "https://hub.example.com/hooks/x/1",
        base_url: None,
    };
    let to = Recipient { external_id, raw: None };
    let activity = |kind| match channel.activity(&account, to, kind) {
        Some(_) => Shown::Native,
        None => Shown::Refused("the channel has none".to_owned()),
    };
    match feature {
        Feature::Typing => activity(ActivityKind::TypingStart),
        Feature::Read => activity(ActivityKind::Read),
        _ => match channel.render(&account, to, &example(feature)) {
            Ok(rendered) => of_rendered(&rendered),
            Err(error) => Shown::Refused(error.message),
        },
    }
}

fn of_rendered(rendered: &Rendered) -> Shown {
    if rendered.losses.is_empty() {
        return Shown::Native;
    }
    let mut became: Vec<String> = Vec::new();
    for loss in &rendered.losses {
        if !became.contains(&loss.became) {
            became.push(loss.became.clone());
        }
    }
    Shown::Fallback { became, texts: rendered.requests.iter().flat_map(|plan| texts(&plan.body)).collect() }
}

/// Settings with which a channel can do all its work.
pub(crate) fn settings(descriptor: &Descriptor) -> Map<String, Value> {
    descriptor.settings.iter().map(|name| ((*name).to_owned(), Value::from("1"))).collect()
}

/// What a person reads of a request.
fn texts(body: &Body) -> Vec<String> {
    match body {
        Body::Empty => Vec::new(),
        Body::Json(json) => json_texts(json),
        Body::Form(fields) => {
            fields.iter().filter(|(name, _)| is_text(name)).map(|(_, text)| text.clone()).collect()
        }
        Body::Multipart(parts) => parts
            .iter()
            .filter(|part| is_text(&part.name))
            .filter_map(|part| match &part.source {
                PartSource::Text(text) => Some(text.clone()),
                PartSource::File { .. } => None,
            })
            .collect(),
    }
}

fn is_text(name: &str) -> bool {
    matches!(name, "Body" | "text" | "caption" | "title" | "subtitle")
}

fn json_texts(json: &Value) -> Vec<String> {
    match json {
        Value::Array(entries) => entries.iter().flat_map(json_texts).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if is_text(name) => vec![text.clone()],
                inner => json_texts(inner),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// An example of a kind.
fn example(feature: Feature) -> Outgoing {
    let quoted = (feature == Feature::Quote).then(|| "1:1".to_owned());
    let content = serde_json::from_value(example_json(feature)).unwrap_or(Content::Text(Text::default()));
    Outgoing { content, raw: None, quoted }
}

/// The example as a stored content.
fn example_json(feature: Feature) -> Value {
    let media = |kind: &str, name: &str, media_type: &str| json!({ "type": kind, "media": { "url": format!("https://a.example/{name}") }, "mediaType": media_type });
    let button = |button: Value| json!({ "type": "text", "text": "Your order?", "actions": [button] });
    match feature {
        Feature::Text | Feature::Quote | Feature::Typing | Feature::Read => {
            json!({ "type": "text", "text": "Hello" })
        }
        Feature::RichText => json!({ "type": "text", "text": "Hello you", "htmlText": "Hello <b>you</b>" }),
        Feature::Image => media("image", "shoe.png", "image/png"),
        Feature::File => media("file", "order.pdf", "application/pdf"),
        Feature::Carousel => json!({ "type": "carousel", "items": example_items() }),
        Feature::List => json!({ "type": "list", "items": example_items() }),
        Feature::Form => json!({ "type": "form", "submitted": false, "fields": [
            { "type": "text", "name": "name", "label": "Your name?" },
            { "type": "select", "name": "size", "label": "Size?", "options": [
                { "name": "s", "label": "Small" }, { "name": "l", "label": "Large" }] }] }),
        Feature::Location => json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 },
            "location": { "name": "HQ", "address": "Main St 1" } }),
        Feature::Template => json!({ "type": "template", "template": { "contentSid": "HX1" } }),
        Feature::Buy => button(json!({ "type": "buy", "text": "Buy", "amount": 1250, "currency": "cad" })),
        Feature::Link => button(json!({ "type": "link", "text": "Details", "uri": "https://a.example/1" })),
        Feature::LocationRequest => button(json!({ "type": "locationRequest", "text": "Where are you?" })),
        Feature::Postback => button(json!({ "type": "postback", "text": "Track it", "payload": "TRACK" })),
        Feature::Reply => button(json!({ "type": "reply", "text": "Yes", "payload": "YES" })),
        Feature::Webview => button(json!({ "type": "webview", "text": "Open", "uri": "https://a.example/2",
            "fallback": "https://a.example/2" })),
    }
}

fn example_items() -> Value {
    json!([
        { "title": "Shoes", "description": "Red, size 42", "media": { "url": "https://a.example/shoe.png" },
            "mediaType": "image/png", "actions": [
                { "type": "postback", "text": "Buy", "payload": "SHOES" },
                { "type": "link", "text": "Details", "uri": "https://a.example/1" }] },
        { "title": "Hat", "actions": [{ "type": "postback", "text": "Buy", "payload": "HAT" }] },
    ])
}
