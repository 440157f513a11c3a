//! Items of carousels and lists, and the text in place of them (sunshine-v2.md §6.2).

use model::content::{Action, ActionKind, Item, MediaRef};
use model::fallback::{FallbackItem, FallbackLink, items_text};
use wire::sunshine::limits::{
    ITEM_ACTIONS_COUNT_MAX, ITEM_DESCRIPTION_CHARS_MAX, ITEM_TITLE_CHARS_MAX, ITEMS_COUNT_MAX,
    MEDIA_TYPE_CHARS_MAX,
};
use wire::sunshine::types::{self, ItemSize};

use super::{At, Checked, action, content, metadata, one_of, text, url};
use dialect_common::media_type;

/// 1–10 items.
pub(crate) fn all(items: Vec<types::Item>) -> Checked<Vec<Item>> {
    super::count(items.len(), 1, ITEMS_COUNT_MAX).at("items")?;
    items.into_iter().enumerate().map(|(index, one)| item(one).nth("items", index)).collect()
}

fn item(item: types::Item) -> Checked<Item> {
    text::within(&item.title, 1, ITEM_TITLE_CHARS_MAX).at("title")?;
    let limited = |text: &Option<String>, max| text::opt(text.as_ref(), |text| text::at_most(text, max));
    limited(&item.description, ITEM_DESCRIPTION_CHARS_MAX).at("description")?;
    limited(&item.media_type, MEDIA_TYPE_CHARS_MAX).at("mediaType")?;
    text::opt(item.media_url.as_ref(), url::web).at("mediaUrl")?;
    let alt_text = content::alt_text(item.alt_text, item.media_url.as_deref())?;
    if let Some(size) = &item.size {
        one_of((), size.is_known(), ItemSize::KNOWN).at("size")?;
    }
    metadata::whole(item.metadata.as_ref())?;
    let guessed = item.media_url.as_deref().and_then(media_type::of_url);
    Ok(Item {
        title: item.title,
        description: item.description,
        media: item.media_url.map(MediaRef::Url),
        media_type: item.media_type.or(guessed.map(str::to_owned)),
        alt_text,
        size: item.size.map(|size| size.as_str().to_owned()),
        actions: action::of_structure(item.actions, 1, ITEM_ACTIONS_COUNT_MAX)?,
        metadata: item.metadata,
    })
}

/// The buttons of all items.
pub(crate) fn actions(items: &[Item]) -> impl Iterator<Item = &Action> {
    items.iter().flat_map(|item| &item.actions)
}

/// The items as plain text.
pub(crate) fn fallback(items: &[Item]) -> String {
    let items: Vec<FallbackItem<'_>> = items
        .iter()
        .map(|item| FallbackItem {
            title: &item.title,
            description: item.description.as_deref(),
            links: item.actions.iter().filter_map(link).collect(),
        })
        .collect();
    items_text(&items)
}

fn link(action: &Action) -> Option<FallbackLink<'_>> {
    let uri = match action.kind {
        ActionKind::Link => action.uri.as_deref(),
        ActionKind::Webview => action.fallback.as_deref(),
        _ => None,
    };
    uri.map(|uri| FallbackLink { text: &action.text, uri })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn read(items: Value) -> Vec<types::Item> {
        serde_json::from_value(items).unwrap()
    }

    fn card() -> Value {
        json!({ "title": "Soup", "description": "Warm", "mediaUrl": "https://a.example/s.png", "size": "large",
            "altText": "a bowl", "metadata": { "k": "v" },
            "actions": [{ "type": "link", "text": "Menu", "uri": "https://a.example/menu" },
                { "type": "postback", "text": "Order", "payload": "o" }] })
    }

    #[test]
    fn an_item_keeps_its_parts_and_has_a_text() {
        let items = all(read(json!([card(), card()]))).unwrap();
        let first = items.first().unwrap();
        assert_eq!(first.media, Some(MediaRef::Url("https://a.example/s.png".to_owned())));
        assert_eq!((first.media_type.as_deref(), first.size.as_deref()), (Some("image/png"), Some("large")));
        assert_eq!(
            fallback(&items),
            "1. Soup\nWarm\nMenu: https://a.example/menu\n\n2. Soup\nWarm\nMenu: https://a.example/menu"
        );
        assert_eq!(actions(&items).count(), 4);
    }

    #[test]
    fn a_picture_is_described_by_its_file_where_nobody_says_more() {
        let mut bare = card();
        bare.as_object_mut().unwrap().remove("altText");
        let mut plain = bare.clone();
        plain.as_object_mut().unwrap().remove("mediaUrl");
        let items = all(read(json!([card(), bare, plain]))).unwrap();
        let described: Vec<_> = items.iter().map(|item| item.alt_text.as_deref()).collect();
        assert_eq!(described, [Some("a bowl"), Some("s.png"), None]);
    }

    #[test]
    fn limits_name_the_field() {
        let with = |field: &str, value: Value| {
            let mut item = card();
            item.as_object_mut().unwrap().insert(field.to_owned(), value);
            all(read(json!([card(), item]))).unwrap_err().to_string()
        };
        let long = Value::from("x".repeat(129));
        assert_eq!(with("title", json!("")), "items[1].title: must not be empty");
        assert_eq!(with("title", long.clone()), "items[1].title: must not be longer than 128 characters");
        assert_eq!(
            with("description", long.clone()),
            "items[1].description: must not be longer than 128 characters"
        );
        assert_eq!(
            with("mediaType", long.clone()),
            "items[1].mediaType: must not be longer than 128 characters"
        );
        assert_eq!(with("altText", long), "items[1].altText: must not be longer than 128 characters");
        assert_eq!(with("mediaUrl", json!("x")), "items[1].mediaUrl: must be an absolute http or https URL");
        assert_eq!(with("size", json!("x")), "items[1].size: must be one of compact, large");
        assert_eq!(with("actions", json!([])), "items[1].actions: must have 1 to 3 entries");
        let four: Vec<Value> =
            (0..4).map(|_| json!({ "type": "postback", "text": "a", "payload": "b" })).collect();
        assert_eq!(with("actions", Value::Array(four)), "items[1].actions: must have 1 to 3 entries");
        assert_eq!(all(Vec::new()).unwrap_err().to_string(), "items: must have 1 to 10 entries");
    }
}
