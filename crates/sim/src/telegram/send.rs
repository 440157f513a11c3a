//! The methods that send and change messages (channels.md §4.3).

use serde_json::{Value, json};

use crate::chat::{Bubble, Channel, ChatKey, Place, Side};
use crate::http::{Refusal, Reply};
use crate::shared::{Handle, Shared};
use crate::world::World;

use super::errors::{bad, blocked, refuse, too_many};
use super::medium::{Rules, medium};
use super::params::Params;
use super::{Bot, groups, html, keyboard, markdown, ok};

const TEXT_MAX: usize = 4096;
const CAPTION_MAX: usize = 1024;
const ANSWER_MAX: usize = 200;
const BOT_RATE: usize = 30;

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A file, with the name of its parameter.
    File(&'static str),
    Location,
    Venue,
    Contact,
}

impl Kind {
    /// By the method's name in lower case.
    pub(super) fn of(method: &str) -> Option<Kind> {
        Some(match method {
            "sendmessage" => Kind::Text,
            "sendphoto" => Kind::File("photo"),
            "senddocument" => Kind::File("document"),
            "sendvideo" => Kind::File("video"),
            "sendaudio" => Kind::File("audio"),
            "sendvoice" => Kind::File("voice"),
            "sendanimation" => Kind::File("animation"),
            "sendsticker" => Kind::File("sticker"),
            "sendlocation" => Kind::Location,
            "sendvenue" => Kind::Venue,
            "sendcontact" => Kind::Contact,
            _ => return None,
        })
    }
}

pub(super) async fn message(
    shared: &Handle,
    bot: &Bot,
    kind: Kind,
    params: &Params,
) -> Result<Reply, Refusal> {
    let key = shared.with(|world| recipient(world, bot, params))?;
    if shared.config.enforce_rates {
        shared.with(|world| within_rate(world, &key, shared.now_ms()))?;
    }
    let mut bubble = Bubble::text("", Side::Business, shared.now_ms(), "");
    match kind {
        Kind::Text => bubble.text = text(params, "text", TEXT_MAX)?,
        Kind::File(name) => {
            bubble.media.push(medium(shared, params, &params.text(name), Rules::of(name)).await?);
            bubble.text = text(params, "caption", CAPTION_MAX)?;
        }
        Kind::Location | Kind::Venue => bubble.place = Some(place(kind, params)?),
        Kind::Contact => {
            if params.text("phone_number").is_empty() || params.text("first_name").is_empty() {
                return Err(bad("telegram.contact", "phone number and first name must be non-empty"));
            }
            bubble.text = format!("{} {}", params.text("first_name"), params.text("phone_number"));
        }
    }
    let markup = params.json("reply_markup");
    let markup =
        markup.map_err(|()| bad("telegram.markup", "can't parse reply keyboard markup JSON object"))?;
    if let Some(markup) = &markup {
        bubble.buttons = keyboard::buttons(markup, !key.customer.starts_with('-'))?;
    }
    let shown = shared.with(|world| {
        quoted(world, &key, params)?;
        Ok(accept(world, shared, bot, &key, bubble, markup.as_ref()))
    })?;
    Ok(ok(&shown))
}

/// `sendMediaGroup`.
pub(super) async fn album(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let key = shared.with(|world| recipient(world, bot, params))?;
    let wrong = || bad("telegram.album", "can't parse media JSON object");
    let list = params.json("media").map_err(|()| wrong())?.ok_or_else(wrong)?;
    let list = list.as_array().ok_or_else(wrong)?;
    if !(2..=10).contains(&list.len()) {
        return Err(bad("telegram.album.count", "media group must include 2-10 items"));
    }
    let mut bubbles = Vec::new();
    for item in list {
        let kind = match item["type"].as_str() {
            Some("photo") => "photo",
            Some("video") => "video",
            Some("audio") => "audio",
            Some("document") => "document",
            _ => return Err(bad("telegram.album.type", "unknown media type")),
        };
        let mut bubble = Bubble::text("", Side::Business, shared.now_ms(), "");
        let reference = item["media"].as_str().unwrap_or_default();
        bubble.media.push(medium(shared, params, reference, Rules::of(kind)).await?);
        let caption = item["caption"].as_str().unwrap_or_default();
        bubble.text = visible(caption, item["parse_mode"].as_str().unwrap_or_default(), CAPTION_MAX, true)?;
        bubbles.push(bubble);
    }
    let shown: Vec<Value> = shared.with(|world| {
        bubbles.into_iter().map(|bubble| accept(world, shared, bot, &key, bubble, None)).collect()
    });
    Ok(ok(&json!(shown)))
}

/// The chat, if the bot may write to it.
fn recipient(world: &World, bot: &Bot, params: &Params) -> Result<ChatKey, Refusal> {
    let id = params.text("chat_id");
    if id.is_empty() {
        return Err(bad("telegram.chat.required", "chat_id is empty"));
    }
    let key = ChatKey { channel: Channel::Telegram, account: bot.id.to_string(), customer: id };
    match world.chats.get(&key) {
        None => Err(bad("telegram.chat.known", "chat not found")),
        Some(chat) if chat.blocked => Err(blocked()),
        Some(chat) if chat.wrote_at_ms.is_none() => {
            let why = "Forbidden: bot can't initiate conversation with a user";
            Err(refuse("telegram.chat.started", 403, why))
        }
        Some(chat) => groups::judge(chat).map(|()| key),
    }
}

/// One message a second to a chat, thirty a second in all.
fn within_rate(world: &mut World, key: &ChatKey, now_ms: i64) -> Result<(), Refusal> {
    let mut of_bot = 0;
    for (known, chat) in &mut world.chats {
        if known.channel == key.channel && known.account == key.account {
            chat.sent_at_ms.retain(|at| now_ms - at < 1000);
            of_bot += chat.sent_at_ms.len();
        }
    }
    let chat = world.chat(key);
    if !chat.sent_at_ms.is_empty() || of_bot >= BOT_RATE {
        return Err(too_many(Some(1)));
    }
    Ok(())
}

fn text(params: &Params, name: &str, most: usize) -> Result<String, Refusal> {
    let is_caption = name == "caption";
    visible(&params.text(name), &params.text("parse_mode"), most, is_caption)
}

/// The text that is seen, judged by its length after the markup was taken out.
fn visible(given: &str, parse_mode: &str, most: usize, is_caption: bool) -> Result<String, Refusal> {
    let wrong = |why| bad("telegram.markup.entities", &format!("can't parse entities: {why}"));
    let seen = match parse_mode.to_ascii_lowercase().as_str() {
        // Telegram's old markdown forgives nearly everything.
        "" | "markdown" => given.to_owned(),
        "markdownv2" => markdown::parse(given).map_err(wrong)?,
        "html" => html::parse(given).map_err(wrong)?,
        _ => return Err(bad("telegram.parse-mode", "unsupported parse_mode")),
    };
    if seen.trim().is_empty() && !is_caption {
        return Err(bad("telegram.text.required", "message text is empty"));
    }
    if seen.chars().count() > most {
        let why = if is_caption { "message caption is too long" } else { "message is too long" };
        return Err(bad("telegram.text.length", why));
    }
    Ok(seen)
}

fn place(kind: Kind, params: &Params) -> Result<Place, Refusal> {
    let within = |value: f64, most: f64| (-most..=most).contains(&value);
    let (latitude, longitude) = (params.number("latitude"), params.number("longitude"));
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else {
        return Err(bad("telegram.location", "latitude and longitude must be specified"));
    };
    if !within(latitude, 90.0) || !within(longitude, 180.0) {
        return Err(bad("telegram.location", "wrong location specified"));
    }
    if kind == Kind::Venue && (params.text("title").is_empty() || params.text("address").is_empty()) {
        return Err(bad("telegram.venue", "venue title and address must be non-empty"));
    }
    Ok(Place { latitude, longitude, name: params.text("title") })
}

/// A quoted message has to be there.
fn quoted(world: &mut World, key: &ChatKey, params: &Params) -> Result<(), Refusal> {
    let quoted = params.json("reply_parameters").ok().flatten();
    let Some(quoted) = quoted else { return Ok(()) };
    let id = quoted["message_id"].to_string();
    if world.bubble(key, &id).is_none() && quoted["allow_sending_without_reply"] != true {
        return Err(bad("telegram.quoted", "message to be replied not found"));
    }
    Ok(())
}

/// Puts the bubble into the chat and shows the message as Telegram does.
fn accept(
    world: &mut World,
    shared: &Shared,
    bot: &Bot,
    key: &ChatKey,
    mut bubble: Bubble,
    markup: Option<&Value>,
) -> Value {
    let now_ms = shared.now_ms();
    let chat = world.chat(key);
    chat.last_number += 1;
    if shared.config.enforce_rates {
        chat.sent_at_ms.push(now_ms);
    }
    chat.typing_at_ms = None;
    bubble.id = chat.last_number.to_string();
    bubble.status = "sent";
    let mut shown = json!({
        "message_id": chat.last_number,
        "from": {"id": bot.id, "is_bot": true, "first_name": bot.first_name, "username": bot.username},
        "chat": groups::shown(key, &chat.first_name, &chat.last_name),
        "date": now_ms / 1000,
    });
    let text_name = if bubble.media.is_empty() { "text" } else { "caption" };
    if !bubble.text.is_empty() {
        shown[text_name] = bubble.text.as_str().into();
    }
    if let Some(place) = &bubble.place {
        shown["location"] = json!({"latitude": place.latitude, "longitude": place.longitude});
    }
    if let Some(markup) = markup.filter(|markup| markup.get("inline_keyboard").is_some()) {
        shown["reply_markup"] = markup.clone();
    }
    chat.bubbles.push(bubble);
    shown
}

/// `sendChatAction`.
pub(super) fn chat_action(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    const ACTIONS: &[&str] = &[
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ];
    let key = shared.look(|world| recipient(world, bot, params))?;
    if !ACTIONS.contains(&params.text("action").as_str()) {
        return Err(bad("telegram.action", "wrong parameter action in request"));
    }
    let now_ms = shared.now_ms();
    shared.with(|world| world.chat(&key).typing_at_ms = Some(now_ms));
    Ok(ok(&json!(true)))
}

/// `answerCallbackQuery`.
pub(super) fn answer_press(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let id = params.text("callback_query_id");
    if params.text("text").chars().count() > ANSWER_MAX {
        return Err(bad("telegram.answer.length", "MESSAGE_TOO_LONG"));
    }
    let open = shared.with(|world| {
        let state = world.bots.iter_mut().find(|state| state.bot.id == bot.id)?;
        let at = state.open_presses.iter().position(|known| *known == id)?;
        Some(state.open_presses.remove(at))
    });
    match open {
        Some(_) => Ok(ok(&json!(true))),
        None => {
            let why = "query is too old and response timeout expired or query ID is invalid";
            Err(bad("telegram.answer.open", why))
        }
    }
}

/// `editMessageText`.
pub(super) fn edit_text(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let new = text(params, "text", TEXT_MAX)?;
    change(shared, bot, params, |bubble| {
        bubble.text.clone_from(&new);
        bubble.edited = true;
    })
}

/// `editMessageReplyMarkup`.
pub(super) fn edit_markup(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let markup = params.json("reply_markup");
    let markup =
        markup.map_err(|()| bad("telegram.markup", "can't parse reply keyboard markup JSON object"))?;
    let is_private = !params.text("chat_id").starts_with('-');
    let buttons =
        markup.map(|markup| keyboard::buttons(&markup, is_private)).transpose()?.unwrap_or_default();
    change(shared, bot, params, |bubble| bubble.buttons = buttons)
}

/// `deleteMessage`.
pub(super) fn delete(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let id = params.text("message_id");
    shared.with(|world| {
        let key = recipient(world, bot, params)?;
        let chat = world.chat(&key);
        let before = chat.bubbles.len();
        chat.bubbles.retain(|bubble| bubble.id != id);
        if chat.bubbles.len() == before {
            return Err(bad("telegram.message.known", "message to delete not found"));
        }
        Ok(ok(&json!(true)))
    })
}

fn change(
    shared: &Handle,
    bot: &Bot,
    params: &Params,
    act: impl FnOnce(&mut Bubble),
) -> Result<Reply, Refusal> {
    shared.with(|world| {
        let key = recipient(world, bot, params)?;
        let own =
            world.bubble(&key, &params.text("message_id")).filter(|bubble| bubble.side == Side::Business);
        let bubble = own.ok_or_else(|| bad("telegram.message.known", "message to edit not found"))?;
        act(bubble);
        let number = bubble.id.parse::<i64>().unwrap_or_default();
        let shown = json!({"message_id": number, "date": bubble.at_ms / 1000, "text": bubble.text});
        let chat = world.chat(&key);
        let in_chat = groups::shown(&key, &chat.first_name, &chat.last_name);
        Ok(ok(&with(shown, "chat", in_chat)))
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// `getChat`.
pub(super) fn get_chat(shared: &Handle, bot: &Bot, params: &Params) -> Result<Reply, Refusal> {
    let key = shared.look(|world| recipient(world, bot, params))?;
    let shown = shared.with(|world| {
        let chat = world.chat(&key);
        groups::shown(&key, &chat.first_name, &chat.last_name)
    });
    Ok(ok(&shown))
}
