//! Telegram's MarkdownV2: characters that mean something have to be escaped (channels.md §4.3).

/// Characters that stand for themselves only behind a backslash.
const RESERVED: &[char] = &['>', '#', '+', '-', '=', '|', '{', '}', '.', '!'];
/// Characters that begin and end an entity.
const PAIRED: &[char] = &['*', '_', '~', '`'];

/// The visible text, or what Telegram says about the markup. Links and code are looked at no further
/// than their brackets.
pub(super) fn parse(given: &str) -> Result<String, String> {
    let mut text = String::with_capacity(given.len());
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut chars = given.char_indices().peekable();
    let (mut in_code, mut in_address) = (false, false);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => text.extend(chars.next().map(|(_, c)| c)),
            '`' => {
                in_code = !in_code;
                toggle(&mut open, c, at);
            }
            _ if in_code => text.push(c),
            ')' if in_address => in_address = false,
            _ if in_address => {}
            '[' => open.push((c, at)),
            ']' if open.last().is_some_and(|(known, _)| *known == '[') => {
                open.pop();
                in_address = chars.next_if(|(_, next)| *next == '(').is_some();
            }
            c if PAIRED.contains(&c) => toggle(&mut open, c, at),
            '>' if at == 0 || given[..at].ends_with('\n') => {}
            c if RESERVED.contains(&c) || matches!(c, '(' | ')' | ']') => {
                return Err(format!(
                    "Character '{c}' is reserved and must be escaped with the preceding '\\'"
                ));
            }
            c => text.push(c),
        }
    }
    match open.first() {
        Some((c, at)) => Err(format!("Can't find end of {} entity at byte offset {at}", name(*c))),
        None => Ok(text),
    }
}

fn toggle(open: &mut Vec<(char, usize)>, c: char, at: usize) {
    if open.last().is_some_and(|(known, _)| *known == c) {
        open.pop();
    } else {
        open.push((c, at));
    }
}

fn name(c: char) -> &'static str {
    match c {
        '*' => "Bold",
        '_' => "Italic",
        '~' => "Strikethrough",
        '`' => "Code",
        _ => "TextUrl",
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn entities_are_taken_out() {
        assert_eq!(parse(r"*a* _b_ [c](https://e.com/x.y) `d.e` f\.").as_deref(), Ok("a b c d.e f."));
        assert_eq!(parse("__a__ ~b~").as_deref(), Ok("a b"));
    }

    #[test]
    fn wrong_markup_is_named() {
        let reserved = "Character '.' is reserved and must be escaped with the preceding '\\'";
        assert_eq!(parse("a."), Err(reserved.to_owned()));
        assert_eq!(parse("a *b"), Err("Can't find end of Bold entity at byte offset 2".to_owned()));
    }
}
