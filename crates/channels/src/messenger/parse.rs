//! Callbacks of a page, and of other pages of the same app (channels.md §0.4, §2.2).

use model::Millis;
use model::channel::{Inbound, InboundEvent, Person, ReceiptScope, ReceiptState};
use serde_json::{Value, json};

use super::attachment;
use crate::channel::{Account, Elsewhere, HookError, Hooked};
use crate::kit::inbound::{Part, Reading};
use crate::kit::provider::{id_text, setting, text};

/// Parts of an item that are about the thread between apps, not about the customer.
const BETWEEN_APPS: &[&str] = &[
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy_enforcement",
];
/// What an item may be about otherwise. A field that Meta adds beside one of them takes nothing away.
const KINDS: &[&str] =
    &["message", "message_edit", "postback", "delivery", "read", "reaction", "referral", "optin"];
/// What belongs to every item.
const FRAME: &[&str] = &["sender", "recipient", "timestamp", "hop_context"];

/// A callback.
pub(super) fn envelope(account: &Account<'_>, body: &[u8]) -> Result<Hooked, HookError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| HookError::Unreadable("not JSON"))?;
    if text(&body, "/object") != Some("page") {
        return Err(HookError::Unreadable("object is not page"));
    }
    let entries = body.get("entry").and_then(Value::as_array).ok_or(HookError::Unreadable("no entry"))?;
    let own_page = setting(account, "pageId");
    let app = setting(account, "appId").unwrap_or_default();
    let mut hooked = Hooked::default();
    for entry in entries {
        let page = id_text(entry, "/id").unwrap_or_default();
        let events = entry_events(account, entry, &mut hooked.ignored);
        match own_page.as_ref().is_none_or(|own| *own == page) {
            true => hooked.events.extend(events),
            false => {
                let settings = vec![("pageId", page), ("appId", app.clone())];
                hooked.elsewhere.push(Elsewhere { settings, events });
            }
        }
    }
    Ok(hooked)
}

/// Items for us, and those that we hear while another app has the thread.
fn entry_events(account: &Account<'_>, entry: &Value, ignored: &mut usize) -> Vec<Inbound> {
    let items = |field: &str| entry.get(field).and_then(Value::as_array).into_iter().flatten();
    let mut events = Vec::new();
    for item in items("messaging").chain(items("standby")) {
        match item_events(account, item) {
            Some(told) => events.extend(told),
            None => *ignored += 1,
        }
    }
    events
}

/// An item with its person and time.
struct Item<'a> {
    item: &'a Value,
    person: Person,
    at: Option<Millis>,
}

/// `None` for an item of nobody whom we could name, as an opt-in outside of Messenger is.
fn item_events(account: &Account<'_>, item: &Value) -> Option<Vec<Inbound>> {
    let is_echo = item.pointer("/message/is_echo") == Some(&Value::Bool(true));
    let whom = if is_echo { "/recipient/id" } else { "/sender/id" };
    let external_id = id_text(item, whom)?;
    let person = Person { external_id, ..Person::default() };
    let at = item.get("timestamp").and_then(Value::as_i64).map(Millis);
    let item = Item { item, person, at };
    let (kind, body) = item.kind()?;
    Some(match kind {
        "message" if is_echo => item.echo(account, body),
        "message" => item.message(body),
        "message_edit" => item.edit(body),
        "postback" => item.postback(body),
        "delivery" => item.receipt("delivery", body, ReceiptState::Delivered),
        "read" => item.receipt("read", body, ReceiptState::Read),
        "reaction" => item.reaction(body),
        "referral" => vec![item.event("referral", InboundEvent::Referral(body.clone()))],
        "optin" => vec![item.event("optin", opt_in(body))],
        _ if BETWEEN_APPS.contains(&kind) => Vec::new(),
        other => item.reading(other).messages(vec![Part::unsupported(other, body.clone())]),
    })
}

/// How somebody came who pressed a button of ours on a page outside. Stopping and resuming notifications is
/// about one topic of marketing messages and says nothing of the conversation, so it is told the same way.
fn opt_in(body: &Value) -> InboundEvent {
    let mut referral = json!({ "source": "OPTIN", "type": "OPTIN" });
    if let (Value::Object(all), Value::Object(own)) = (&mut referral, body) {
        all.extend(
            own.iter().filter(|(name, _)| *name != "type").map(|(name, value)| (name.clone(), value.clone())),
        );
    }
    InboundEvent::Referral(referral)
}

impl Item<'_> {
    /// What it is about: the field that we know or, without one, the first that is not the frame.
    fn kind(&self) -> Option<(&str, &Value)> {
        let fields = self.item.as_object()?;
        let known = KINDS.iter().chain(BETWEEN_APPS).find_map(|kind| Some((*kind, fields.get(*kind)?)));
        let mut others = fields.iter().map(|(name, body)| (name.as_str(), body));
        known.or_else(|| others.find(|(name, _)| !FRAME.contains(name)))
    }

    /// The moment rises, and is told again with a redelivery.
    fn serial(&self) -> i64 {
        self.at.map_or(0, |at| at.0)
    }

    /// Tells apart what has no id of its own.
    fn key(&self, kind: &str) -> String {
        let at = self.at.map_or(0, |at| at.0);
        format!("{kind}:{}:{at}", self.person.external_id)
    }

    fn event(&self, kind: &str, event: InboundEvent) -> Inbound {
        let (dedupe_key, serial) = (self.key(kind), self.serial());
        Inbound { dedupe_key, serial, at: self.at, person: self.person.clone(), event }
    }

    fn reading(&self, kind: &str) -> Reading {
        let mid = text(self.item, &format!("/{kind}/mid"));
        let dedupe_key = mid.map_or_else(|| self.key(kind), str::to_owned);
        Reading {
            external_id: mid.unwrap_or(&dedupe_key).to_owned(),
            dedupe_key,
            serial: self.serial(),
            at: self.at,
            person: self.person.clone(),
            quoted: text(self.item, &format!("/{kind}/reply_to/mid")).map(str::to_owned),
        }
    }

    fn message(&self, body: &Value) -> Vec<Inbound> {
        if body.get("is_deleted") == Some(&Value::Bool(true)) {
            let deleted = text(body, "/mid").map(|mid| InboundEvent::Delete { external_id: mid.to_owned() });
            return deleted.map(|event| self.event("delete", event)).into_iter().collect();
        }
        let mut events = self.came_by(body);
        events.extend(self.reading("message").messages(attachment::parts(body)));
        events
    }

    /// How the person came, if what they do says so: in front of it, so that a conversation begins with it.
    fn came_by(&self, body: &Value) -> Vec<Inbound> {
        let referral = body.get("referral").filter(|referral| referral.is_object());
        let told = referral.map(|referral| self.event("referral", InboundEvent::Referral(referral.clone())));
        told.into_iter().collect()
    }

    /// What the page wrote: our own messages come back, too, and are known already.
    fn echo(&self, account: &Account<'_>, body: &Value) -> Vec<Inbound> {
        let app = setting(account, "appId");
        if app.is_some() && id_text(body, "/app_id") == app {
            return Vec::new();
        }
        self.reading("message").echoes(attachment::parts(body))
    }

    fn edit(&self, body: &Value) -> Vec<Inbound> {
        let mut reading = self.reading("message_edit");
        let number = id_text(body, "/num_edit").unwrap_or_default();
        reading.dedupe_key = format!("edit:{}:{number}", reading.external_id);
        vec![reading.edit(Part::text(text(body, "/text").unwrap_or_default()))]
    }

    fn postback(&self, body: &Value) -> Vec<Inbound> {
        let mut events = self.came_by(body);
        let label = text(body, "/title").map(str::to_owned);
        let payload = text(body, "/payload").or(label.as_deref()).unwrap_or_default().to_owned();
        let dedupe_key = self.reading("postback").dedupe_key;
        events.push(Inbound {
            dedupe_key,
            ..self.event("postback", InboundEvent::Postback { payload, label })
        });
        events
    }

    /// A watermark speaks of all messages up to it; ids, where they are named, are surer.
    fn receipt(&self, kind: &str, body: &Value, state: ReceiptState) -> Vec<Inbound> {
        let mids = body.get("mids").and_then(Value::as_array).into_iter().flatten();
        let mids: Vec<String> = mids.filter_map(Value::as_str).map(str::to_owned).collect();
        let watermark = body.get("watermark").and_then(Value::as_i64);
        let messages = match (mids.is_empty(), watermark) {
            (false, _) => ReceiptScope::Messages(mids.clone()),
            (true, Some(watermark)) => ReceiptScope::UpTo(Millis(watermark)),
            (true, None) => return Vec::new(),
        };
        let key = format!("{kind}:{}:{}:{}", self.person.external_id, watermark.unwrap_or(0), mids.join(","));
        vec![Inbound { dedupe_key: key, ..self.event(kind, InboundEvent::Receipt { messages, state }) }]
    }

    fn reaction(&self, body: &Value) -> Vec<Inbound> {
        let Some(mid) = text(body, "/mid") else { return Vec::new() };
        let action = text(body, "/action").unwrap_or("react");
        let emoji = text(body, "/emoji").or_else(|| text(body, "/reaction")).unwrap_or("other").to_owned();
        let emoji = (action != "unreact").then_some(emoji);
        let event = InboundEvent::Reaction { external_id: mid.to_owned(), emoji };
        let dedupe_key = format!("{}:{mid}:{action}", self.key("reaction"));
        vec![Inbound { dedupe_key, ..self.event("reaction", event) }]
    }
}
