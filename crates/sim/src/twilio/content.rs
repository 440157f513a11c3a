//! Content resources, the only way to buttons on WhatsApp (channels.md §6).

use http::Method;
use serde_json::{Value, json};

use crate::http::{Incoming, Refusal, Reply};
use crate::shared::Handle;

use super::errors::{not_found, refuse};

/// `POST /v1/Content`.
pub(super) fn create(shared: &Handle, request: &Incoming, account_sid: &str) -> Result<Reply, Refusal> {
    if request.media_type() != "application/json" {
        return Err(invalid("twilio.content.json", "the body has to be JSON"));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
        return Err(invalid("twilio.content.json", "the body is no JSON"));
    };
    if body["language"].as_str().is_none_or(str::is_empty) {
        return Err(invalid("twilio.content.language", "language is required"));
    }
    let Some(types) = body["types"].as_object().filter(|types| !types.is_empty()) else {
        return Err(invalid("twilio.content.types", "types is required"));
    };
    for (name, content) in types {
        judge_type(name, content)?;
    }
    let shown = shared.with(|world| {
        let sid = world.ids.twilio("HX");
        let shown = json!({
            "sid": sid, "account_sid": account_sid, "friendly_name": body["friendly_name"],
            "language": body["language"], "variables": body["variables"], "types": body["types"],
            "url": format!("https://content.twilio.com/v1/Content/{sid}"),
        });
        world.contents.insert(sid, shown.clone());
        shown
    });
    Ok(Reply::json(201, &shown))
}

/// Reads or removes a content resource.
pub(super) fn one(shared: &Handle, request: &Incoming, sid: &str) -> Result<Reply, Refusal> {
    let missing = || not_found(&format!("/Content/{sid}"));
    if request.method == Method::DELETE {
        return shared
            .with(|world| world.contents.remove(sid))
            .map(|_| Reply::empty(204))
            .ok_or_else(missing);
    }
    let known = shared.look(|world| world.contents.get(sid).cloned());
    known.map(|content| Reply::json(200, &content)).ok_or_else(missing)
}

fn invalid(rule: &'static str, why: &str) -> Refusal {
    refuse(rule, 20422, 400, &format!("Invalid Parameter: {why}"))
}

fn judge_type(name: &str, content: &Value) -> Result<(), Refusal> {
    let rule = "twilio.content.limits";
    let body = |max: usize| limited(rule, content, "body", 1, max);
    match name {
        "twilio/text" => body(1600),
        "twilio/media" => match content["media"].as_array() {
            Some(media) if !media.is_empty() && media.iter().all(Value::is_string) => Ok(()),
            _ => Err(invalid(rule, "media is required")),
        },
        "twilio/location" => {
            let degrees = content["latitude"].is_number() && content["longitude"].is_number();
            if degrees { Ok(()) } else { Err(invalid(rule, "latitude and longitude are required")) }
        }
        "twilio/quick-reply" => {
            body(1024)?;
            each(rule, content, "actions", 3, |action| {
                limited(rule, action, "title", 1, 20)?;
                limited(rule, action, "id", 1, 200)
            })
        }
        "twilio/list-picker" => {
            body(1024)?;
            limited(rule, content, "button", 1, 20)?;
            each(rule, content, "items", 10, |item| {
                limited(rule, item, "item", 1, 24)?;
                limited(rule, item, "id", 1, 200)?;
                limited(rule, item, "description", 1, 72)
            })
        }
        "twilio/call-to-action" => {
            body(640)?;
            each(rule, content, "actions", 2, |action| {
                limited(rule, action, "title", 1, 20)?;
                if action["type"] == "URL" { limited(rule, action, "url", 1, 2000) } else { Ok(()) }
            })
        }
        "twilio/card" => limited(rule, content, "title", 1, 1024),
        "twilio/carousel" => each(rule, content, "cards", 10, |card| limited(rule, card, "title", 1, 160)),
        _ => Err(invalid("twilio.content.types", &format!("there is no content type {name}"))),
    }
}

fn limited(rule: &'static str, of: &Value, name: &str, min: usize, max: usize) -> Result<(), Refusal> {
    let length = of[name].as_str().map_or(0, |text| text.chars().count());
    if (min..=max).contains(&length) {
        return Ok(());
    }
    Err(invalid(rule, &format!("{name} has {length} characters, {min} to {max} are allowed")))
}

fn each(
    rule: &'static str,
    of: &Value,
    name: &str,
    max: usize,
    judge: impl Fn(&Value) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let items = of[name].as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() || items.len() > max {
        return Err(invalid(rule, &format!("{name} has {} entries, 1 to {max} are allowed", items.len())));
    }
    items.iter().try_for_each(judge)
}
