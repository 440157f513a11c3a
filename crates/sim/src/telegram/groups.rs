//! Groups, and what becomes of one that is upgraded to a supergroup: it has another id, and the former one
//! takes nothing any more (core.telegram.org/bots/api#message, #responseparameters).

use serde_json::{Value, json};

use crate::callback::Route;
use crate::chat::{Chat, ChatKey};
use crate::customer::Told;
use crate::error::SimError;
use crate::http::Refusal;
use crate::world::World;

use super::errors::bad_with;
use super::inbound::{next_number, person, route};

/// Who writes in groups.
pub(super) const MEMBER: i64 = 1_111_111;
/// What stands before the number of a supergroup.
const SUPERGROUP: &str = "-100";
/// What every group of the simulator is called.
const TITLE: &str = "Friends";

/// A chat as Telegram shows it.
pub(super) fn shown(key: &ChatKey, first_name: &str, last_name: &str) -> Value {
    let id: i64 = key.customer.parse().unwrap_or_default();
    match id {
        0.. => json!({"id": id, "first_name": first_name, "last_name": last_name, "type": "private"}),
        _ if key.customer.starts_with(SUPERGROUP) => {
            json!({"id": id, "title": TITLE, "type": "supergroup"})
        }
        _ => json!({"id": id, "title": TITLE, "type": "group", "all_members_are_administrators": true}),
    }
}

/// The refusal of what is sent to a group that is a supergroup now.
pub(super) fn judge(chat: &Chat) -> Result<(), Refusal> {
    let Some(to) = &chat.upgraded_to else { return Ok(()) };
    let why = "group chat was upgraded to a supergroup chat";
    let to: i64 = to.parse().unwrap_or_default();
    Err(bad_with("telegram.chat.upgraded", why, json!({"migrate_to_chat_id": to})))
}

/// Makes a supergroup of a group. Both chats tell it.
pub(super) fn upgrade(
    world: &mut World,
    key: &ChatKey,
    bot_id: i64,
    at_ms: i64,
    silently: bool,
) -> Result<Told, SimError> {
    if !key.customer.starts_with('-') || key.customer.starts_with(SUPERGROUP) {
        return Err(SimError::NotThere("only a group becomes a supergroup".to_owned()));
    }
    let number = world.ids.digits(10);
    let new = ChatKey { customer: format!("{SUPERGROUP}{number}"), ..key.clone() };
    let told = tell(world, key, &new, bot_id, at_ms);
    let old = world.chat(key);
    old.upgraded_to = Some(new.customer.clone());
    let wrote_at_ms = old.wrote_at_ms;
    world.chat(&new).wrote_at_ms = wrote_at_ms;
    Ok(if silently { Told::nothing() } else { told })
}

fn tell(world: &mut World, old: &ChatKey, new: &ChatKey, bot_id: i64, at_ms: i64) -> Told {
    let id = |key: &ChatKey| key.customer.parse::<i64>().unwrap_or_default();
    let (from, before) = person(world, old);
    let mut leaves = json!({"message_id": next_number(world, old), "from": from, "chat": before,
        "date": at_ms / 1000});
    leaves["migrate_to_chat_id"] = id(new).into();
    let (_, after) = person(world, new);
    let anonymous =
        json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"});
    let mut comes = json!({"message_id": next_number(world, new), "from": anonymous, "sender_chat": after,
        "chat": after, "date": at_ms / 1000});
    comes["migrate_from_chat_id"] = id(old).into();
    let leaves: Route = route(world, bot_id, ("message", leaves));
    let comes = route(world, bot_id, ("message", comes));
    Told { elsewhere: Some((new.clone(), comes)), ..Told::by(None, Some(leaves)) }
}
