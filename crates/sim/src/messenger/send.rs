//! `POST /me/messages` (channels.md §2.3).

use serde_json::{Value, json};

use crate::callback::{Route, Step, play};
use crate::chat::{Bubble, Channel, ChatKey, Medium, Provider, Side};
use crate::config::Receipts;
use crate::fault::Occasion;
use crate::front::Glance;
use crate::http::{Incoming, Reply};
use crate::media::{Fetched, fetch};
use crate::shared::{Handle, Shared};
use crate::world::{Stored, World};

use super::errors::{Graph, blocked, error, parameter, window};
use super::{Page, Params, judge, setup};

const IMAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// What is shown as a picture; others are files.
const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const TAGS: &[&str] = &["HUMAN_AGENT", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE"];
const SENDS_A_SECOND_MAX: usize = 300;

pub(super) async fn message(
    shared: &Handle,
    request: &Incoming,
    page: &str,
    params: Params,
    glance: &Glance,
) -> Result<Reply, Graph> {
    let page = shared.look(|world| setup::page(world, request, page, &params))?;
    let key = shared.with(|world| recipient(world, &page, &params))?;
    let sent = params.values.get("message");
    let action = params.text("sender_action");
    match (sent, action) {
        (Some(_), "") => {}
        (None, "") => {
            return Err(parameter("messenger.message.required", "The parameter message is required"));
        }
        (None, action) => return signal(shared, &key, action),
        (Some(_), _) => {
            let why = "message and sender_action cannot be sent together";
            return Err(parameter("messenger.message.one", why));
        }
    }
    allowed(shared, &page, &key, &params)?;
    let sent = sent.unwrap_or(&Value::Null);
    let mid = shared.with(|world| world.ids.mid());
    let mut bubble = Bubble::text(&mid, Side::Business, shared.now_ms(), "");
    let mut more = judge::message(sent, !params.files.is_empty(), &mut bubble)?;
    bubble.media.extend(medium(shared, sent, &params).await?);
    for (part, card) in more.iter_mut().enumerate() {
        card.id = format!("{mid}#{}", part + 2);
    }
    let reusable = sent["attachment"]["payload"]["is_reusable"] == true;
    let attachment_id = reusable.then(|| shared.with(|world| world.ids.digits(16)));
    shared.with(|world| {
        let chat = world.chat(&key);
        if shared.config.enforce_rates {
            chat.sent_at_ms.push(shared.now_ms());
        }
        chat.typing_at_ms = None;
        chat.bubbles.push(bubble);
        chat.bubbles.extend(more);
    });
    receipts(shared, &page, key.clone(), &mid, sent, glance).await;
    let mut answer = json!({"recipient_id": key.customer, "message_id": mid});
    if let Some(attachment_id) = attachment_id {
        answer["attachment_id"] = attachment_id.into();
    }
    Ok(Reply::json(200, &answer))
}

/// `POST /me/message_attachments`.
pub(super) async fn attachment(
    shared: &Handle,
    request: &Incoming,
    page: &str,
    params: Params,
) -> Result<Reply, Graph> {
    shared.look(|world| setup::page(world, request, page, &params))?;
    let sent = params.values.get("message").cloned().unwrap_or_default();
    let mut unseen = Bubble::text("", Side::Business, 0, "");
    judge::message(&sent, !params.files.is_empty(), &mut unseen)?;
    let Some(medium) = medium(shared, &sent, &params).await? else {
        return Err(parameter(
            "messenger.attachment.required",
            "The parameter message[attachment] is required",
        ));
    };
    let id = shared.with(|world| {
        let id = world.ids.digits(16);
        let stored =
            Stored { content_type: medium.content_type, name: Some(medium.url), bytes: bytes::Bytes::new() };
        world.files.insert(format!("attachment:{id}"), stored);
        id
    });
    Ok(Reply::json(200, &json!({"attachment_id": id})))
}

fn recipient(world: &mut World, page: &Page, params: &Params) -> Result<ChatKey, Graph> {
    let to = params.values.get("recipient").and_then(|to| to["id"].as_str()).unwrap_or_default();
    if to.is_empty() {
        return Err(parameter("messenger.recipient.required", "The parameter recipient is required"));
    }
    let key = ChatKey { channel: Channel::Messenger, account: page.page_id.clone(), customer: to.to_owned() };
    match world.chats.get(&key) {
        None => Err(parameter("messenger.recipient.known", "No matching user found").subcode(2_018_001)),
        Some(chat) if chat.blocked => Err(blocked()),
        Some(_) => Ok(key),
    }
}

/// Messaging type, tag, window, rate.
fn allowed(shared: &Shared, page: &Page, key: &ChatKey, params: &Params) -> Result<(), Graph> {
    let tag = params.text("tag");
    let days = match params.text("messaging_type") {
        "RESPONSE" | "UPDATE" => 1,
        "MESSAGE_TAG" if tag.is_empty() => {
            return Err(parameter("messenger.tag.required", "Param tag is required for MESSAGE_TAG"));
        }
        "MESSAGE_TAG" if !TAGS.contains(&tag) => {
            let message = "Param tag must be one of the allowed message tags";
            return Err(parameter("messenger.tag", message));
        }
        "MESSAGE_TAG" if tag == "HUMAN_AGENT" && !page.human_agent => {
            let message = "(#10) The tag HUMAN_AGENT needs a permission that this app has not";
            return Err(error("messenger.tag.permission", 403, 10, message).subcode(2_018_065));
        }
        "MESSAGE_TAG" if tag == "HUMAN_AGENT" => 7,
        "MESSAGE_TAG" => i64::MAX / DAY_MS,
        _ => {
            let message = "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}";
            return Err(parameter("messenger.messaging-type", message));
        }
    };
    let (now_ms, rates) = (shared.now_ms(), shared.config.enforce_rates);
    let wrote = shared.look(|world| world.chats.get(key).and_then(|chat| chat.wrote_at_ms));
    if wrote.is_none_or(|at| now_ms - at > days.saturating_mul(DAY_MS)) {
        return Err(window());
    }
    if rates && shared.with(|world| sends_within_a_second(world, key, now_ms)) >= SENDS_A_SECOND_MAX {
        let message = "(#613) Calls to this api have exceeded the rate limit.";
        return Err(error("messenger.rate", 429, 613, message));
    }
    Ok(())
}

fn sends_within_a_second(world: &mut World, key: &ChatKey, now_ms: i64) -> usize {
    let of_page = world
        .chats
        .iter_mut()
        .filter(|(known, _)| known.channel == key.channel && known.account == key.account);
    of_page
        .map(|(_, chat)| {
            chat.sent_at_ms.retain(|at| now_ms - at < 1000);
            chat.sent_at_ms.len()
        })
        .sum()
}

fn signal(shared: &Handle, key: &ChatKey, action: &str) -> Result<Reply, Graph> {
    let now_ms = shared.now_ms();
    shared.with(|world| {
        let chat = world.chat(key);
        match action {
            "typing_on" => chat.typing_at_ms = Some(now_ms),
            "typing_off" => chat.typing_at_ms = None,
            "mark_seen" => chat.seen_at_ms = Some(now_ms),
            "react" | "unreact" => {}
            _ => {
                let why =
                    "Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}";
                return Err(parameter("messenger.sender-action", why));
            }
        }
        Ok(Reply::json(200, &json!({"recipient_id": key.customer})))
    })
}

/// The file of a message: uploaded, known, or fetched from its address.
async fn medium(shared: &Shared, sent: &Value, params: &Params) -> Result<Option<Medium>, Graph> {
    let attachment = &sent["attachment"];
    let kind = attachment["type"].as_str().unwrap_or_default();
    if !matches!(kind, "image" | "video" | "audio" | "file") {
        return Ok(None);
    }
    if let Some(id) = attachment["payload"]["attachment_id"].as_str() {
        let known = shared.look(|world| world.files.get(&format!("attachment:{id}")).cloned());
        let known = known.ok_or_else(|| {
            parameter("messenger.attachment.known", "Invalid attachment id").subcode(2_018_074)
        })?;
        return Ok(Some(Medium { url: known.name.unwrap_or_default(), content_type: known.content_type }));
    }
    if let Some(file) = params.files.iter().find(|file| file.field == "filedata") {
        let content_type = file.content_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
        judge_file(kind, &content_type, file.bytes.len())?;
        let stored =
            Stored { content_type: content_type.clone(), name: file.name.clone(), bytes: file.bytes.clone() };
        let token = shared.with(|world| world.keep(stored));
        return Ok(Some(Medium { url: format!("/media/{token}"), content_type }));
    }
    let url = attachment["payload"]["url"].as_str().unwrap_or_default();
    match fetch(shared, url).await {
        Fetched::Elsewhere => Ok(Some(Medium { url: url.to_owned(), content_type: format!("{kind}/*") })),
        Fetched::Failed(why) => {
            let message = format!("Failed to fetch the file from the url: {why}");
            Err(parameter("messenger.attachment.fetch", &message).subcode(2_018_008))
        }
        Fetched::File { content_type, bytes } => {
            judge_file(kind, &content_type, bytes.len())?;
            Ok(Some(Medium { url: url.to_owned(), content_type }))
        }
    }
}

fn judge_file(kind: &str, content_type: &str, bytes: usize) -> Result<(), Graph> {
    let most = if kind == "image" { IMAGE_BYTES_MAX } else { FILE_BYTES_MAX };
    if bytes > most {
        let message = "Attachment size exceeds allowable limit";
        return Err(parameter("messenger.attachment.size", message).subcode(2_018_109));
    }
    let is_shown = kind != "image" || PICTURES.contains(&content_type);
    if kind != "file" && !(content_type.starts_with(kind) && is_shown) {
        let message = format!("Upload attachment failure: {content_type} is no {kind}");
        return Err(parameter("messenger.attachment.type", &message).subcode(2_018_047));
    }
    Ok(())
}

async fn receipts(shared: &Handle, page: &Page, key: ChatKey, mid: &str, sent: &Value, glance: &Glance) {
    let occasion = Occasion {
        provider: Provider::Messenger,
        operation: &glance.operation,
        customer: glance.customer.as_deref(),
    };
    let (plan, now_ms) = (shared.with(|world| world.receipt_plan(occasion)), shared.now_ms());
    let route = |field, item| Some(Route::Messenger { page_id: page.page_id.clone(), field, item });
    let from_customer = |what: &str, value: Value| {
        let mut item =
            json!({"sender": {"id": key.customer}, "recipient": {"id": page.page_id}, "timestamp": now_ms});
        item[what] = value;
        item
    };
    let mut echo = json!({"sender": {"id": page.page_id}, "recipient": {"id": key.customer}, "timestamp": now_ms,
        "message": {"mid": mid, "is_echo": true, "app_id": page.app_id.parse::<u64>().unwrap_or(0)}});
    for name in ["text", "metadata"] {
        if let Some(value) = sent.get(name) {
            echo["message"][name] = value.clone();
        }
    }
    let mut steps = vec![Step { status: "sent", route: route("message_echoes", echo) }];
    let far = shared.config.receipts;
    if far >= Receipts::Delivered && !plan.undelivered {
        let item = from_customer("delivery", json!({"mids": [mid], "watermark": now_ms}));
        steps.push(Step { status: "delivered", route: route("message_deliveries", item) });
    }
    if far >= Receipts::Read && !plan.undelivered {
        let item = from_customer("read", json!({"watermark": now_ms}));
        steps.push(Step { status: "read", route: route("message_reads", item) });
    }
    play(shared, key.clone(), mid.to_owned(), steps, plan).await;
}
