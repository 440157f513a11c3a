//! What channels would make of a message: rendered for nobody, and not sent.

use channels::{Account, Body, Channel, Outgoing, Part, PartSource, Plan, Recipient, Sender};
use hub::{ChannelPreview, Previewer};
use model::Id;
use model::content::Content;
use serde_json::{Map, Value, json};

use super::set::ChannelSet;

/// Stands in place of a recipient.
const NOBODY: &str = "{recipient}";

impl Previewer for ChannelSet {
    /// One for each channel, and one more for each further sender of a channel.
    fn preview(&self, content: &Content, overrides: Option<&Value>) -> Vec<ChannelPreview> {
        let mut all = Vec::new();
        for channel in self.all() {
            all.push(preview(channel, None, content, overrides));
            let senders = channel.descriptor().senders.iter();
            all.extend(senders.map(|sender| preview(channel, Some(sender), content, overrides)));
        }
        all
    }
}

fn preview(
    channel: &dyn Channel,
    sender: Option<&Sender>,
    content: &Content,
    overrides: Option<&Value>,
) -> ChannelPreview {
    let kind = channel.descriptor().kind;
    let (config, secrets) = (channel.sample(), Map::new());
    let account = Account {
        integration_id: Id::MIN,
        config: &config,
        secrets: &secrets,
        hook_url: "{hook}",
        base_url: Some(channel.descriptor().base_url),
    };
    let external_id = format!("{}{NOBODY}", sender.map_or("", |sender| sender.prefix));
    let to = Recipient { external_id: &external_id, raw: None };
    let raw = overrides.and_then(|all| all.get(kind)?.get("payload")).cloned();
    let message = Outgoing { content: content.clone(), raw, quoted: None };
    let mut shown = ChannelPreview {
        channel: kind.to_owned(),
        sender: sender.map(|sender| sender.word.to_owned()),
        requests: vec![],
        losses: vec![],
        refused: None,
    };
    match channel.render(&account, to, &message) {
        Ok(rendered) => {
            shown.requests = rendered.requests.into_iter().map(body).collect();
            shown.losses = rendered.losses.into_iter().map(|loss| (loss.part, loss.became)).collect();
        }
        Err(error) => shown.refused = Some(error.message),
    }
    shown
}

/// The body of a request as JSON. Address and headers are left out: they would prove who we are. What would
/// be made first stands in the place of its id.
fn body(mut plan: Plan) -> Value {
    let better = plan.better.take();
    let plan = better.as_ref().map_or(plan.clone(), |better| plan.naming(better, ""));
    let mut shown = written(plan);
    if let (Some(better), Some(fields)) = (better, shown.as_object_mut()) {
        fields.insert(better.field.to_owned(), written(better.make));
    }
    shown
}

fn written(plan: Plan) -> Value {
    match plan.body {
        Body::Empty => json!({}),
        Body::Json(body) => body,
        Body::Form(fields) => {
            fields.into_iter().fold(json!({}), |shown, (name, value)| with(shown, name, Value::from(value)))
        }
        Body::Multipart(parts) => parts.into_iter().fold(json!({}), |shown, Part { name, source }| {
            let value = match source {
                PartSource::Text(text) => Value::from(text),
                PartSource::File { url, name, .. } => json!({ "file": name, "from": url }),
            };
            with(shown, name, value)
        }),
    }
}

/// A field of a form; one that repeats becomes a list.
fn with(mut shown: Value, name: String, value: Value) -> Value {
    if let Some(fields) = shown.as_object_mut() {
        match fields.get_mut(&name) {
            None => {
                fields.insert(name, value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    shown
}
