//! A styled text in a channel's own markup, piece by piece.

use std::ops::Range;

use model::rich_text::{RichText, Span, Style};

use super::{Unit, split};

/// How a channel marks up a style.
pub struct Markup {
    /// What stands in front of a style and behind it; `None` when the channel has none for it.
    pub marks: fn(&Style) -> Option<(String, String)>,
    /// A text without styles.
    pub escape: fn(&str) -> String,
}

/// The text in pieces of at most `max` units, counted without the markup, each marked up by itself.
pub fn marked_pieces(rich: &RichText, max: usize, unit: Unit, markup: &Markup) -> Vec<String> {
    let mut begin = 0;
    let mut pieces = Vec::new();
    for piece in split(&rich.text, max, unit) {
        let trimmed = piece.trim_end();
        let skipped = trimmed.len() - trimmed.trim_start_matches(['\n', '\r']).len();
        let range = begin + skipped..begin + trimmed.len();
        begin += piece.len();
        if !range.is_empty() {
            pieces.push(marked(rich, range, markup));
        }
    }
    pieces
}

/// A part of the text with its marks, properly nested.
fn marked(rich: &RichText, part: Range<usize>, markup: &Markup) -> String {
    let mut spans: Vec<&Span> = rich
        .spans
        .iter()
        .filter(|span| span.range.start < part.end && span.range.end > part.start)
        .filter(|span| (markup.marks)(&span.style).is_some())
        .collect();
    // The outer ones first; of equal ones the order does not matter.
    spans.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
    let mut bounds: Vec<usize> = spans.iter().flat_map(|span| [span.range.start, span.range.end]).collect();
    bounds.extend([part.start, part.end]);
    bounds.retain(|bound| part.contains(bound) || *bound == part.end);
    bounds.sort_unstable();
    bounds.dedup();

    let mut out = String::new();
    let mut open: Vec<&Span> = Vec::new();
    for pair in bounds.windows(2) {
        let &[from, to] = pair else { continue };
        let wanted = wanted(&spans, from);
        let same = open.iter().zip(&wanted).take_while(|(a, b)| std::ptr::eq(**a, **b)).count();
        close(&mut out, &mut open, same, markup);
        for span in &wanted[same..] {
            out.extend((markup.marks)(&span.style).map(|(before, _)| before));
            open.push(span);
        }
        out.push_str(&(markup.escape)(rich.text.get(from..to).unwrap_or_default()));
    }
    close(&mut out, &mut open, 0, markup);
    out
}

/// The spans around a place, the outer ones first. Inside code nothing else is marked.
fn wanted<'a>(spans: &[&'a Span], at: usize) -> Vec<&'a Span> {
    let around = || spans.iter().copied().filter(|span| span.range.contains(&at));
    let code = around().find(|span| matches!(span.style, Style::Preformatted | Style::Code));
    if let Some(code) = code {
        return vec![code];
    }
    // A style inside the same style says nothing, and some channels refuse it.
    let mut wanted: Vec<&Span> = Vec::new();
    for span in around() {
        let kind = std::mem::discriminant(&span.style);
        if wanted.iter().all(|outer| std::mem::discriminant(&outer.style) != kind) {
            wanted.push(span);
        }
    }
    wanted
}

fn close(out: &mut String, open: &mut Vec<&Span>, keep: usize, markup: &Markup) {
    while open.len() > keep {
        let Some(span) = open.pop() else { break };
        out.extend((markup.marks)(&span.style).map(|(_, behind)| behind));
    }
}
