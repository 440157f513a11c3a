//! A text that is a link to a medium is that medium (hubster.md §5.2, "Text that is a link").

use serde_json::{Map, Value};
use url::Url;
use wire::hubster::types::{Image, Location, Medium, Message};

/// Links of one text that are looked at.
const LINKS_MAX: usize = 10;

/// Hosts of videos that may be written without a scheme.
const BARE: &[&str] = &[
    "youtube.com/",
    "www.youtube.com/",
    "m.youtube.com/",
    "youtu.be/",
    "vimeo.com/",
    "www.vimeo.com/",
    "player.vimeo.com/",
];

/// A text message whose links are shown as what they lead to: one that is nothing but a link becomes that
/// type, and with other text beside it the medium stands among the items. Everything else stays as it is.
pub(crate) fn enriched(message: Value) -> Value {
    let Value::Object(mut members) = message else { return message };
    let is_text =
        members.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
    let text = members.get("text").and_then(Value::as_str).map(|text| text.trim().to_owned());
    let Some(text) = text.filter(|text| is_text && !text.is_empty()) else { return Value::Object(members) };
    if !text.contains('/') {
        return Value::Object(members);
    }
    let is_alone = ["items", "actions"].iter().all(|name| is_empty(members.get(*name)));
    match medium(&text).map(|medium| medium.to_json()) {
        Some(Value::Object(medium)) if is_alone => {
            members.remove("text");
            members.extend(medium);
        }
        _ => append(&mut members, &text),
    }
    Value::Object(members)
}

/// Whether a list is absent, or has nothing in it.
pub(crate) fn is_empty(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.as_array().is_some_and(Vec::is_empty))
}

/// Puts the media that a text links to behind its items.
fn append(members: &mut Map<String, Value>, text: &str) {
    // A text that cannot be read is refused as it stands.
    if !matches!(members.get("items"), None | Some(Value::Array(_))) {
        return;
    }
    let links = text.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ';', '!', ')']));
    let found: Vec<Value> = links.filter_map(medium).map(|medium| medium.to_json()).take(LINKS_MAX).collect();
    if found.is_empty() {
        return;
    }
    if let Value::Array(items) = members.entry("items").or_insert_with(|| Value::Array(Vec::new())) {
        // A message that was enriched before and is sent again has them already.
        let new: Vec<Value> = found.into_iter().filter(|medium| !items.contains(medium)).collect();
        items.extend(new);
    }
}

/// The medium that a link leads to; `None` for what is no link, or leads to a page.
fn medium(text: &str) -> Option<Message> {
    if !text.contains('/') || text.split_whitespace().nth(1).is_some() {
        return None;
    }
    let begins_with =
        |host: &&str| text.get(..host.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(host));
    let is_bare = BARE.iter().any(begins_with);
    let address = if is_bare { format!("https://{text}") } else { text.to_owned() };
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.to_ascii_lowercase();
    let host = host.trim_start_matches("www.").trim_start_matches("m.");
    if let Some(place) = place(host, &url) {
        return Some(place);
    }
    let is_youtube = match host {
        "youtu.be" => url.path().len() > 1,
        "youtube.com" => url.path().starts_with("/embed/") || is_watched(&url),
        _ => false,
    };
    let is_vimeo = match host {
        "vimeo.com" => is_number(url.path().trim_start_matches('/')),
        "player.vimeo.com" => url.path().starts_with("/video/"),
        _ => false,
    };
    if !is_youtube && !is_vimeo {
        return by_ending(url.path(), address);
    }
    let medium = Medium { url: address, ..Medium::default() };
    Some(if is_youtube { Message::Youtube(medium) } else { Message::Vimeo(medium) })
}

fn is_watched(url: &Url) -> bool {
    url.path() == "/watch" && url.query_pairs().any(|(name, value)| name == "v" && !value.is_empty())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn by_ending(path: &str, url: String) -> Option<Message> {
    let (_, ending) = path.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "bmp" => {
            Some(Message::Image(Image { url, ..Image::default() }))
        }
        "mp4" | "mov" | "webm" => Some(Message::Video(Medium { url, ..Medium::default() })),
        "mp3" | "wav" | "ogg" | "m4a" => Some(Message::Audio(Medium { url, ..Medium::default() })),
        _ => None,
    }
}

/// A place on a map: Google's links, which carry coordinates in the query or behind an `@`.
fn place(host: &str, url: &Url) -> Option<Message> {
    let is_map = host == "maps.google.com" || host == "google.com" && url.path().starts_with("/maps");
    if !is_map {
        return None;
    }
    let asked = url.query_pairs().find(|(name, _)| matches!(&**name, "q" | "query" | "ll" | "center"));
    let behind_at = url.path().split('@').nth(1).map(str::to_owned);
    let (latitude, longitude) = asked.map(|(_, value)| value.into_owned()).or(behind_at).and_then(degrees)?;
    let (latitude, longitude) = (Some(latitude), Some(longitude));
    Some(Message::Location(Location { latitude, longitude, ..Location::default() }))
}

fn degrees(text: String) -> Option<(f64, f64)> {
    let mut numbers = text.split(',').map(|number| number.trim().parse::<f64>().ok());
    let (latitude, longitude) = (numbers.next()??, numbers.next()??);
    ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude))
        .then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_link_becomes_what_it_leads_to() {
        for (text, kind) in [
            ("https://site.example/a.png", "image"),
            ("https://site.example/a.PNG?size=2", "image"),
            ("https://site.example/a.mov", "video"),
            ("https://site.example/a.mp3", "audio"),
            ("https://www.youtube.com/watch?v=abc", "youtube"),
            ("https://m.youtube.com/watch?v=abc", "youtube"),
            ("youtube.com/embed/abc", "youtube"),
            ("https://youtu.be/abc", "youtube"),
            ("player.vimeo.com/video/12345678", "vimeo"),
            ("https://vimeo.com/12345678", "vimeo"),
        ] {
            let shown = enriched(json!({ "type": "text", "text": format!(" {text}\n"), "channels": [1] }));
            let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
            assert_eq!(shown, json!({ "type": kind, "url": address, "channels": [1] }), "{text}");
        }
        for text in ["https://maps.google.com/?q=43.5,-79.25", "https://www.google.com/maps/@43.5,-79.25,15z"]
        {
            let wanted = json!({ "type": "location", "latitude": 43.5, "longitude": -79.25 });
            assert_eq!(enriched(json!({ "type": "text", "text": text })), wanted, "{text}");
        }
    }

    #[test]
    fn beside_other_text_the_medium_is_an_item() {
        let said = json!({ "type": "text", "text": "Look: https://site.example/a.png!", "items": [{ "type": "audio" }] });
        let shown = enriched(said);
        assert_eq!(shown["items"][1], json!({ "type": "image", "url": "https://site.example/a.png" }));
        assert_eq!(shown["text"], "Look: https://site.example/a.png!");
        // With buttons below it stays a text.
        let said = json!({ "type": "text", "text": "https://site.example/a.png", "actions": [{}] });
        assert_eq!(enriched(said)["items"][0]["type"], "image");
    }

    #[test]
    fn everything_else_stays() {
        for message in [
            json!({ "type": "text", "text": "https://site.example/page" }),
            json!({ "type": "text", "text": "a.png" }),
            json!({ "type": "text", "text": "https://youtube.com/" }),
            json!({ "type": "text", "text": "https://maps.google.com/?q=Toronto" }),
            json!({ "type": "text", "text": "https://site.example/a.png x", "items": 5 }),
            json!({ "type": "image", "text": "https://site.example/a.png" }),
            json!({ "type": "text" }),
            json!([1]),
        ] {
            assert_eq!(enriched(message.clone()), message);
        }
    }

    proptest! {
        #[test]
        fn any_text_stays_a_message_of_a_known_type(text in "(https?://)?[a-z.]{0,12}(/[ -~]{0,20})?") {
            let shown = enriched(json!({ "type": "text", "text": text }));
            let kind = shown["type"].as_str().unwrap_or_default().to_owned();
            prop_assert!(super::super::TYPES.contains(&kind.as_str()));
        }
    }
}
