//! What a customer does by SMS or WhatsApp, as Twilio tells it (channels.md §5.1, §6).

use bytes::Bytes;

use crate::action::Action;
use crate::callback::Route;
use crate::chat::{Bubble, Button, ButtonKind, Channel, ChatKey, Medium, Place, Side};
use crate::customer::{Told, find_button, newest};
use crate::error::SimError;
use crate::media::{looks_like, small_picture};
use crate::shared::Shared;
use crate::world::{Stored, World};

use super::messages::address;

const STOP_WORDS: &[&str] = &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"];
const START_WORDS: &[&str] = &["START", "YES", "UNSTOP"];

type Pairs = Vec<(&'static str, String)>;

/// What a customer does; changes the chat and says what is told.
pub(crate) fn inbound(
    shared: &Shared,
    world: &mut World,
    key: &ChatKey,
    action: &Action,
) -> Result<Told, SimError> {
    if let Some(blocks) = blocking(key, action) {
        world.chat(key).blocked = blocks;
        return Ok(Told::nothing());
    }
    let at_ms = shared.now_ms();
    let kind = if matches!(action, Action::Media { .. }) { "MM" } else { "SM" };
    let sid = world.ids.twilio(kind);
    let mut bubble = Bubble::text(&sid, Side::Customer, at_ms, "");
    let Some(mut extra) = apply(shared, world, key, action, &mut bubble)? else { return Ok(Told::nothing()) };
    let opted = opt(world, key, &bubble.text);
    extra.extend(opted.map(|word| ("OptOutType", word.to_owned())));
    if key.channel == Channel::Whatsapp {
        extra.extend(whatsapp_extra(world, key, action));
    }
    let route = route(world, key, &sid, &bubble.text, extra)?;
    let chat = world.chat(key);
    chat.wrote_at_ms = Some(at_ms);
    if !matches!(action, Action::React { .. }) {
        chat.bubbles.push(bubble);
    }
    confirm_opt(world, key, opted, at_ms);
    Ok(Told::by(Some(sid), route))
}

/// Whether an action blocks or unblocks; STOP and START of text messages are messages.
fn blocking(key: &ChatKey, action: &Action) -> Option<bool> {
    match action {
        Action::Block => Some(true),
        Action::Unblock => Some(false),
        Action::Stop if key.channel == Channel::Whatsapp => Some(true),
        Action::Resume if key.channel == Channel::Whatsapp => Some(false),
        _ => None,
    }
}

/// Fills the bubble; gives the fields of the callback that only this action has, `None` when nothing is
/// told.
fn apply(
    shared: &Shared,
    world: &mut World,
    key: &ChatKey,
    action: &Action,
    bubble: &mut Bubble,
) -> Result<Option<Pairs>, SimError> {
    let whatsapp = key.channel == Channel::Whatsapp;
    let not_here = |what| Err(SimError::NotOnThisChannel(key.channel.word(), what));
    match action {
        Action::Say { text } => bubble.text.clone_from(text),
        Action::Start { payload } => bubble.text = payload.clone().unwrap_or_else(|| "Hi".to_owned()),
        Action::Stop => bubble.text = "STOP".to_owned(),
        Action::Resume => bubble.text = "START".to_owned(),
        Action::Media { data, content_type, name, caption } => {
            bubble.text = caption.clone().unwrap_or_default();
            return medium(shared, world, key, bubble, (data, content_type, name)).map(Some);
        }
        Action::Location { latitude, longitude, name, address } if whatsapp => {
            let name = name.clone().unwrap_or_default();
            let mut extra = vec![("Latitude", latitude.to_string()), ("Longitude", longitude.to_string())];
            extra.extend(Some(name.clone()).filter(|name| !name.is_empty()).map(|name| ("Label", name)));
            extra.extend(address.clone().map(|address| ("Address", address)));
            bubble.place = Some(Place { latitude: *latitude, longitude: *longitude, name });
            return Ok(Some(extra));
        }
        Action::Press { button, message } => {
            let (from, button) = find_button(world, key, button, message.as_deref())?;
            bubble.text.clone_from(&button.label);
            return Ok(pressed(&from, &button));
        }
        Action::React { emoji, message } if whatsapp => {
            let to = newest(world, key, message.as_deref())?;
            if let Some(bubble) = world.bubble(key, &to) {
                bubble.reaction.clone_from(emoji);
            }
            bubble.text = emoji.clone().unwrap_or_default();
            return Ok(Some(vec![("OriginalRepliedMessageSid", to)]));
        }
        Action::Unknown => return Ok(Some(vec![("MessageType", "order".to_owned())])),
        Action::Location { .. } => return not_here("share a place"),
        Action::Contact { .. } => return not_here("share a contact"),
        Action::React { .. } => return not_here("react"),
        Action::Upgrade { .. } => return not_here("make a supergroup"),
        Action::Edit { .. } => return not_here("edit"),
        Action::Read | Action::Block | Action::Unblock => return not_here("tell that messages were read"),
    }
    Ok(Some(Pairs::new()))
}

fn whatsapp_extra(world: &mut World, key: &ChatKey, action: &Action) -> Pairs {
    let message_type = match action {
        Action::Media { content_type, .. } => match content_type.as_deref().unwrap_or("image/png") {
            kind if kind.starts_with("image/") => "image",
            kind if kind.starts_with("audio/") => "audio",
            kind if kind.starts_with("video/") => "video",
            _ => "document",
        },
        Action::Location { .. } => "location",
        Action::Press { .. } => "button",
        Action::React { .. } => "reaction",
        _ => "text",
    };
    let name = world.chat(key).first_name.clone();
    let mut extra = vec![("WaId", key.customer.trim_start_matches('+').to_owned()), ("ProfileName", name)];
    if !matches!(action, Action::Unknown) {
        extra.push(("MessageType", message_type.to_owned()));
    }
    extra
}

/// What a pressed button tells; `None` for a link.
fn pressed(from: &str, button: &Button) -> Option<Pairs> {
    let replied = ("OriginalRepliedMessageSid", from.to_owned());
    match button.kind {
        ButtonKind::Link => None,
        ButtonKind::Row => {
            Some(vec![("ListId", button.value.clone()), ("ListTitle", button.label.clone()), replied])
        }
        _ => {
            Some(vec![("ButtonText", button.label.clone()), ("ButtonPayload", button.value.clone()), replied])
        }
    }
}

type Given<'a> = (&'a Option<String>, &'a Option<String>, &'a Option<String>);

fn medium(
    shared: &Shared,
    world: &mut World,
    key: &ChatKey,
    bubble: &mut Bubble,
    (data, content_type, name): Given<'_>,
) -> Result<Pairs, SimError> {
    let stored = stored(data, content_type, name)?;
    let content_type = stored.content_type.clone();
    let media = world.keep(stored);
    let account = world.twilio_number(&key.account).map(|(account, _)| account.account_sid.clone());
    let account = account.ok_or_else(|| SimError::NoAccount("twilio", key.account.clone()))?;
    let url = format!(
        "{}/twilio/2010-04-01/Accounts/{account}/Messages/{}/Media/{media}",
        shared.origin, bubble.id
    );
    bubble.media = vec![Medium { url: format!("/media/{media}"), content_type: content_type.clone() }];
    Ok(vec![("MediaUrl0", url), ("MediaContentType0", content_type)])
}

/// The bytes that a customer sends, from what the action gives.
pub(crate) fn stored(
    data: &Option<String>,
    content_type: &Option<String>,
    name: &Option<String>,
) -> Result<Stored, SimError> {
    let bytes = match data {
        None => small_picture(),
        Some(data) => crate::ids::base64_bytes(data)
            .map(Bytes::from)
            .ok_or_else(|| SimError::Unreadable("data is no base64".to_owned()))?,
    };
    let content_type = content_type.clone().unwrap_or_else(|| looks_like(&bytes).to_owned());
    Ok(Stored { content_type, name: name.clone(), bytes })
}

/// Whether a text is an opt-out or opt-in word; the chat remembers.
fn opt(world: &mut World, key: &ChatKey, text: &str) -> Option<&'static str> {
    if key.channel != Channel::Sms {
        return None;
    }
    let word = text.trim().to_uppercase();
    let stop = STOP_WORDS.contains(&word.as_str());
    if !stop && !START_WORDS.contains(&word.as_str()) {
        return None;
    }
    let chat = world.chat(key);
    if !stop && !chat.opted_out {
        return None;
    }
    chat.opted_out = stop;
    Some(if stop { "STOP" } else { "START" })
}

/// Twilio answers opt-out words itself.
fn confirm_opt(world: &mut World, key: &ChatKey, opted: Option<&str>, at_ms: i64) {
    let text = match opted {
        Some("STOP") => {
            "You have successfully been unsubscribed. You will not receive any more messages from this \
                         number. Reply START to resubscribe."
        }
        Some(_) => {
            "You have successfully been re-subscribed to messages from this number. Reply STOP to unsubscribe."
        }
        None => return,
    };
    let id = world.ids.twilio("SM");
    let mut bubble = Bubble::text(id, Side::Business, at_ms, text);
    bubble.status = "delivered";
    world.chat(key).bubbles.push(bubble);
}

/// Where it is told: the service's address, or the number's.
fn route(
    world: &World,
    key: &ChatKey,
    sid: &str,
    body: &str,
    extra: Pairs,
) -> Result<Option<Route>, SimError> {
    let Some((account, number)) = world.twilio_number(&key.account) else {
        return Err(SimError::NoAccount("twilio", key.account.clone()));
    };
    let service = account.service_of(&key.account);
    let by_service = service.filter(|service| !service.use_inbound_webhook_on_number);
    let (url, method) = match by_service {
        Some(service) => (&service.inbound_request_url, &service.inbound_method),
        None => (&number.sms_url, &number.sms_method),
    };
    let media = extra.iter().filter(|(name, _)| name.starts_with("MediaUrl")).count();
    let mut pairs: Pairs = vec![
        ("ToCountry", "US".to_owned()),
        ("SmsMessageSid", sid.to_owned()),
        ("NumMedia", media.to_string()),
        ("SmsSid", sid.to_owned()),
        ("SmsStatus", "received".to_owned()),
        ("FromCountry", "US".to_owned()),
        ("Body", body.to_owned()),
        ("To", address(key.channel, &key.account)),
        ("NumSegments", super::segments::segments(body).to_string()),
        ("MessageSid", sid.to_owned()),
        ("AccountSid", account.account_sid.clone()),
        ("From", address(key.channel, &key.customer)),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if let Some(service) = service {
        pairs.push(("MessagingServiceSid", service.sid.clone()));
    }
    let advanced = service.is_some_and(|service| service.advanced_opt_out);
    pairs.extend(extra.into_iter().filter(|(name, _)| *name != "OptOutType" || advanced));
    Ok(Some(Route::Twilio {
        account_sid: account.account_sid.clone(),
        url: url.clone(),
        get: method == "GET",
        operation: "message",
        pairs: pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }))
}
