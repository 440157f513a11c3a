//! Sanitised HTML as text, plain or with styles. The input is what the sanitiser writes: well-formed
//! tags, quoted attributes, five entities; anything else is taken as text and harms nobody.

use std::ops::Range;

/// A text and how parts of it look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    /// The text: blocks and list items on lines of their own.
    pub text: String,
    /// Parts that look different, in the order of their ends; none is empty.
    pub spans: Vec<Span>,
}

/// A part of a text that looks different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it is, in bytes, on character boundaries.
    pub range: Range<usize>,
    /// How it looks.
    pub style: Style,
}

/// How a part of a text looks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the names say it
pub enum Style {
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Preformatted,
    Quote,
    /// Leads to this address.
    Link(String),
}

/// The plain text of sanitised HTML: the address of a link stands behind its label.
pub fn plain_text(html: &str) -> String {
    read(html, &|_| true).text
}

/// The text of sanitised HTML with its styles.
pub fn rich_text(html: &str) -> RichText {
    read(html, &|_| false)
}

/// The same for a reader who can follow the links to some addresses only: that of any other stands behind its
/// label, which is no link then.
pub fn rich_text_for(html: &str, follows: fn(&str) -> bool) -> RichText {
    let mut rich = read(html, &|address| !follows(address));
    rich.spans.retain(|span| !matches!(&span.style, Style::Link(address) if !follows(address)));
    rich
}

fn read(html: &str, shows_address: &dyn Fn(&str) -> bool) -> RichText {
    let mut writer = Writer {
        shows_address,
        out: String::new(),
        spans: Vec::new(),
        open: Vec::new(),
        newlines: 0,
        space: false,
        lists: Vec::new(),
        link: None,
        preformatted: false,
    };
    let mut rest = html;
    while !rest.is_empty() {
        let text_end = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(text_end);
        writer.text(text);
        let Some(end) = tag_end(tag) else {
            writer.text(tag);
            break;
        };
        let (tag, behind) = tag.split_at(end);
        writer.tag(tag);
        rest = behind;
    }
    writer.finish()
}

/// Where a tag at the beginning ends, quotes respected.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

struct Writer<'a> {
    out: String,
    spans: Vec<Span>,
    /// Styles whose end has not come: the tag, and where the text inside begins once there is any.
    open: Vec<(String, Style, Option<usize>)>,
    /// Whether an address is written behind the label of its link.
    shows_address: &'a dyn Fn(&str) -> bool,
    /// Line ends to be written in front of the next text.
    newlines: usize,
    /// Whether a space is to be written in front of the next text.
    space: bool,
    /// The lists around, each with its next number if it has numbers.
    lists: Vec<Option<u64>>,
    /// The link around: its address, and where its label begins.
    link: Option<(String, usize)>,
    preformatted: bool,
}

impl Writer<'_> {
    fn tag(&mut self, tag: &str) {
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let (closes, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let name = inner.split([' ', '/']).next().unwrap_or_default();
        if closes {
            self.end_style(name);
        }
        match (name, closes) {
            ("br", _) => self.newlines += 1,
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote", _) => {
                match self.lists.is_empty() {
                    true => self.line_end(2),
                    false => self.line_end(1),
                }
            }
            ("pre", _) => {
                self.line_end(2);
                self.preformatted = !closes;
            }
            ("ul" | "ol", false) => {
                self.line_end(if self.lists.is_empty() { 2 } else { 1 });
                let first = attribute(inner, "start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.lists.push((name == "ol").then_some(first));
            }
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.line_end(if self.lists.is_empty() { 2 } else { 1 });
            }
            ("li", false) => self.item(),
            ("li", true) => self.line_end(1),
            ("a", false) => self.link = attribute(inner, "href").map(|href| (decode(href), self.out.len())),
            ("a", true) => self.end_link(),
            _ => {}
        }
        if let Some(style) = style(name, inner).filter(|_| !closes) {
            self.open.push((name.to_owned(), style, None));
        }
    }

    fn end_style(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|(open, _, _)| open == name) else { return };
        let (_, style, begin) = self.open.remove(at);
        if let Some(begin) = begin {
            self.spans.push(Span { range: begin..self.out.len(), style });
        }
    }

    fn finish(mut self) -> RichText {
        while let Some((name, _, _)) = self.open.last().cloned() {
            self.end_style(&name);
        }
        let length = self.out.trim_end().len();
        self.out.truncate(length);
        for span in &mut self.spans {
            span.range.end = span.range.end.min(length);
        }
        self.spans.retain(|span| !span.range.is_empty());
        RichText { text: self.out, spans: self.spans }
    }

    fn item(&mut self) {
        self.line_end(1);
        self.flush();
        let depth = self.lists.len().saturating_sub(1);
        self.out.push_str(&"  ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number = number.saturating_add(1);
            }
            _ => self.out.push_str("- "),
        }
        // A paragraph inside the item begins on the item's line.
        self.newlines = 0;
    }

    fn end_link(&mut self) {
        let Some((href, begin)) = self.link.take() else { return };
        let label = self.out.get(begin..).unwrap_or_default().trim();
        let address = href.trim_start_matches("mailto:").trim_start_matches("tel:");
        if label.is_empty() {
            self.push_text(&href);
        } else if label != href && label != address && (self.shows_address)(&href) {
            self.out.push_str(&format!(" ({href})"));
        }
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.push_text(&decode(text));
        }
    }

    fn push_text(&mut self, text: &str) {
        for letter in text.chars() {
            if !self.preformatted && letter.is_ascii_whitespace() {
                self.space = !self.out.is_empty() && !self.out.ends_with(char::is_whitespace);
            } else {
                self.flush();
                self.begin_styles();
                self.out.push(letter);
            }
        }
    }

    fn begin_styles(&mut self) {
        for (_, _, begin) in &mut self.open {
            begin.get_or_insert(self.out.len());
        }
    }

    /// At least this many line ends in front of what follows.
    fn line_end(&mut self, count: usize) {
        let begins_item = self.out.ends_with("- ") || self.out.ends_with(". ");
        if !self.out.is_empty() && !begins_item {
            self.newlines = self.newlines.max(count);
        }
    }

    fn flush(&mut self) {
        if self.newlines > 0 && !self.out.is_empty() {
            self.out.extend(std::iter::repeat_n('\n', self.newlines));
        } else if self.space {
            self.out.push(' ');
        }
        self.newlines = 0;
        self.space = false;
    }
}

fn style(name: &str, tag: &str) -> Option<Style> {
    Some(match name {
        "strong" | "b" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Style::Bold,
        "em" | "i" => Style::Italic,
        "u" | "ins" => Style::Underline,
        "s" | "del" => Style::Strike,
        "code" => Style::Code,
        "pre" => Style::Preformatted,
        "blockquote" => Style::Quote,
        "a" => Style::Link(decode(attribute(tag, "href")?)),
        _ => return None,
    })
}

/// The value of an attribute as it stands in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = tag.split_once(&format!("{name}=\""))?;
    behind.split('"').next()
}

/// Text with the entities of the sanitiser's writer put back.
fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_leave_readable_text() {
        for (html, text) in [
            ("<p><strong>Hello</strong>   you</p>", "Hello you"),
            ("<h1>Title</h1>\n<p>one<br>two</p>", "Title\n\none\ntwo"),
            ("<ul>\n<li>a</li>\n<li>b<ol><li>c</li><li>d</li></ol></li>\n</ul>", "- a\n- b\n  1. c\n  2. d"),
            ("<ol start=\"7\"><li><p>a</p></li><li>b</li></ol><p>c</p>", "7. a\n8. b\n\nc"),
            (
                "<a href=\"https://example.org/?a=1&amp;b=2\">site</a>!",
                "site (https://example.org/?a=1&b=2)!",
            ),
            ("<a href=\"https://example.org\">https://example.org</a>", "https://example.org"),
            ("<a href=\"mailto:a@example.org\">a@example.org</a>", "a@example.org"),
            ("<a href=\"https://example.org\"></a>", "https://example.org"),
            ("<a>no address</a>", "no address"),
            ("<pre><code>a  b\n  c</code></pre>", "a  b\n  c"),
            ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
            ("", ""),
        ] {
            assert_eq!(plain_text(html), text, "{html}");
        }
    }

    #[test]
    fn styles_cover_their_text() {
        let html = "<h1>Hi</h1><p>a <b>b <i>c</i> </b>d <a href=\"https://a.example/?x&amp;y\">e</a></p><ul><li><s>f</s></li></ul>";
        let rich = rich_text(html);
        assert_eq!(rich.text, "Hi\n\na b c d e\n\n- f");
        let parts: Vec<(&str, Style)> =
            rich.spans.iter().map(|span| (&rich.text[span.range.clone()], span.style.clone())).collect();
        let link = Style::Link("https://a.example/?x&y".to_owned());
        let expected = [
            ("Hi", Style::Bold),
            ("c", Style::Italic),
            ("b c", Style::Bold),
            ("e", link),
            ("f", Style::Strike),
        ];
        assert_eq!(parts, expected);
        assert_eq!(rich_text("<a href=\"https://a.example\"></a>").text, "https://a.example");
        assert_eq!(rich_text("<b></b>x<i> </i>").spans, []);
    }

    #[test]
    fn addresses_that_nobody_can_follow_are_written() {
        let html = "<a href=\"tel:+15145550100\">Call <b>us</b></a>, <a href=\"mailto:a@b.example\">a@b.example</a> or \
                    <a href=\"https://a.example\">look</a>";
        let rich = rich_text_for(html, |address| address.starts_with("https://"));
        assert_eq!(rich.text, "Call us (tel:+15145550100), a@b.example or look");
        let parts: Vec<(&str, &Style)> =
            rich.spans.iter().map(|span| (&rich.text[span.range.clone()], &span.style)).collect();
        let link = Style::Link("https://a.example".to_owned());
        assert_eq!(parts, [("us", &Style::Bold), ("look", &link)]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in "\\PC{0,80}|[<>/a-z\"= &;.-]{0,120}") {
            plain_text(&html);
            let rich = rich_text(&html);
            for span in &rich.spans {
                prop_assert!(rich.text.get(span.range.clone()).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
