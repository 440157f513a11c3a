//! Updates (channels.md §4.2): what is unknown in one never stops the channel.

use model::Millis;
use model::channel::{Inbound, InboundEvent, Person};
use serde_json::{Value, json};

use super::{content, method};
use crate::channel::{Account, HookError, Hooked};
use crate::kit::inbound::{Part, Reading, full_name, name};
use crate::kit::provider::{facts, id_text, text};
use crate::plan::Plan;

/// Where an update happened and who caused it.
struct Origin<'a> {
    update: i64,
    kind: &'a str,
    body: &'a Value,
    person: Person,
}

/// An update.
pub(super) fn update(account: &Account<'_>, body: &[u8]) -> Result<Hooked, HookError> {
    let update: Value = serde_json::from_slice(body).map_err(|_| HookError::Unreadable("not JSON"))?;
    let number =
        update.get("update_id").and_then(Value::as_i64).ok_or(HookError::Unreadable("no update_id"))?;
    let mut hooked = Hooked::default();
    let bodies = update.as_object().into_iter().flatten().filter(|(kind, _)| *kind != "update_id");
    for (kind, body) in bodies {
        if kind == "callback_query" {
            hooked.follow_ups.extend(acknowledgement(account, body));
        }
        if let Some(person) = person(body) {
            let origin = Origin { update: number, kind, body, person };
            hooked.events.extend(events(origin));
        }
    }
    Ok(hooked)
}

fn events(origin: Origin<'_>) -> Vec<Inbound> {
    match origin.kind {
        "message" | "business_message" => match moved(&origin) {
            Some(moved) => vec![moved],
            None => message(&origin),
        },
        "edited_message" | "edited_business_message" => edited(&origin),
        "callback_query" => postback(&origin),
        "message_reaction" => reaction(&origin).into_iter().collect(),
        "my_chat_member" => consent(&origin).into_iter().collect(),
        other => origin.reading(None).messages(vec![Part::unsupported(other, origin.body.clone())]),
    }
}

impl Origin<'_> {
    fn at(&self, field: &str) -> Option<Millis> {
        let seconds = self.body.get(field).and_then(Value::as_i64)?;
        Some(Millis(seconds.saturating_mul(1_000)))
    }

    fn reading(&self, quoted: Option<String>) -> Reading {
        Reading {
            external_id: self
                .message_id("/message_id")
                .unwrap_or_else(|| format!("{}:", self.person.external_id)),
            dedupe_key: self.update.to_string(),
            serial: self.update,
            at: self.at("date"),
            person: self.person.clone(),
            quoted,
        }
    }

    /// Our form of a message's id.
    fn message_id(&self, pointer: &str) -> Option<String> {
        let id = self.body.pointer(pointer).and_then(Value::as_i64)?;
        Some(format!("{}:{id}", self.person.external_id))
    }

    fn event(&self, event: InboundEvent) -> Inbound {
        let (dedupe_key, person) = (self.update.to_string(), self.person.clone());
        Inbound { dedupe_key, serial: self.update, at: self.at("date"), person, event }
    }
}

fn message(origin: &Origin<'_>) -> Vec<Inbound> {
    let quoted = origin.message_id("/reply_to_message/message_id");
    let mut events: Vec<Inbound> = start(origin).into_iter().collect();
    events.extend(origin.reading(quoted).messages(vec![content::part(origin.body)]));
    events
}

/// A group that has become a supergroup: Telegram says so in both, in whatever order.
fn moved(origin: &Origin<'_>) -> Option<Inbound> {
    if let Some(to) = id_text(origin.body, "/migrate_to_chat_id") {
        return Some(origin.event(InboundEvent::Moved { to }));
    }
    let from = id_text(origin.body, "/migrate_from_chat_id")?;
    let mut inbound = origin.event(InboundEvent::Moved { to: origin.person.external_id.clone() });
    inbound.person.external_id = from;
    Some(inbound)
}

/// A deep link: `/start` with what the link carried.
fn start(origin: &Origin<'_>) -> Option<Inbound> {
    let carried = text(origin.body, "/text")?.strip_prefix("/start ")?.trim();
    let referral = json!({ "source": "telegram", "type": "start", "ref": carried });
    let mut event = origin.event(InboundEvent::Referral(referral));
    event.dedupe_key.push_str(":start");
    (!carried.is_empty()).then_some(event)
}

/// A place cannot be edited but by its moving while it is live, which nobody has written.
fn edited(origin: &Origin<'_>) -> Vec<Inbound> {
    if origin.body.get("location").is_some() {
        return Vec::new();
    }
    let mut reading = origin.reading(None);
    reading.at = origin.at("edit_date").or(reading.at);
    vec![reading.edit(content::part(origin.body))]
}

/// A pressed button. Its label stands in the keyboard of the message that comes with it.
fn postback(origin: &Origin<'_>) -> Vec<Inbound> {
    let Some(data) = text(origin.body, "/data") else {
        let part = Part::unsupported("callback without data", origin.body.clone());
        return origin.reading(None).messages(vec![part]);
    };
    let rows = origin.body.pointer("/message/reply_markup/inline_keyboard").and_then(Value::as_array);
    let mut buttons = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
    let pressed = buttons.find(|button| text(button, "/callback_data") == Some(data));
    let label = pressed.and_then(|button| text(button, "/text")).map(str::to_owned);
    // A query has no time of its own; that of the message is when we wrote it.
    vec![origin.event(InboundEvent::Postback { payload: data.to_owned(), label })]
}

fn acknowledgement(account: &Account<'_>, query: &Value) -> Option<Plan> {
    let id = text(query, "/id")?;
    Some(Plan::json(method(account, "answerCallbackQuery"), json!({ "callback_query_id": id })))
}

fn reaction(origin: &Origin<'_>) -> Option<Inbound> {
    let newest = origin.body.get("new_reaction").and_then(Value::as_array)?.last();
    let emoji = newest.map(|reaction| {
        let emoji = text(reaction, "/emoji").or_else(|| text(reaction, "/custom_emoji_id"));
        emoji.or_else(|| text(reaction, "/type")).unwrap_or("unknown").to_owned()
    });
    let external_id = origin.message_id("/message_id")?;
    Some(origin.event(InboundEvent::Reaction { external_id, emoji }))
}

/// The customer has blocked the bot, or lets it write again.
fn consent(origin: &Origin<'_>) -> Option<Inbound> {
    Some(origin.event(match text(origin.body, "/new_chat_member/status")? {
        "kicked" | "left" => InboundEvent::Blocked,
        _ => InboundEvent::Consent { given: true },
    }))
}

/// The customer: the chat, with the sender's name in a private one.
fn person(body: &Value) -> Option<Person> {
    let chat = body.get("chat").or_else(|| body.pointer("/message/chat"));
    let sender = body.get("from").or_else(|| body.get("user"));
    let chat_or_sender = chat.or(sender)?;
    let external_id = id_text(chat_or_sender, "/id")?;
    let is_private = chat.is_none_or(|chat| text(chat, "/type").is_none_or(|kind| kind == "private"));
    let named = sender.filter(|_| is_private).unwrap_or(chat_or_sender);
    let (given, surname) = (text(named, "/first_name"), text(named, "/last_name"));
    let mut raw = facts(named, &["id", "username", "first_name", "last_name", "language_code", "is_premium"]);
    raw.extend(chat.map(|chat| facts(chat, &["type", "title"])).unwrap_or_default());
    Some(Person {
        external_id,
        display_name: full_name(given, surname).or_else(|| name(text(named, "/title"))),
        given_name: name(given),
        surname: name(surname),
        avatar_url: None,
        locale: text(named, "/language_code").map(str::to_owned),
        info: facts(named, &["username"]),
        raw,
    })
}
