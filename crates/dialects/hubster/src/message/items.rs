//! The items of carousels and lists (hubster.md §5.2, list item).

use model::content::{Action, ActionKind, Item, MediaRef};
use wire::sunshine::limits::{
    ITEM_ACTIONS_COUNT_MAX, ITEM_DESCRIPTION_CHARS_MAX, ITEM_TITLE_CHARS_MAX, ITEMS_COUNT_MAX,
    TEXT_CHARS_MAX, URL_CHARS_MAX,
};

use super::{actions, channels, object};
use crate::read::{Check, Fields};

/// An item as it was written.
pub(super) struct ListItem {
    title: Option<String>,
    subtitle: Option<String>,
    content: Option<String>,
    /// Its medium; only pictures are shown in items of the core.
    url: Option<String>,
    is_image: bool,
    actions: Vec<Action>,
}

/// Reads items; at least one.
pub(super) fn read(check: &mut Check, fields: &Fields<'_>) -> Option<Vec<ListItem>> {
    let given = check.filled_list(fields, "items")?;
    let read = given.iter().enumerate().map(|(at, value)| {
        let place = format!("{}[{at}]", fields.place("items"));
        let fields = Fields::at(object(check, value, &place)?, place);
        channels::check(check, &fields);
        item(check, &fields)
    });
    let read: Vec<Option<ListItem>> = read.collect();
    read.into_iter().collect()
}

/// Reads an item, or a card, which has the same members.
pub(super) fn item(check: &mut Check, fields: &Fields<'_>) -> Option<ListItem> {
    let before = check.count();
    let text = |check: &mut Check, name| check.text(fields, name, TEXT_CHARS_MAX);
    let (title, subtitle, content) = (text(check, "title"), text(check, "subtitle"), text(check, "content"));
    let member = ["url", "imageUrl", "mediaUrl"].into_iter().find(|name| fields.has(name));
    let url = member.and_then(|name| actions::address(check, fields, name));
    let media = media_type(check, fields, member);
    check.text(fields, "fallbackImageUrl", URL_CHARS_MAX);
    let actions = actions::read(check, fields);
    if check.count() > before {
        return None;
    }
    let is_image = media == Some("image");
    let item = ListItem { title, subtitle, content, url, is_image, actions: actions? };
    if item.lines().trim().is_empty() {
        let text = "A card or an item needs a title, a text or a medium.";
        check.fail(check.codes.empty_message, text);
        return None;
    }
    Some(item)
}

/// What kind of medium the address leads to. It must be said, except where the name of the member or
/// the item's own `type` says it.
fn media_type(check: &mut Check, fields: &Fields<'_>, member: Option<&str>) -> Option<&'static str> {
    const TYPES: &[&str] = &["image", "youtube", "vimeo", "video", "audio"];
    let own_type = || {
        fields
            .get("type")
            .filter(|value| !value.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("card")))
    };
    let given = fields.get("urlType").or_else(own_type);
    let Some(value) = given else {
        match member {
            Some("url") => check.missing(fields, "urlType"),
            Some(_) => return Some("image"),
            None => {}
        }
        return None;
    };
    let known = value.as_str().and_then(|text| TYPES.iter().find(|kind| kind.eq_ignore_ascii_case(text)));
    if known.is_none() {
        check.not_valid(value);
    }
    known.copied()
}

impl ListItem {
    /// The item of the core; `None` for one without what the core's must have, a title and a button, and for
    /// one that has more than the core's has room for: a long text, a fourth button, a medium that is no
    /// picture.
    pub(super) fn to_core(&self) -> Option<Item> {
        let title = self.title.as_deref().or(self.subtitle.as_deref()).or(self.content.as_deref())?;
        if self.actions.is_empty() || self.actions.len() > ITEM_ACTIONS_COUNT_MAX {
            return None;
        }
        let rest = [&self.subtitle, &self.content].into_iter().flatten().filter(|text| *text != title);
        let description = rest.map(String::as_str).collect::<Vec<_>>().join("\n");
        let is_long = |text: &str, chars_max| text.chars().count() > chars_max;
        if is_long(title, ITEM_TITLE_CHARS_MAX)
            || is_long(&description, ITEM_DESCRIPTION_CHARS_MAX)
            || self.url.is_some() && !self.is_image
        {
            return None;
        }
        let media = self.url.clone().map(MediaRef::Url);
        Some(Item {
            title: title.to_owned(),
            description: Some(description).filter(|text| !text.is_empty()),
            media,
            media_type: None,
            alt_text: None,
            size: None,
            actions: self.actions.iter().cloned().map(below_items).collect(),
            metadata: None,
        })
    }

    /// The item as lines of text.
    pub(super) fn lines(&self) -> String {
        let texts = [&self.title, &self.subtitle, &self.content, &self.url].into_iter().flatten();
        texts.map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn actions(&self) -> &[Action] {
        &self.actions
    }
}

/// A button as the core has it below items: there are no quick replies, which become postbacks.
pub(super) fn below_items(button: Action) -> Action {
    match button.kind {
        ActionKind::Reply => Action { kind: ActionKind::Postback, icon_url: None, ..button },
        _ => button,
    }
}

/// All items as the core's, if each can be one.
pub(super) fn all_to_core(items: &[ListItem]) -> Option<Vec<Item>> {
    let fits = items.len() <= ITEMS_COUNT_MAX;
    fits.then(|| items.iter().map(ListItem::to_core).collect::<Option<_>>()).flatten()
}

/// A text that is not longer than the core allows; what is cut off leaves a mark.
pub(super) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    text.chars().take(chars_max - 1).chain(['…']).collect()
}
