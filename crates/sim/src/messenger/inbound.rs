//! What a customer does in Messenger, as Meta tells it (channels.md §2.2).

use serde_json::{Value, json};

use crate::action::Action;
use crate::callback::Route;
use crate::chat::{Bubble, Button, ButtonKind, ChatKey, Medium, Place, Side};
use crate::customer::{Told, find_button, newest, own_text};
use crate::error::SimError;
use crate::shared::Shared;
use crate::twilio::stored;
use crate::world::World;

/// What is told: the field that one subscribes to, the key in the event, its value.
type Event = (&'static str, &'static str, Value);

/// What a customer does; changes the chat and says what is told.
pub(crate) fn inbound(
    shared: &Shared,
    world: &mut World,
    key: &ChatKey,
    action: &Action,
) -> Result<Told, SimError> {
    if !world.pages.iter().any(|page| page.page_id == key.account) {
        return Err(SimError::NoAccount("messenger", key.account.clone()));
    }
    let at_ms = shared.now_ms();
    let mid = world.ids.mid();
    let mut bubble = Bubble::text(&mid, Side::Customer, at_ms, "");
    let event = match action {
        Action::Block | Action::Stop | Action::Unblock | Action::Resume => {
            world.chat(key).blocked = matches!(action, Action::Block | Action::Stop);
            return Ok(Told::nothing());
        }
        Action::Press { button, message } => {
            let (_, button) = find_button(world, key, button, message.as_deref())?;
            match press(&mid, &mut bubble, &button) {
                Some(event) => event,
                None => return Ok(Told::nothing()),
            }
        }
        Action::React { .. } | Action::Edit { .. } | Action::Read => {
            about_earlier(world, key, action, at_ms)?
        }
        Action::Contact { .. } => {
            return Err(SimError::NotOnThisChannel("messenger", "share a contact"));
        }
        Action::Upgrade { .. } => {
            return Err(SimError::NotOnThisChannel("messenger", "make a supergroup"));
        }
        _ => message(shared, world, &mid, &mut bubble, action)?,
    };
    let (field, name, value) = event;
    let is_message = matches!(name, "message" | "postback");
    let chat = world.chat(key);
    chat.wrote_at_ms = Some(at_ms);
    if name == "message" {
        chat.bubbles.push(bubble);
    }
    let mut item =
        json!({"sender": {"id": key.customer}, "recipient": {"id": key.account}, "timestamp": at_ms});
    item[name] = value;
    let route = Route::Messenger { page_id: key.account.clone(), field, item };
    Ok(Told::by(is_message.then_some(mid), Some(route)))
}

fn message(
    shared: &Shared,
    world: &mut World,
    mid: &str,
    bubble: &mut Bubble,
    action: &Action,
) -> Result<Event, SimError> {
    let mut message = json!({"mid": mid});
    match action {
        Action::Say { text } => {
            bubble.text.clone_from(text);
            message["text"] = text.as_str().into();
        }
        Action::Start { payload: None } => {
            let value = json!({"mid": mid, "title": "Get started", "payload": "GET_STARTED"});
            return Ok(("messaging_postbacks", "postback", value));
        }
        Action::Start { payload: Some(reference) } => {
            let value = json!({"ref": reference, "source": "SHORTLINK", "type": "OPEN_THREAD"});
            return Ok(("messaging_referrals", "referral", value));
        }
        Action::Media { data, content_type, name, caption } => {
            let stored = stored(data, content_type, name)?;
            let content_type = stored.content_type.clone();
            let kind = ["image", "video", "audio"].into_iter().find(|kind| content_type.starts_with(kind));
            let token = world.keep(stored);
            let url = format!("{}/media/{token}", shared.origin);
            message["attachments"] = json!([{"type": kind.unwrap_or("file"), "payload": {"url": url}}]);
            bubble.text = caption.clone().unwrap_or_default();
            bubble.media = vec![Medium { url: format!("/media/{token}"), content_type }];
            if let Some(caption) = caption {
                message["text"] = caption.as_str().into();
            }
        }
        Action::Location { latitude, longitude, name, .. } => {
            let title = name.clone().unwrap_or_else(|| "Pinned location".to_owned());
            message["attachments"] = json!([{"type": "location", "title": title, "url": "https://maps.example.com",
                "payload": {"coordinates": {"lat": latitude, "long": longitude}}}]);
            bubble.place = Some(Place { latitude: *latitude, longitude: *longitude, name: title });
        }
        _ => message["attachments"] = json!([{"type": "hologram", "payload": {}}]),
    }
    Ok(("messages", "message", message))
}

/// What a pressed button tells; `None` for a link.
fn press(mid: &str, bubble: &mut Bubble, button: &Button) -> Option<Event> {
    match button.kind {
        ButtonKind::Reply => {
            bubble.text.clone_from(&button.label);
            let value = json!({"mid": mid, "text": button.label, "quick_reply": {"payload": button.value}});
            Some(("messages", "message", value))
        }
        ButtonKind::Postback => {
            let value = json!({"mid": mid, "title": button.label, "payload": button.value});
            Some(("messaging_postbacks", "postback", value))
        }
        _ => None,
    }
}

/// Reactions, edits and reading: about a message that is already there.
fn about_earlier(world: &mut World, key: &ChatKey, action: &Action, at_ms: i64) -> Result<Event, SimError> {
    match action {
        Action::React { emoji, message } => {
            let mid = newest(world, key, message.as_deref())?;
            if let Some(bubble) = world.bubble(key, &mid) {
                bubble.reaction.clone_from(emoji);
            }
            let value = match emoji {
                Some(emoji) => json!({"reaction": "other", "emoji": emoji, "action": "react", "mid": mid}),
                None => json!({"action": "unreact", "mid": mid}),
            };
            Ok(("message_reactions", "reaction", value))
        }
        Action::Edit { text, message } => {
            let mid = own_text(world, key, message.as_deref())?;
            if let Some(bubble) = world.bubble(key, &mid) {
                bubble.text.clone_from(text);
                bubble.edited = true;
            }
            Ok(("message_edits", "message_edit", json!({"mid": mid, "text": text, "num_edit": 1})))
        }
        _ => {
            for bubble in world.chat(key).bubbles.iter_mut().filter(|bubble| bubble.side == Side::Business) {
                bubble.status = "read";
            }
            Ok(("message_reads", "read", json!({"watermark": at_ms})))
        }
    }
}
