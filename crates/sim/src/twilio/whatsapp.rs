//! How a content resource looks on the phone.

use serde_json::Value;

use crate::chat::{Bubble, Button, ButtonKind, Medium};

/// Puts the first type of a content resource into a bubble, its variables filled in.
pub(super) fn dress(bubble: &mut Bubble, content: &Value, variables: &Value) {
    let Some((_, first)) = content["types"].as_object().and_then(|types| types.iter().next()) else { return };
    let filled = |value: &Value| fill(value.as_str().unwrap_or_default(), &content["variables"], variables);
    bubble.text = filled(&first["body"]);
    if let Some(title) = first["title"].as_str() {
        bubble.title = Some(title.to_owned());
    }
    for url in first["media"].as_array().into_iter().flatten() {
        bubble.media.push(Medium { url: filled(url), content_type: "image/*".to_owned() });
    }
    for action in first["actions"].as_array().into_iter().flatten() {
        let link = action["url"].is_string();
        let kind = if link { ButtonKind::Link } else { ButtonKind::Reply };
        let value = filled(if link { &action["url"] } else { &action["id"] });
        bubble.buttons.push(Button { label: filled(&action["title"]), kind, value });
    }
    for item in first["items"].as_array().into_iter().flatten() {
        bubble.buttons.push(Button {
            label: filled(&item["item"]),
            kind: ButtonKind::Row,
            value: filled(&item["id"]),
        });
    }
}

fn fill(text: &str, defaults: &Value, given: &Value) -> String {
    let mut filled = text.to_owned();
    for values in [given, defaults] {
        for (name, value) in values.as_object().into_iter().flatten() {
            filled = filled.replace(&format!("{{{{{name}}}}}"), value.as_str().unwrap_or_default());
        }
    }
    filled
}
