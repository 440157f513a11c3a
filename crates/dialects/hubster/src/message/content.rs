//! From each type of message to the core's content.

use model::content::{
    Action, Carousel, Content, Coordinates, List, Location, MediaContent, MediaRef, Place, Text,
};
use serde_json::Value;
use wire::hubster::codes;
use wire::sunshine::limits::{
    ACTIONS_COUNT_MAX, ALT_TEXT_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, LIST_ACTIONS_COUNT_MAX,
    MEDIA_TYPE_CHARS_MAX, TEXT_CHARS_MAX, URL_CHARS_MAX,
};

use super::items::{self, ListItem, all_to_core, cut};
use super::{actions, channels, known_type, object};
use crate::read::{Check, Fields};

/// What may stand in the `items` of a text.
const ITEM_TYPES: &[&str] =
    &["youtube", "vimeo", "video", "audio", "image", "attachment", "location", "contact", "card"];

/// Reads a message whose type is known.
pub(super) fn read(check: &mut Check, fields: &Fields<'_>, kind: &str) -> Option<Content> {
    match kind {
        "text" => text(check, fields),
        "youtube" | "vimeo" => link(check, fields),
        "video" | "audio" => {
            of_a_player(check, fields);
            media(check, fields).map(Content::File)
        }
        "image" => image(check, fields).map(Content::Image),
        "attachment" => attachment(check, fields).map(Content::File),
        "location" => location(check, fields),
        "contact" => contact(check, fields),
        "card" => card(check, fields),
        "carousel" => carousel(check, fields),
        _ => list(check, fields),
    }
}

/// A text with buttons; those for which the core has no room are named below the text.
fn plain(mut text: String, mut actions: Vec<Action>) -> Content {
    for action in actions.split_off(actions.len().min(ACTIONS_COUNT_MAX)) {
        let line = action.uri.map_or_else(|| action.text.clone(), |uri| format!("{}: {uri}", action.text));
        text.push('\n');
        text.push_str(&line);
    }
    Content::Text(Text { text: Some(cut(&text, TEXT_CHARS_MAX)), actions, ..Text::default() })
}

/// A text with media and buttons: the core shows the media by their addresses, below the text.
fn text(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let before = check.count();
    let said = check.text(fields, "text", TEXT_CHARS_MAX).filter(|text| !text.trim().is_empty());
    if check.count() > before {
        return None;
    }
    if said.is_none() && !filled(fields, "items") && !filled(fields, "actions") {
        check.fail(check.codes.empty_message, "A text message needs text, items or actions.");
        return None;
    }
    let mut buttons = actions::read(check, fields)?;
    let mut media = match fields.has("items") {
        true => media_items(check, fields)?,
        false => Vec::new(),
    };
    if said.is_none() && media.len() == 1 && buttons.is_empty() {
        return media.pop().map(|only| only.content);
    }
    let of_cards = media.iter_mut().flat_map(|part| std::mem::take(&mut part.actions));
    buttons.extend(of_cards);
    // What the text itself links to is not shown twice.
    let is_said = |line: &String| said.as_ref().is_some_and(|said| said.contains(line.as_str()));
    let below: Vec<String> = media.into_iter().map(|part| part.words).filter(|line| !is_said(line)).collect();
    let lines: Vec<String> = said.into_iter().chain(below).filter(|line| !line.is_empty()).collect();
    let text = if lines.is_empty() { button_names(&buttons) } else { lines.join("\n") };
    Some(plain(text, buttons))
}

fn filled(fields: &Fields<'_>, name: &str) -> bool {
    fields.get(name).and_then(Value::as_array).is_some_and(|items| !items.is_empty())
}

fn button_names(buttons: &[Action]) -> String {
    buttons.iter().map(|button| button.text.as_str()).collect::<Vec<_>>().join(" · ")
}

/// What stands in the `items` of a text.
struct Part {
    /// By itself.
    content: Content,
    /// Among others: its words.
    words: String,
    /// And its buttons.
    actions: Vec<Action>,
}

fn media_items(check: &mut Check, fields: &Fields<'_>) -> Option<Vec<Part>> {
    let given = check.list(fields, "items")?;
    let read = given.iter().enumerate().map(|(at, value)| {
        let place = format!("{}[{at}]", fields.place("items"));
        let fields = Fields::at(object(check, value, &place)?, place);
        let kind = known_type(check, &fields, ITEM_TYPES)?;
        channels::check(check, &fields);
        if kind == "card" {
            let card = items::item(check, &fields)?;
            let (words, actions) = (card.lines(), card.actions().to_vec());
            return Some(Part { content: of_card(&card), words, actions });
        }
        let content = read(check, &fields, kind)?;
        let words = in_words(&content);
        Some(Part { content, words, actions: Vec::new() })
    });
    let read: Vec<Option<Part>> = read.collect();
    read.into_iter().collect()
}

/// A content as text, for channels and places that show nothing else.
fn in_words(content: &Content) -> String {
    match content {
        Content::Text(text) => text.text.clone().unwrap_or_default(),
        Content::Image(media) | Content::File(media) => match (&media.text, &media.media) {
            (Some(text), MediaRef::Url(url)) => format!("{text}: {url}"),
            (None, MediaRef::Url(url)) => url.clone(),
            (_, MediaRef::Attachment { name, .. }) => name.clone(),
        },
        Content::Location(place) => {
            let Coordinates { lat, long } = place.coordinates;
            let address = place.location.as_ref().and_then(|place| place.address.clone());
            let link = format!("https://maps.google.com/maps?q={lat},{long}");
            address.into_iter().chain([link]).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// A video of a portal: its label and its address.
fn link(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let url = actions::address(check, fields, "url");
    let label = check.text(fields, "label", DISPLAY_NAME_CHARS_MAX);
    check.text(fields, "mimeType", MEDIA_TYPE_CHARS_MAX);
    check.integer(fields, "size");
    of_a_player(check, fields);
    let url = url?;
    Some(plain(label.map_or_else(|| url.clone(), |label| format!("{label}\n{url}")), Vec::new()))
}

/// What only those know who play it.
fn of_a_player(check: &mut Check, fields: &Fields<'_>) {
    check.text(fields, "fallbackImageUrl", URL_CHARS_MAX);
    check.integer(fields, "length");
}

fn media(check: &mut Check, fields: &Fields<'_>) -> Option<MediaContent> {
    let url = actions::address(check, fields, "url");
    let label = check.text(fields, "label", DISPLAY_NAME_CHARS_MAX);
    let media_type = check.text(fields, "mimeType", MEDIA_TYPE_CHARS_MAX);
    let size = check.integer(fields, "size").and_then(|size| u64::try_from(size).ok());
    Some(MediaContent {
        // Some write a file's ending here; it is no type that the core's readers know.
        media_type: media_type.filter(|kind| kind.contains('/')),
        media_size: size,
        text: label,
        ..at(url?)
    })
}

/// A medium of which nothing but its address is known.
fn at(url: String) -> MediaContent {
    MediaContent::at(MediaRef::Url(url))
}

fn image(check: &mut Check, fields: &Fields<'_>) -> Option<MediaContent> {
    let url = actions::address(check, fields, "url");
    let title = check.text(fields, "title", TEXT_CHARS_MAX);
    let alt = check.text(fields, "alt", TEXT_CHARS_MAX);
    check.text(fields, "urlAnchor", URL_CHARS_MAX);
    check.text(fields, "titleColor", DISPLAY_NAME_CHARS_MAX);
    Some(MediaContent { alt_text: alt.map(|alt| cut(&alt, ALT_TEXT_CHARS_MAX)), text: title, ..at(url?) })
}

fn attachment(check: &mut Check, fields: &Fields<'_>) -> Option<MediaContent> {
    let before = check.count();
    for name in ["label", "mimeType"] {
        // What is there is checked with the medium, once.
        let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
        if fields.get(name).is_none_or(is_blank) {
            check.required_text(fields, name, MEDIA_TYPE_CHARS_MAX);
        }
    }
    let file = media(check, fields);
    if check.count() > before { None } else { file }
}

/// A place: by coordinates, or by an address, which the core shows as text.
fn location(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let before = check.count();
    let address = check.text(fields, "address", TEXT_CHARS_MAX).filter(|text| !text.trim().is_empty());
    let (lat, long) = (degrees(check, fields, "latitude", 90.0), degrees(check, fields, "longitude", 180.0));
    check.text(fields, "imageUrl", URL_CHARS_MAX);
    if check.count() > before {
        return None;
    }
    match (lat, long, address) {
        (Some(lat), Some(long), address) => {
            let location = address.map(|address| Place { address: Some(address), name: None });
            let coordinates = Coordinates { lat, long };
            Some(Content::Location(Location { coordinates, location, text: None, block_chat_input: None }))
        }
        (None, None, Some(address)) => Some(plain(address, Vec::new())),
        (None, None, None) => {
            check.fail(check.codes.empty_location, "A location needs an address or coordinates.");
            None
        }
        (lat, ..) => {
            check.missing(fields, if lat.is_some() { "longitude" } else { "latitude" });
            None
        }
    }
}

fn degrees(check: &mut Check, fields: &Fields<'_>, name: &str, max: f64) -> Option<f64> {
    let value = fields.get(name)?;
    let degrees = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    let degrees = degrees.filter(|degrees: &f64| degrees.is_finite());
    match degrees {
        None => {
            let text = format!("Property '{}' must be a number.", fields.place(name));
            check.fail(check.codes.decimal, text);
        }
        Some(degrees) if degrees.abs() > max => {
            let text = format!("Property '{}' must be from -{max} to {max}.", fields.place(name));
            check.fail(codes::OUT_OF_RANGE, text);
        }
        Some(_) => {}
    }
    degrees
}

/// A person's addresses, as lines of text.
fn contact(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let before = check.count();
    let title = check.required_text(fields, "title", TEXT_CHARS_MAX);
    let subtitle = check.text(fields, "subtitle", TEXT_CHARS_MAX);
    check.text(fields, "imageUrl", URL_CHARS_MAX);
    let properties = check.list(fields, "properties").map(Vec::as_slice).unwrap_or_default();
    let mut lines: Vec<String> = title.into_iter().chain(subtitle).collect();
    for (at, value) in properties.iter().enumerate() {
        let place = format!("{}[{at}]", fields.place("properties"));
        let Some(members) = object(check, value, &place) else { continue };
        let property = Fields::at(members, place);
        let value = check.required_text(&property, "value", TEXT_CHARS_MAX);
        check.text(&property, "type", DISPLAY_NAME_CHARS_MAX);
        // Clients read a missing key as an empty one: both are no key.
        let key = check.text(&property, "key", DISPLAY_NAME_CHARS_MAX).filter(|key| !key.is_empty());
        match (key, value) {
            (Some(key), Some(value)) => lines.push(format!("{key}: {value}")),
            (None, Some(value)) => lines.push(value),
            _ => {}
        }
    }
    (check.count() == before).then(|| plain(lines.join("\n"), Vec::new()))
}

/// A card: an item by itself, or its picture, or its text.
fn card(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    items::item(check, fields).map(|card| of_card(&card))
}

fn of_card(card: &ListItem) -> Content {
    match card.to_core() {
        Some(item) => in_carousel(vec![item]),
        None => plain(card.lines(), card.actions().to_vec()),
    }
}

fn in_carousel(items: Vec<model::content::Item>) -> Content {
    Content::Carousel(Carousel { items, text: None, image_aspect_ratio: None, block_chat_input: None })
}

fn carousel(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let items = items::read(check, fields)?;
    Some(all_to_core(&items).map_or_else(|| in_lines(&items, Vec::new()), in_carousel))
}

fn list(check: &mut Check, fields: &Fields<'_>) -> Option<Content> {
    let items = items::read(check, fields);
    let buttons = actions::read(check, fields);
    let (items, actions) = (items?, buttons?);
    if actions.len() > LIST_ACTIONS_COUNT_MAX {
        return Some(in_lines(&items, actions));
    }
    let core = all_to_core(&items);
    Some(match core {
        Some(items) => {
            let actions = actions.into_iter().map(items::below_items).collect();
            Content::List(List { items, actions, block_chat_input: None })
        }
        None => in_lines(&items, actions),
    })
}

/// Items that the core's cannot be: as text, one below the other, with all buttons below.
fn in_lines(items: &[ListItem], mut buttons: Vec<Action>) -> Content {
    let lines: Vec<String> = items.iter().map(ListItem::lines).collect();
    buttons.splice(0..0, items.iter().flat_map(|item| item.actions().iter().cloned()));
    plain(lines.join("\n\n"), buttons)
}
