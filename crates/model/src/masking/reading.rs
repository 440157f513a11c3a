//! A text as people read it, a byte a letter, so that numbers can be looked for in it.

/// What may stand between the groups of a number: any one space or dash.
pub(super) const SEPARATOR: u8 = b' ';
/// What ends a number and is no letter.
const OTHER: u8 = b'.';

/// Tags that do not interrupt a line.
const INLINE_TAGS: [&str; 10] = ["strong", "b", "em", "i", "u", "ins", "s", "del", "a", "code"];

/// What the sanitiser writes for letters that HTML needs otherwise.
const ENTITIES: [&str; 5] = ["&nbsp;", "&amp;", "&lt;", "&gt;", "&quot;"];

/// Digits and ASCII letters as they are, spaces and dashes as [`SEPARATOR`], anything else as another sign;
/// what nobody sees is left out.
#[derive(Default)]
pub(super) struct Reading {
    pub letters: Vec<u8>,
    /// Where each of them stands in the text, in bytes.
    pub places: Vec<usize>,
}

impl Reading {
    /// Reads a plain text.
    pub(super) fn of_text(text: &str) -> Reading {
        let mut reading = Reading::default();
        reading.run(text, 0, false);
        reading
    }

    /// Reads sanitised HTML.
    pub(super) fn of_html(html: &str) -> Reading {
        let mut reading = Reading::default();
        let mut at = 0;
        while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
            let text_end = rest.find('<').unwrap_or(rest.len());
            let (text, tag) = rest.split_at(text_end);
            reading.run(text, at, true);
            at += text_end;
            // A tag that does not end hides what follows.
            let tag = tag.get(..tag_end(tag)).unwrap_or_default();
            if !is_inline(tag) {
                reading.add(OTHER, at);
            }
            at += tag.len();
        }
        reading
    }

    /// Reads what stands between two tags, or a whole text; `offset` is where it begins.
    fn run(&mut self, text: &str, offset: usize, is_html: bool) {
        let mut at = 0;
        let mut before = None;
        while let Some(rest) = text.get(at..)
            && let Some(letter) = rest.chars().next()
        {
            let is_first = !before.is_some_and(|before: char| before.is_ascii_alphanumeric());
            let address = if is_first { address_length(rest, is_html) } else { 0 };
            let entity = if is_html { entity_length(rest) } else { 0 };
            let length = if address > 0 {
                self.add(OTHER, offset + at);
                address
            } else if entity > 0 {
                self.add(if rest.starts_with("&nbsp;") { SEPARATOR } else { OTHER }, offset + at);
                entity
            } else {
                self.letter(letter, offset + at, is_html);
                letter.len_utf8()
            };
            before = Some(letter);
            at += length;
        }
    }

    fn letter(&mut self, letter: char, at: usize, is_html: bool) {
        match letter {
            letter if is_unseen(letter) => {}
            // HTML shows any amount of white space as one space.
            letter if is_html && letter.is_ascii_whitespace() => {
                if self.letters.last() != Some(&SEPARATOR) {
                    self.add(SEPARATOR, at);
                }
            }
            '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.add(OTHER, at),
            letter if letter.is_whitespace() || is_dash(letter) => self.add(SEPARATOR, at),
            letter => {
                let seen = u8::try_from(letter).ok().filter(u8::is_ascii_alphanumeric);
                self.add(seen.unwrap_or(OTHER), at);
            }
        }
    }

    fn add(&mut self, letter: u8, at: usize) {
        self.letters.push(letter);
        self.places.push(at);
    }
}

/// The length of a tag at the beginning, quotes respected; all of it if it does not end.
fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

fn is_inline(tag: &str) -> bool {
    let inner = tag.trim_start_matches('<').trim_start_matches('/');
    let name = inner.split([' ', '/', '>']).next().unwrap_or_default();
    INLINE_TAGS.contains(&name)
}

/// The length of an address at the beginning; 0 if there is none.
fn address_length(text: &str, is_html: bool) -> usize {
    let begins = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme))
    };
    if !begins("http://") && !begins("https://") {
        return 0;
    }
    let ends = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"');
    let end = text.find(ends).unwrap_or(text.len());
    let address = text.get(..end).unwrap_or_default();
    let entities = ENTITIES.iter().filter(|entity| is_html && **entity != "&amp;");
    entities.filter_map(|entity| address.find(entity)).min().unwrap_or(end)
}

/// The length of an entity at the beginning; 0 if there is none.
fn entity_length(text: &str) -> usize {
    ENTITIES.iter().find(|entity| text.starts_with(**entity)).map_or(0, |entity| entity.len())
}

fn is_dash(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Letters without a width: they may stand anywhere and change nothing that is seen.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}
