//! Card numbers are made unreadable before a text is stored (sunshine-v2.md §6.1,
//! `maskCreditCardNumbers`): all digits but the last four become `*`.
//!
//! A card number is 13 to 19 ASCII digits with a valid Luhn check digit, written in one piece or in
//! groups with one space or dash of any kind between them. It is no part of a longer run of digits, but
//! it may stand beside other groups ("4111 1111 1111 1111 123"): then it is looked for in the groupings
//! that cards are printed in. Rich text is read as people see it: tags inside a line do not interrupt a
//! number.
//!
//! Left as they are: addresses (`http://…` and `https://…` in a text, what stands inside tags), since a
//! changed one leads nowhere; numbers over several lines; and what is the caller's own or a provider's:
//! metadata, templates, raw payloads for single channels.

mod reading;

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use crate::content::{Content, TextSlot};
use reading::Reading;

const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
const DIGITS_SHOWN: usize = 4;
/// Groups that the widest printed form has: 4-4-4-4-3.
const PRINTED_GROUPS_MAX: usize = 5;

/// The text with every card number masked; borrowed when there is none. Separators stay, and so
/// does the length.
pub fn mask_cards(text: &str) -> Cow<'_, str> {
    masked(text, Reading::of_text)
}

/// The same for sanitised HTML: only what people read of it is changed.
pub fn mask_cards_in_html(html: &str) -> Cow<'_, str> {
    masked(html, Reading::of_html)
}

/// Masks every text of a content that people read, and what its buttons give back.
pub fn mask_content(content: &mut Content) {
    for slot in content.texts_mut() {
        match slot {
            TextSlot::Plain(text) => replace(text, mask_cards),
            TextSlot::Html(html) => replace(html, mask_cards_in_html),
        }
    }
}

/// Masks every text inside a value; names of members and numbers stay.
pub fn mask_value(value: &mut Value) {
    match value {
        Value::String(text) => replace(text, mask_cards),
        Value::Array(items) => items.iter_mut().for_each(mask_value),
        Value::Object(members) => members.values_mut().for_each(mask_value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn replace(text: &mut String, mask: fn(&str) -> Cow<'_, str>) {
    if let Cow::Owned(masked) = mask(text) {
        *text = masked;
    }
}

fn masked(text: &str, read: fn(&str) -> Reading) -> Cow<'_, str> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits < *CARD_DIGITS.start() {
        return Cow::Borrowed(text);
    }
    let Reading { letters, places } = read(text);
    let hidden: Vec<usize> = chains(&letters)
        .iter()
        .flat_map(|chain| chain.cards(&letters))
        .flat_map(|card| hidden(&letters, card))
        .filter_map(|at| places.get(at).copied())
        .collect();
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for at in hidden {
        masked.push_str(text.get(copied..at).unwrap_or_default());
        masked.push('*');
        // A digit is one byte.
        copied = at + 1;
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Where a card has digits that nobody shall see.
fn hidden(letters: &[u8], card: Range<usize>) -> Vec<usize> {
    let is_digit = |at: &usize| letters.get(*at).is_some_and(u8::is_ascii_digit);
    let mut digits: Vec<usize> = card.filter(is_digit).collect();
    digits.truncate(digits.len().saturating_sub(DIGITS_SHOWN));
    digits
}

/// Groups of digits with one separator between each two; ranges of the reading.
#[derive(Default)]
struct Chain {
    groups: Vec<Range<usize>>,
    /// A letter stands right before it, as in an IBAN: its groups belong together.
    follows_letter: bool,
}

fn chains(bytes: &[u8]) -> Vec<Chain> {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut chains: Vec<Chain> = Vec::new();
    let mut open = Chain::default();
    let mut at = 0;
    while at < bytes.len() {
        if !is_digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while is_digit(at) {
            at += 1;
        }
        if open.groups.is_empty() {
            let before = start.checked_sub(1).and_then(|before| bytes.get(before));
            open.follows_letter = before.is_some_and(u8::is_ascii_alphabetic);
        }
        open.groups.push(start..at);
        let goes_on = bytes.get(at) == Some(&reading::SEPARATOR) && is_digit(at + 1);
        if !goes_on {
            chains.push(std::mem::take(&mut open));
        }
    }
    chains
}

impl Chain {
    /// The card numbers of a chain, in order, without overlap: the whole chain if it is one, else
    /// what looks printed like one, from the left, the longest first.
    fn cards(&self, letters: &[u8]) -> Vec<Range<usize>> {
        if let Some(whole) = span(&self.groups).filter(|whole| is_card(letters, whole)) {
            return vec![whole];
        }
        let mut cards = Vec::new();
        let mut rest = self.groups.as_slice();
        while !rest.is_empty() {
            let found = (1..=rest.len().min(PRINTED_GROUPS_MAX)).rev().find_map(|count| {
                let (groups, behind) = rest.split_at_checked(count)?;
                let allowed = is_printed_form(groups) && (count == 1 || !self.follows_letter);
                let card = span(groups).filter(|card| allowed && is_card(letters, card))?;
                Some((card, behind))
            });
            rest = match found {
                Some((card, behind)) => {
                    cards.push(card);
                    behind
                }
                None => rest.get(1..).unwrap_or_default(),
            };
        }
        cards
    }
}

fn span(groups: &[Range<usize>]) -> Option<Range<usize>> {
    Some(groups.first()?.start..groups.last()?.end)
}

fn is_printed_form(groups: &[Range<usize>]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(ExactSizeIterator::len).collect();
    matches!(
        lengths.as_slice(),
        [_] | [4, 4, 4, 4] | [4, 4, 4, 4, 1..=3] | [4, 6, 5] | [4, 6, 4] | [4, 3, 3, 3]
    )
}

fn is_card(letters: &[u8], place: &Range<usize>) -> bool {
    let written = letters.get(place.clone()).unwrap_or_default();
    let digits: Vec<u32> = written.iter().filter_map(|letter| char::from(*letter).to_digit(10)).collect();
    CARD_DIGITS.contains(&digits.len()) && luhn_sum(&digits).is_multiple_of(10)
}

fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 1 { doubled(*digit) } else { *digit })
        .sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn expect(text: &str, masked: &str) {
        assert_eq!(mask_cards(text), masked);
    }

    #[test]
    fn keeps_the_last_four_of_a_card() {
        expect("4111111111111111", "************1111");
        expect("pay with 4111 1111 1111 1111, please", "pay with **** **** **** 1111, please");
        expect("5500-0000-0000-0004", "****-****-****-0004");
        expect("amex 3782 822463 10005", "amex **** ****** *0005");
        expect("4222222222222", "*********2222");
        expect("6304000000000000000", "***************0000");
    }

    #[test]
    fn finds_cards_beside_letters_and_other_groups() {
        expect("card:4111111111111111.", "card:************1111.");
        expect("Nr4111111111111111x", "Nr************1111x");
        expect("4111 1111 1111 1111 123", "**** **** **** 1111 123");
        expect("12 4111 1111 1111 1111", "12 **** **** **** 1111");
        expect("4111111111111111 5500000000000004", "************1111 ************0004");
        expect("4111 1111 1111 1111 12/27", "**** **** **** 1111 12/27");
        expect("день4111111111111111日", "день************1111日");
    }

    #[test]
    fn any_kind_of_space_and_dash_may_stand_between_groups() {
        for separator in [
            '\t', '\u{a0}', '\u{2002}', '\u{2009}', '\u{202f}', '\u{3000}', '\u{2011}', '\u{2013}',
            '\u{2212}',
        ] {
            let written = ["4539", "5787", "6362", "1486"].join(&separator.to_string());
            let masked = ["****", "****", "****", "1486"].join(&separator.to_string());
            expect(&written, &masked);
        }
        expect("4539\u{200b} 5787\u{ad}6362\u{2060}-1486", "****\u{200b} ****\u{ad}****\u{2060}-1486");
    }

    #[test]
    fn rich_text_is_masked_as_it_is_read() {
        for (html, masked) in [
            ("<p>4539 5787 <b>6362 1486</b></p>", "<p>**** **** <b>**** 1486</b></p>"),
            ("453957876362<i></i>1486", "************<i></i>1486"),
            ("4539&nbsp;5787\n <u>6362</u> 1486", "****&nbsp;****\n <u>****</u> 1486"),
            (
                "https://a.example/?b&amp;c&nbsp;4539578763621486",
                "https://a.example/?b&amp;c&nbsp;************1486",
            ),
            ("1 &lt; 4539578763621486 &amp;", "1 &lt; ************1486 &amp;"),
            (
                "<a href=\"https://shop.example/o/4539578763621486\">4539578763621486</a>",
                "<a href=\"https://shop.example/o/4539578763621486\">************1486</a>",
            ),
        ] {
            assert_eq!(mask_cards_in_html(html), masked);
        }
        for html in [
            "<p>4539 5787</p><p>6362 1486</p>",
            "4539 5787<br>6362 1486",
            "<ol start=\"4539578763621486\"><li>a</li></ol>",
            "<a href=\"tel:4539578763621486\">call</a>",
            "https://shop.example/o/4539578763621486",
            "<a href=\"4539578763621486",
        ] {
            assert_eq!(mask_cards_in_html(html), html);
        }
    }

    #[test]
    fn addresses_stay_addresses() {
        for text in [
            "see https://shop.example/o/4539578763621486?x=4111-1111-1111-1111, please",
            "HTTP://shop.example/4539578763621486",
            "(https://shop.example/4539578763621486)",
        ] {
            expect(text, text);
        }
        expect("https://a.example 4539578763621486", "https://a.example ************1486");
        expect("xhttps://4539578763621486", "xhttps://************1486");
        expect("http:4539578763621486", "http:************1486");
    }

    #[test]
    fn every_text_of_a_content_is_masked() {
        let card = "4539 5787 6362 1486";
        let action = json!({ "type": "reply", "text": card, "payload": card });
        let item = json!({ "title": card, "description": card, "altText": card, "actions": [action] });
        let option = json!({ "name": card, "label": card });
        let field = json!({ "type": "select", "name": card, "label": card, "placeholder": card, "text": card,
            "options": [option], "select": [option] });
        for content in [
            json!({ "type": "text", "text": card, "htmlText": card, "payload": card, "actions": [action] }),
            json!({ "type": "image", "media": { "url": "" }, "text": card, "htmlText": card, "altText": card,
                "actions": [action] }),
            json!({ "type": "carousel", "items": [item], "text": card }),
            json!({ "type": "list", "items": [item], "actions": [action] }),
            json!({ "type": "form", "fields": [field], "text": card, "submitted": false }),
            json!({ "type": "formResponse", "fields": [field], "textFallback": card }),
            json!({ "type": "location", "coordinates": { "lat": 1.0, "long": 1.0 }, "text": card,
                "location": { "name": card, "address": card } }),
        ] {
            let cards = content.to_string().matches(card).count();
            let mut content: Content = serde_json::from_value(content).unwrap();
            mask_content(&mut content);
            let masked = serde_json::to_string(&content).unwrap();
            assert_eq!(masked.matches("**** **** **** 1486").count(), cards, "{masked}");
        }
    }

    #[test]
    fn every_text_of_a_value_is_masked() {
        let mut value = json!({ "a": ["4539578763621486", 4539578763621486_u64], "b": null });
        mask_value(&mut value);
        assert_eq!(value, json!({ "a": ["************1486", 4539578763621486_u64], "b": null }));
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "",
            "no digits",
            "4111111111111112",
            "411111111111",
            "41111111111111111111",
            "14111111111111111111",
            "4111  1111  1111  1111",
            "4111_1111_1111_1111",
            "4111.1111.1111.1111",
            "4111 1111\n1111 1111",
            "call +49 30 901820 or 112",
            "DE89 3704 0044 0532 0130 00",
            "XY12 4111 1111 1111 1111 00",
            "２０２４４１１１１１１１１１１１",
        ] {
            expect(text, text);
            assert!(matches!(mask_cards(text), Cow::Borrowed(_)), "{text}");
        }
    }

    /// 12 to 18 digits and the check digit that makes them a card number.
    fn card() -> impl Strategy<Value = String> {
        prop::collection::vec(0u32..10, 12..=18).prop_map(|mut digits| {
            digits.push(0);
            let check = (10 - luhn_sum(&digits) % 10) % 10;
            digits.pop();
            digits.push(check);
            digits.iter().map(|digit| char::from(b'0' + *digit as u8)).collect()
        })
    }

    fn grouped(card: &str, cuts: &[bool], separator: char) -> String {
        let mut text = String::new();
        for (at, digit) in card.chars().enumerate() {
            if at > 0 && cuts.get(at) == Some(&true) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_shape(text in "[0-9 \\-a-zé日\u{1F600}٣]{0,80}|.{0,80}") {
            let masked = mask_cards(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            for (new, old) in masked.chars().zip(text.chars()) {
                prop_assert!(new == old || (new == '*' && old.is_ascii_digit()));
            }
        }

        #[test]
        fn any_html_keeps_its_shape(html in "[0-9 \\-<>/a-b&;\"=h:]{0,80}|\\PC{0,80}") {
            let masked = mask_cards_in_html(&html);
            prop_assert_eq!(masked.chars().count(), html.chars().count());
            for (new, old) in masked.chars().zip(html.chars()) {
                prop_assert!(new == old || (new == '*' && old.is_ascii_digit()));
            }
        }

        #[test]
        fn a_card_alone_is_masked_however_it_is_grouped(
            card in card(),
            cuts in prop::collection::vec(any::<bool>(), 19),
            separator in prop::sample::select(&[' ', '-', '\u{a0}', '\u{2011}'][..]),
            before in "[^0-9 \\-]{0,5}",
            after in "[^0-9 \\-]{0,5}",
        ) {
            let written = grouped(&card, &cuts, separator);
            let masked = mask_cards(&format!("{before}{written}{after}")).into_owned();
            let digits: String = masked.chars().filter(|c| c.is_ascii_digit()).collect();
            prop_assert_eq!(digits, &card[card.len() - 4..]);
            prop_assert!(masked.starts_with(&before) && masked.ends_with(&after));
        }

        #[test]
        fn a_wrong_check_digit_or_a_longer_run_is_no_card(card in card(), more in "[0-9]{7}") {
            let last = card.chars().last().and_then(|c| c.to_digit(10)).unwrap_or_default();
            let wrong = format!("{}{}", &card[..card.len() - 1], (last + 1) % 10);
            prop_assert_eq!(mask_cards(&wrong), wrong.as_str());
            let longer = format!("{card}{more}");
            prop_assert_eq!(mask_cards(&longer), longer.as_str());
        }
    }
}
