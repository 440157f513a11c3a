//! What a customer does in Telegram, as updates (channels.md §4.2).

use serde_json::{Value, json};

use crate::action::Action;
use crate::callback::Route;
use crate::chat::{Bubble, Button, ButtonKind, ChatKey, Medium, Place, Side};
use crate::customer::{Told, find_button, newest, own_text};
use crate::error::SimError;
use crate::shared::Shared;
use crate::twilio::stored;
use crate::world::World;

use super::groups;

/// The kind of an update, and what stands under it.
pub(super) type Event = (&'static str, Value);

/// What a customer does; changes the chat and says what is told.
pub(crate) fn inbound(
    shared: &Shared,
    world: &mut World,
    key: &ChatKey,
    action: &Action,
) -> Result<Told, SimError> {
    let missing = || SimError::NoAccount("telegram", key.account.clone());
    let bot_id: i64 = key.account.parse().map_err(|_| missing())?;
    if !world.bots.iter().any(|state| state.bot.id == bot_id) {
        return Err(missing());
    }
    let at_ms = shared.now_ms();
    if let Some(to) = world.chat(key).upgraded_to.clone() {
        return Err(SimError::NotThere(format!("the group is the supergroup {to} now")));
    }
    if let Action::Upgrade { silently } = action {
        return groups::upgrade(world, key, bot_id, at_ms, *silently);
    }
    let (mut message_id, (kind, value)) = match action {
        Action::Block | Action::Stop => (None, membership(world, key, bot_id, at_ms, true)),
        Action::Unblock | Action::Resume => (None, membership(world, key, bot_id, at_ms, false)),
        Action::React { emoji, message } => {
            (None, reaction(world, key, emoji.as_deref(), message.as_deref(), at_ms)?)
        }
        Action::Edit { text, message } => (None, edit(world, key, text, message.as_deref(), at_ms)?),
        Action::Press { button, message } => match press(world, key, button, message.as_deref(), at_ms)? {
            Some(event) => (None, event),
            None => return Ok(Told::nothing()),
        },
        Action::Read => return Err(SimError::NotOnThisChannel("telegram", "tell that messages were read")),
        _ => (None, message(world, key, action, at_ms)?),
    };
    if kind == "message" {
        message_id = value["message_id"].as_i64().map(|id| id.to_string());
    }
    Ok(Told::by(message_id, Some(route(world, bot_id, (kind, value)))))
}

/// The next update of a bot.
pub(super) fn route(world: &mut World, bot_id: i64, (kind, value): Event) -> Route {
    let mut number = 0;
    if let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot_id) {
        state.last_update += 1;
        number = state.last_update;
    }
    let mut update = json!({"update_id": number});
    update[kind] = value;
    Route::Telegram { bot_id, kind, update }
}

/// Sender and chat of everything that this customer does. In a group one and the same member writes.
pub(super) fn person(world: &mut World, key: &ChatKey) -> (Value, Value) {
    let id: i64 = key.customer.parse().unwrap_or_default();
    let chat = world.chat(key);
    let from_id = if id < 0 { groups::MEMBER } else { id };
    let from = json!({"id": from_id, "is_bot": false, "first_name": chat.first_name, "last_name": chat.last_name,
        "language_code": "en"});
    (from, groups::shown(key, &chat.first_name, &chat.last_name))
}

fn message(world: &mut World, key: &ChatKey, action: &Action, at_ms: i64) -> Result<Event, SimError> {
    let (from, in_chat) = person(world, key);
    let number = next_number(world, key);
    let mut message = json!({"message_id": number, "from": from, "chat": in_chat, "date": at_ms / 1000});
    let mut bubble = Bubble::text(number.to_string(), Side::Customer, at_ms, "");
    match action {
        Action::Say { text } => {
            bubble.text.clone_from(text);
            message["text"] = text.as_str().into();
            command(&mut message, text);
        }
        Action::Start { payload } => {
            let text = payload.as_ref().map_or("/start".to_owned(), |payload| format!("/start {payload}"));
            message["text"] = text.as_str().into();
            command(&mut message, &text);
            bubble.text = text;
        }
        Action::Media { data, content_type, name, caption } => {
            let stored = stored(data, content_type, name)?;
            let (content_type, size) = (stored.content_type.clone(), stored.bytes.len());
            let file_id = world.ids.file_id();
            world.files.insert(file_id.clone(), stored);
            let (field, file) = file(&file_id, &content_type, name.as_deref(), size);
            message[field] = file;
            if let Some(caption) = caption {
                bubble.text.clone_from(caption);
                message["caption"] = caption.as_str().into();
            }
            bubble.media = vec![Medium { url: format!("/media/{file_id}"), content_type }];
        }
        Action::Location { latitude, longitude, name, address } => {
            let location = json!({"latitude": latitude, "longitude": longitude});
            if let Some(name) = name {
                message["venue"] = json!({"location": location, "title": name, "address": address.as_deref().unwrap_or(name)});
            }
            message["location"] = location;
            let name = name.clone().unwrap_or_default();
            bubble.place = Some(Place { latitude: *latitude, longitude: *longitude, name });
        }
        Action::Contact { phone_number, first_name } => {
            message["contact"] = json!({"phone_number": phone_number, "first_name": first_name});
            bubble.text = format!("{first_name} {phone_number}");
        }
        _ => message["dice"] = json!({"emoji": "🎲", "value": 4}),
    }
    let chat = world.chat(key);
    chat.wrote_at_ms = Some(at_ms);
    chat.bubbles.push(bubble);
    Ok(("message", message))
}

pub(super) fn next_number(world: &mut World, key: &ChatKey) -> i64 {
    let chat = world.chat(key);
    chat.last_number += 1;
    chat.last_number
}

fn command(message: &mut Value, text: &str) {
    if text.starts_with('/') {
        let length = text.split_whitespace().next().unwrap_or_default().encode_utf16().count();
        message["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
    }
}

/// The field of a file, by its kind, and what stands there.
fn file(id: &str, content_type: &str, name: Option<&str>, size: usize) -> (&'static str, Value) {
    let unique: String = id.chars().rev().take(12).collect();
    let base = json!({"file_id": id, "file_unique_id": unique, "file_size": size, "mime_type": content_type});
    match content_type {
        "image/jpeg" | "image/png" | "image/webp" => {
            let small = json!({"file_id": format!("{id}s"), "file_unique_id": format!("{unique}s"), "width": 90,
                "height": 60, "file_size": 1200});
            let whole = json!({"file_id": id, "file_unique_id": unique, "width": 1280, "height": 853, "file_size": size});
            ("photo", json!([small, whole]))
        }
        "audio/ogg" => {
            let mut voice = base;
            voice["duration"] = 3.into();
            ("voice", voice)
        }
        kind if kind.starts_with("audio/") => {
            let mut audio = base;
            audio["duration"] = 3.into();
            ("audio", audio)
        }
        kind if kind.starts_with("video/") => {
            let mut video = base;
            for (field, value) in [("width", 640), ("height", 480), ("duration", 3)] {
                video[field] = value.into();
            }
            ("video", video)
        }
        _ => {
            let mut document = base;
            document["file_name"] = name.unwrap_or("file").into();
            ("document", document)
        }
    }
}

fn membership(world: &mut World, key: &ChatKey, bot_id: i64, at_ms: i64, blocks: bool) -> Event {
    let (from, in_chat) = person(world, key);
    world.chat(key).blocked = blocks;
    let state = world.bots.iter().find(|state| state.bot.id == bot_id);
    let bot = state.map(|state| {
        json!({"id": bot_id, "is_bot": true, "first_name": state.bot.first_name,
        "username": state.bot.username})
    });
    let member = |status: &str| json!({"user": bot, "status": status});
    let (mut old, mut new) = (member("kicked"), member("member"));
    if blocks {
        (old, new) = (new, old);
        new["until_date"] = 0.into();
    } else {
        old["until_date"] = 0.into();
    }
    let value = json!({"chat": in_chat, "from": from, "date": at_ms / 1000, "old_chat_member": old,
        "new_chat_member": new});
    ("my_chat_member", value)
}

fn reaction(
    world: &mut World,
    key: &ChatKey,
    emoji: Option<&str>,
    message: Option<&str>,
    at_ms: i64,
) -> Result<Event, SimError> {
    let id = newest(world, key, message)?;
    let (from, in_chat) = person(world, key);
    let list = |emoji: Option<String>| match emoji {
        Some(emoji) => json!([{"type": "emoji", "emoji": emoji}]),
        None => json!([]),
    };
    let before = world
        .bubble(key, &id)
        .and_then(|bubble| std::mem::replace(&mut bubble.reaction, emoji.map(str::to_owned)));
    let number: i64 = id.parse().unwrap_or_default();
    let value = json!({"chat": in_chat, "message_id": number, "user": from, "date": at_ms / 1000,
        "old_reaction": list(before), "new_reaction": list(emoji.map(str::to_owned))});
    Ok(("message_reaction", value))
}

fn edit(
    world: &mut World,
    key: &ChatKey,
    text: &str,
    message: Option<&str>,
    at_ms: i64,
) -> Result<Event, SimError> {
    let id = own_text(world, key, message)?;
    let (from, in_chat) = person(world, key);
    let Some(bubble) = world.bubble(key, &id) else {
        return Err(SimError::NotThere("there is no such message".to_owned()));
    };
    text.clone_into(&mut bubble.text);
    bubble.edited = true;
    let value = json!({"message_id": id.parse::<i64>().unwrap_or_default(), "from": from, "chat": in_chat,
        "date": bubble.at_ms / 1000, "edit_date": at_ms / 1000, "text": text});
    Ok(("edited_message", value))
}

/// The buttons below a message, as a pressed one brings them along.
fn inline_keyboard(buttons: &[Button]) -> Value {
    let row = |button: &Button| match button.kind {
        ButtonKind::Link => json!([{"text": button.label, "url": button.value}]),
        _ => json!([{"text": button.label, "callback_data": button.value}]),
    };
    buttons.iter().map(row).collect()
}

/// What a pressed button tells; `None` for a link.
fn press(
    world: &mut World,
    key: &ChatKey,
    label: &str,
    message_id: Option<&str>,
    at_ms: i64,
) -> Result<Option<Event>, SimError> {
    let (id, button) = find_button(world, key, label, message_id)?;
    match button.kind {
        ButtonKind::Reply => message(world, key, &Action::Say { text: button.label }, at_ms).map(Some),
        ButtonKind::RequestLocation => {
            let here = Action::Location { latitude: 45.5, longitude: -73.5, name: None, address: None };
            message(world, key, &here, at_ms).map(Some)
        }
        ButtonKind::Postback => {
            let query = world.ids.digits(18);
            let (from, in_chat) = person(world, key);
            let bot_id: i64 = key.account.parse().unwrap_or_default();
            if let Some(state) = world.bots.iter_mut().find(|state| state.bot.id == bot_id) {
                state.open_presses.push(query.clone());
            }
            let text = world.bubble(key, &id).map(|bubble| bubble.text.clone()).unwrap_or_default();
            let shown =
                world.bubble(key, &id).map(|bubble| inline_keyboard(&bubble.buttons)).unwrap_or_default();
            let pressed = json!({"message_id": id.parse::<i64>().unwrap_or_default(), "date": at_ms / 1000,
                "chat": in_chat, "text": text, "reply_markup": {"inline_keyboard": shown}});
            let value = json!({"id": query, "from": from, "message": pressed, "chat_instance": "-1",
                "data": button.value});
            Ok(Some(("callback_query", value)))
        }
        ButtonKind::Link | ButtonKind::Row => Ok(None),
    }
}
