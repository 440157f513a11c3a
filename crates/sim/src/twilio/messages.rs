//! `Messages.create` and what belongs to it (channels.md §5.2 to §5.4, §6).

use serde_json::{Value, json};

use crate::callback::{Route, Step, play};
use crate::chat::{Bubble, Channel, ChatKey, Medium, Place, Provider, Side};
use crate::config::Receipts;
use crate::fault::Occasion;
use crate::front::Glance;
use crate::http::client::is_web_address;
use crate::http::{Incoming, Refusal, Reply, pairs};
use crate::media::{Fetched, fetch as fetch_medium};
use crate::shared::{Handle, Shared};
use crate::transcript::Verdict;
use crate::world::World;

use super::errors::{bad, not_found, not_owned, opted_out};
use super::refs::is_e164;
use super::segments::segments;
use super::whatsapp::dress;

const BODY_MAX: usize = 1600;
const MEDIA_MAX: usize = 10;
const MMS_BYTES_MAX: usize = 5 * 1024 * 1024;
const WHATSAPP_BYTES_MAX: usize = 16 * 1024 * 1024;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The fields of a request, those that matter here.
#[derive(Debug, Default)]
struct Draft {
    to: String,
    from: String,
    service: String,
    body: String,
    media: Vec<String>,
    status_callback: String,
    content_sid: String,
    content_variables: String,
    persistent_action: String,
}

/// Who it goes from and to, looked up.
struct Letter {
    chat: ChatKey,
    from: String,
    status_callback: String,
}

/// A reason to fail after acceptance: code, rule, text.
type Failure = (u32, &'static str, String);

impl Draft {
    fn read(request: &Incoming) -> Draft {
        let mut draft = Draft::default();
        if request.media_type() != "application/x-www-form-urlencoded" {
            return draft;
        }
        for (name, value) in pairs(&request.body) {
            match name.as_str() {
                "To" => draft.to = value,
                "From" => draft.from = value,
                "MessagingServiceSid" => draft.service = value,
                "Body" => draft.body = value,
                "MediaUrl" => draft.media.push(value),
                "StatusCallback" => draft.status_callback = value,
                "ContentSid" => draft.content_sid = value,
                "ContentVariables" => draft.content_variables = value,
                "PersistentAction" => draft.persistent_action = value,
                _ => {}
            }
        }
        draft
    }

    fn is_whatsapp(&self) -> bool {
        self.to.starts_with("whatsapp:")
    }

    /// What can be said without looking anything up.
    fn judge(&self) -> Result<(), Refusal> {
        if self.to.is_empty() {
            return Err(bad("twilio.to.required", 21604, "A 'To' phone number is required."));
        }
        if self.from.is_empty() && self.service.is_empty() {
            return Err(bad("twilio.from.required", 21603, "A 'From' phone number is required."));
        }
        let nothing = self.body.is_empty() && self.media.is_empty() && self.content_sid.is_empty();
        if nothing && self.persistent_action.is_empty() {
            return Err(bad("twilio.body.required", 21602, "Message body is required."));
        }
        if self.body.chars().count() > BODY_MAX {
            let message = "The concatenated message body exceeds the 1600 character limit.";
            return Err(bad("twilio.body.length", 21617, message));
        }
        let number = self.to.strip_prefix("whatsapp:").unwrap_or(&self.to);
        if !is_e164(number) {
            let message = format!("The 'To' number {} is not a valid phone number.", self.to);
            return Err(bad("twilio.to.e164", 21211, &message));
        }
        if !self.from.is_empty() && self.from.starts_with("whatsapp:") != self.is_whatsapp() {
            let message = "Invalid From and To pair. From and To should be of the same channel";
            return Err(bad("twilio.from.channel", 21910, message));
        }
        if self.from == self.to {
            return Err(bad("twilio.from.self", 21266, "'To' and 'From' number cannot be the same"));
        }
        self.judge_extras()
    }

    fn judge_extras(&self) -> Result<(), Refusal> {
        let most = if self.is_whatsapp() { 1 } else { MEDIA_MAX };
        if self.media.len() > most {
            return Err(bad("twilio.media.count", 21623, "Number of media files exceeds allowed limit"));
        }
        let fetchable = |url: &String| is_web_address(url) || url.starts_with("http://");
        if !self.media.iter().all(fetchable) {
            return Err(bad("twilio.media.url", 21620, "Invalid media URL(s)"));
        }
        if !self.status_callback.is_empty() && !is_web_address(&self.status_callback) {
            let message = format!("The 'StatusCallback' URL {} is not a valid URL.", self.status_callback);
            return Err(bad("twilio.status-callback.url", 21609, &message));
        }
        if !self.content_variables.is_empty() && !self.variables().is_object() {
            return Err(bad("twilio.content.variables", 21656, "The ContentVariables Parameter is invalid"));
        }
        Ok(())
    }

    fn variables(&self) -> Value {
        serde_json::from_str(&self.content_variables).unwrap_or_default()
    }
}

/// `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`.
pub(super) async fn create(
    shared: &Handle,
    request: &Incoming,
    glance: &Glance,
    account_sid: &str,
) -> Result<Reply, Refusal> {
    let draft = Draft::read(request);
    draft.judge()?;
    let letter = shared.with(|world| look_up(world, &draft, account_sid))?;
    let (media, mut failure) = fetch_media(shared, &draft).await;
    if failure.is_none() && draft.is_whatsapp() {
        failure = window(shared, &draft, &letter, glance);
    }
    let (sid, shown) = shared.with(|world| accept(world, shared, &draft, &letter, media, account_sid));
    let occasion = Occasion {
        provider: Provider::Twilio,
        operation: &glance.operation,
        customer: glance.customer.as_deref(),
    };
    let mut plan = shared.with(|world| world.receipt_plan(occasion));
    if plan.undelivered {
        failure.get_or_insert((30003, "fault", "Unreachable destination handset".to_owned()));
    }
    plan.undelivered = failure.is_some();
    let steps = steps(shared, account_sid, &sid, &letter, failure.as_ref());
    play(shared, letter.chat, sid, steps, plan).await;
    let reply = Reply::json(201, &shown);
    Ok(match failure {
        Some((_, rule, why)) if rule != "fault" => reply.verdict(Verdict::Failed { rule, why }),
        _ => reply,
    })
}

/// Finds sender, content and opt-out.
fn look_up(world: &mut World, draft: &Draft, account_sid: &str) -> Result<Letter, Refusal> {
    let account = world.twilio_account(account_sid).ok_or_else(|| not_found(account_sid))?.clone();
    let whatsapp = draft.is_whatsapp();
    let mut status_callback = draft.status_callback.clone();
    let mut from = draft.from.strip_prefix("whatsapp:").unwrap_or(&draft.from).to_owned();
    if !draft.service.is_empty() {
        let service = account.services.iter().find(|service| service.sid == draft.service);
        let service =
            service.ok_or_else(|| bad("twilio.service", 21701, "The Messaging Service does not exist"))?;
        let mut numbers =
            account.numbers.iter().filter(|number| service.numbers.contains(&number.phone_number));
        let sender = numbers.find(|number| number.whatsapp || !whatsapp);
        let message = "The Messaging Service does not contain a phone number";
        let sender = sender.ok_or_else(|| bad("twilio.service.numbers", 21703, message))?;
        if from.is_empty() {
            from.clone_from(&sender.phone_number);
        }
        if status_callback.is_empty() {
            status_callback.clone_from(&service.status_callback);
        }
    }
    let number = account.numbers.iter().find(|number| number.phone_number == from);
    match number {
        None if whatsapp => return Err(no_sender()),
        None if !is_e164(&from) => {
            let message =
                format!("The 'From' number {from} is not a valid phone number or alphanumeric sender id");
            return Err(bad("twilio.from.e164", 21212, &message));
        }
        None => return Err(not_owned(&from)),
        Some(number) if whatsapp && !number.whatsapp => return Err(no_sender()),
        Some(number) if !whatsapp && !draft.media.is_empty() && !number.mms => {
            let message = "The 'From' number cannot send MMS to the 'To' number";
            return Err(bad("twilio.media.capability", 21612, message));
        }
        Some(_) => {}
    }
    if !draft.content_sid.is_empty() && !world.contents.contains_key(&draft.content_sid) {
        return Err(bad("twilio.content.sid", 21655, "The ContentSid is invalid"));
    }
    let channel = if whatsapp { Channel::Whatsapp } else { Channel::Sms };
    let customer = draft.to.strip_prefix("whatsapp:").unwrap_or(&draft.to).to_owned();
    let chat = ChatKey { channel, account: from.clone(), customer };
    if world.chat(&chat).opted_out {
        return Err(opted_out());
    }
    Ok(Letter { chat, from: address(channel, &from), status_callback })
}

fn no_sender() -> Refusal {
    let message = "Twilio could not find a Channel with the specified From address";
    bad("twilio.from.whatsapp", 63007, message)
}

/// A number as Twilio writes it on a channel.
pub(super) fn address(channel: Channel, number: &str) -> String {
    if channel == Channel::Whatsapp { format!("whatsapp:{number}") } else { number.to_owned() }
}

/// WhatsApp: free messages only within a day of the customer's last.
fn window(shared: &Shared, draft: &Draft, letter: &Letter, glance: &Glance) -> Option<Failure> {
    let wrote = shared.look(|world| world.chats.get(&letter.chat).and_then(|chat| chat.wrote_at_ms));
    let open = wrote.is_some_and(|at| shared.now_ms() - at < DAY_MS) && !glance.window_closed;
    let approved = shared.look(|world| {
        world.contents.get(&draft.content_sid).is_some_and(|content| content["approved"] == true)
    });
    let why = "Failed to send freeform message because you are outside the allowed window";
    (!open && !approved).then(|| (63016, "twilio.whatsapp.window", why.to_owned()))
}

async fn fetch_media(shared: &Shared, draft: &Draft) -> (Vec<Medium>, Option<Failure>) {
    let (mut media, mut failure, mut bytes_in_all) = (Vec::new(), None, 0);
    let (bytes_max, types): (usize, &[&str]) = if draft.is_whatsapp() {
        (
            WHATSAPP_BYTES_MAX,
            &["image/jpeg", "image/png", "image/webp", "audio/", "video/mp4", "application/", "text/"],
        )
    } else {
        (MMS_BYTES_MAX, &["image/", "audio/", "video/", "text/", "application/pdf"])
    };
    for url in &draft.media {
        let content_type = match fetch_medium(shared, url).await {
            Fetched::Elsewhere => "image/*".to_owned(),
            Fetched::Failed(why) => {
                failure.get_or_insert((11200, "twilio.media.fetch", why));
                continue;
            }
            Fetched::File { content_type, bytes } => {
                bytes_in_all += bytes.len();
                let too_large =
                    draft.is_whatsapp() && content_type.starts_with("image/") && bytes.len() > MMS_BYTES_MAX;
                if bytes_in_all > bytes_max || too_large {
                    failure.get_or_insert((11751, "twilio.media.size", format!("{url} is too large")));
                }
                if !types.iter().any(|known| content_type.starts_with(known)) {
                    let why = format!("{url} is {content_type}, which is not taken");
                    failure.get_or_insert((12300, "twilio.media.type", why));
                }
                content_type
            }
        };
        media.push(Medium { url: url.clone(), content_type });
    }
    (media, failure)
}

/// Makes the message: resource, bubble, answer.
fn accept(
    world: &mut World,
    shared: &Shared,
    draft: &Draft,
    letter: &Letter,
    media: Vec<Medium>,
    account_sid: &str,
) -> (String, Value) {
    let sid = world.ids.twilio(if media.is_empty() { "SM" } else { "MM" });
    let now_ms = shared.now_ms();
    let mut bubble = Bubble::text(&sid, Side::Business, now_ms, &draft.body);
    bubble.media = media;
    bubble.place = place(&draft.persistent_action);
    if let Some(content) = world.contents.get(&draft.content_sid) {
        dress(&mut bubble, content, &draft.variables());
    }
    let body = bubble.text.clone();
    let to = address(letter.chat.channel, &letter.chat.customer);
    let shown = json!({
        "sid": sid, "account_sid": account_sid, "to": to, "from": letter.from, "body": body,
        "status": if draft.service.is_empty() { "queued" } else { "accepted" },
        "num_segments": segments(&body).to_string(), "num_media": draft.media.len().to_string(),
        "direction": "outbound-api", "api_version": "2010-04-01", "price": null, "price_unit": "USD",
        "error_code": null, "error_message": null,
        "messaging_service_sid": Some(&draft.service).filter(|sid| !sid.is_empty()),
        "date_created": rfc2822(now_ms), "date_updated": rfc2822(now_ms), "date_sent": null,
        "uri": format!("/2010-04-01/Accounts/{account_sid}/Messages/{sid}.json"),
    });
    world.chat(&letter.chat).bubbles.push(bubble);
    world.twilio_messages.insert(sid.clone(), shown.clone());
    (sid, shown)
}

fn place(action: &str) -> Option<Place> {
    let (degrees, name) = action.strip_prefix("geo:")?.split_once('|').unwrap_or((&action[4..], ""));
    let (latitude, longitude) = degrees.split_once(',')?;
    Some(Place {
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        name: name.to_owned(),
    })
}

fn rfc2822(ms: i64) -> String {
    let format = &time::format_description::well_known::Rfc2822;
    let at = time::OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    at.format(format).unwrap_or_default()
}

/// The life of an accepted message.
fn steps(
    shared: &Shared,
    account_sid: &str,
    sid: &str,
    letter: &Letter,
    failure: Option<&Failure>,
) -> Vec<Step> {
    let statuses: Vec<&'static str> = match failure {
        Some((11200 | 11751 | 12300 | 63016, ..)) => vec!["failed"],
        Some(_) => vec!["sent", "undelivered"],
        None => {
            let reads = letter.chat.channel == Channel::Whatsapp;
            let far =
                [(Receipts::Sent, "sent"), (Receipts::Delivered, "delivered"), (Receipts::Read, "read")];
            let far = far.into_iter().filter(|(_, status)| reads || *status != "read");
            far.filter(|(at, _)| *at <= shared.config.receipts).map(|(_, status)| status).collect()
        }
    };
    let told = |status| {
        let code = failure.filter(|_| matches!(status, "failed" | "undelivered")).map(|failure| failure.0);
        let pairs = status_pairs(account_sid, sid, letter, status, code);
        let route = Route::Twilio {
            account_sid: account_sid.to_owned(),
            url: letter.status_callback.clone(),
            get: false,
            operation: "status",
            pairs,
        };
        Step { status, route: Some(route).filter(|_| !letter.status_callback.is_empty()) }
    };
    statuses.into_iter().map(told).collect()
}

fn status_pairs(
    account_sid: &str,
    sid: &str,
    letter: &Letter,
    status: &str,
    code: Option<u32>,
) -> Vec<(String, String)> {
    let to = address(letter.chat.channel, &letter.chat.customer);
    let mut pairs = vec![
        ("SmsSid", sid.to_owned()),
        ("SmsStatus", status.to_owned()),
        ("MessageStatus", status.to_owned()),
        ("To", to),
        ("MessageSid", sid.to_owned()),
        ("AccountSid", account_sid.to_owned()),
        ("From", letter.from.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if letter.chat.channel == Channel::Whatsapp {
        pairs.push(("ChannelPrefix", "whatsapp".to_owned()));
    }
    if let Some(code) = code {
        pairs.push(("ErrorCode", code.to_string()));
    }
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `GET …/Messages/{SM}.json`.
pub(super) fn fetch(shared: &Handle, message: &str) -> Result<Reply, Refusal> {
    let sid = message.trim_end_matches(".json");
    let shown = shared.look(|world| world.twilio_messages.get(sid).cloned());
    shown.map(|shown| Reply::json(200, &shown)).ok_or_else(|| not_found(&format!("/Messages/{sid}")))
}

/// `GET …/Messages/{MM}/Media/{ME}`: leads to the storage host.
pub(super) fn media(shared: &Handle, media: &str) -> Result<Reply, Refusal> {
    if !shared.look(|world| world.files.contains_key(media)) {
        return Err(not_found(&format!("/Media/{media}")));
    }
    Ok(Reply::empty(307).header("location", format!("{}/media/{media}", shared.origin)))
}
