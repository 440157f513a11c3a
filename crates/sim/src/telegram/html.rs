//! Telegram's HTML: what is left of a text when its entities are taken out (channels.md §4.3).

const TAGS: &[&str] = &[
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "code",
    "pre",
    "tg-emoji",
    "blockquote",
];

/// The visible text, or what Telegram says about the markup.
pub(super) fn parse(html: &str) -> Result<String, String> {
    let mut text = String::with_capacity(html.len());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let offset = html.len() - rest.len();
        if rest.starts_with('&') {
            let (c, length) = entity(rest);
            text.push(c);
            rest = &rest[length..];
            continue;
        }
        let end = rest.find('>').ok_or_else(|| format!("Unclosed start tag at byte offset {offset}"))?;
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            close(&mut open, name.trim(), offset)?;
        } else {
            open.push(start(tag, offset)?);
        }
    }
    text.push_str(rest);
    match open.last() {
        Some(name) => Err(format!("Can't find end tag corresponding to start tag \"{name}\"")),
        None => Ok(text),
    }
}

fn start(tag: &str, offset: usize) -> Result<&str, String> {
    let name = tag.split([' ', '\t', '\n']).next().unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    if !TAGS.contains(&lower.as_str()) {
        return Err(format!("Unsupported start tag \"{name}\" at byte offset {offset}"));
    }
    if lower == "span" && !tag.contains("tg-spoiler") {
        return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {offset}"));
    }
    Ok(name)
}

fn close(open: &mut Vec<&str>, name: &str, offset: usize) -> Result<(), String> {
    match open.pop() {
        None => Err(format!("Unexpected end tag at byte offset {offset}")),
        Some(expected) if name.is_empty() || expected.eq_ignore_ascii_case(name) => Ok(()),
        Some(expected) => Err(format!(
            "Unmatched end tag at byte offset {offset}, expected \"</{expected}>\", found \"</{name}>\""
        )),
    }
}

/// The character of an entity and its length; an ampersand that begins none stands for itself.
fn entity(text: &str) -> (char, usize) {
    for (name, c) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')] {
        if text.starts_with(name) {
            return (c, name.len());
        }
    }
    let number = text.strip_prefix("&#").and_then(|rest| rest.split_once(';'));
    let code = number.and_then(|(digits, _)| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    match (number, code.and_then(char::from_u32)) {
        (Some((digits, _)), Some(c)) => (c, digits.len() + 3),
        _ => ('&', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn entities_are_taken_out() {
        assert_eq!(
            parse("<b>a &lt; b</b> &amp; <a href=\"https://e.com\">c</a>").as_deref(),
            Ok("a < b & c")
        );
        assert_eq!(parse("&#65;&#x42; & c").as_deref(), Ok("AB & c"));
    }

    #[test]
    fn wrong_markup_is_named() {
        assert_eq!(parse("<h1>a</h1>"), Err("Unsupported start tag \"h1\" at byte offset 0".to_owned()));
        assert_eq!(parse("a<b>c"), Err("Can't find end tag corresponding to start tag \"b\"".to_owned()));
        assert_eq!(parse("a</b>"), Err("Unexpected end tag at byte offset 1".to_owned()));
        assert!(parse("<b><i>a</b></i>").is_err());
        assert!(parse("a <").is_err());
    }
}
