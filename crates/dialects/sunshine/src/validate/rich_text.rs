//! Rich text: Markdown becomes HTML, HTML is reduced to the allowed tags, and plain text is derived
//! from it (sunshine-v2.md §6.2).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use model::rich_text::plain_text;
use pulldown_cmark::{Options, Parser};
use wire::sunshine::limits::TEXT_CHARS_MAX;

/// Tags that stay; of all others only the text does.
const TAGS: [&str; 23] = [
    "strong",
    "b",
    "em",
    "i",
    "u",
    "ins",
    "s",
    "del",
    "a",
    "ol",
    "ul",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "blockquote",
    "code",
    "pre",
];
const LINK_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(LINK_SCHEMES))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// Sanitised HTML.
pub(crate) fn clean_html(html: &str) -> String {
    SANITISER.clean(html).to_string().trim().to_owned()
}

/// The sanitised HTML of a Markdown text.
pub(crate) fn markdown_to_html(markdown: &str) -> String {
    let mut html = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH));
    clean_html(&html)
}

/// Sanitised HTML as plain text: tags removed, blocks and list items on lines of their own, the
/// address behind the label of a link; at most 4096 characters, since the marks of lists add some.
pub(crate) fn html_to_text(clean_html: &str) -> String {
    let text = plain_text(clean_html);
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text,
        Some(_) => text.chars().take(TEXT_CHARS_MAX - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_lists_make_too_long_is_cut() {
        let deep = format!("{}x", "<ul><li>".repeat(100));
        let long = html_to_text(&deep.repeat(5));
        assert_eq!(long.chars().count(), TEXT_CHARS_MAX);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn allowed_tags_stay_and_others_leave_their_text() {
        for (html, clean) in [
            ("<strong>a</strong> <em>b</em><br>c", "<strong>a</strong> <em>b</em><br>c"),
            ("<div class=x>a<table><tr><td>b</table></div>", "ab"),
            ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
            (
                r#"<a href="https://example.org/?a=1&b=2" onclick="x()" target=_blank>x</a>"#,
                r#"<a href="https://example.org/?a=1&amp;b=2">x</a>"#,
            ),
            (r#"<a href="tel:+1514">x</a>"#, r#"<a href="tel:+1514">x</a>"#),
            (r#"<a href="javascript:alert(1)">x</a>"#, "<a>x</a>"),
            (r#"<a href="/relative">x</a>"#, "<a>x</a>"),
            ("<img src=x onerror=alert(1)>a", "a"),
            ("<!-- note -->a &lt;b&gt;", "a &lt;b&gt;"),
            (r#"<p style="color:red" id=x>a</p>"#, "<p>a</p>"),
            (
                "<ol start=3><li>a<ul><li>b</li></ul></li></ol>",
                r#"<ol start="3"><li>a<ul><li>b</li></ul></li></ol>"#,
            ),
            ("<svg><a xlink:href='javascript:x'>y</a></svg>z", "z"),
        ] {
            assert_eq!(clean_html(html), clean, "{html}");
        }
    }

    #[test]
    fn markdown_becomes_html() {
        for (markdown, html) in [
            ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
            ("~~gone~~", "<p><del>gone</del></p>"),
            ("[site](https://example.org)", r#"<p><a href="https://example.org">site</a></p>"#),
            ("# Title\n\ntext", "<h1>Title</h1>\n<p>text</p>"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
            ("<script>alert(1)</script>a", "a"),
            ("![picture](https://example.org/a.png)", "<p></p>"),
            ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ] {
            assert_eq!(markdown_to_html(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn deep_nesting_does_no_harm() {
        let _ = markdown_to_html(&">".repeat(4_096));
        let _ = html_to_text(&clean_html(&"<ul><li>".repeat(512)));
        let _ = clean_html(&"<b>".repeat(1_365));
    }

    proptest! {
        #[test]
        fn any_text_becomes_html_that_stays_as_it_is(text in "\\PC{0,120}|[<>/a-z\"'=: *_`#&;\\[\\]()!~\n-]{0,200}") {
            let html = markdown_to_html(&text);
            prop_assert_eq!(clean_html(&html), html.clone());
            let lower = html.to_lowercase();
            prop_assert!(!lower.contains("<script") && !lower.contains("<img") && !lower.contains("href=\"javascript"));
            let _ = html_to_text(&html);
        }
    }
}
