//! Buttons that went out as numbered lines: the customer's answer is turned into the payload
//! (channels.md §0.3).

use model::record::ClientKey;
use model::time::DAY_MS;
use store::rows::sends;
use store::{Ctx, Read, Tx};

use crate::error::Result;

/// How long an offer stands. A number that is written later means something else.
const OFFER_LIFE_MS: i64 = DAY_MS;

/// The payload of the choice that a text names, by number or label, among those that a person was
/// offered last.
pub(crate) async fn chosen(
    read: &mut Read,
    ctx: &Ctx,
    client: ClientKey,
    text: &str,
) -> Result<Option<String>> {
    // Most texts are no choice, and most people were offered none; a long text never is one.
    if text.chars().nth(CHOICE_CHARS_MAX).is_some() {
        return Ok(None);
    }
    let offered = sends::offered(read, client, ctx.now.plus(-OFFER_LIFE_MS)).await?;
    Ok(pick(&offered, text).map(str::to_owned))
}

/// Characters of a label or number, at most.
const CHOICE_CHARS_MAX: usize = 128;

/// The payload that a text stands for: a number from 1 on, perhaps with a dot or bracket behind it,
/// or a label in whatever case.
fn pick<'a>(offered: &'a [(String, String)], text: &str) -> Option<&'a str> {
    let text = text.trim();
    let folded = text.to_lowercase();
    if let Some((_, payload)) = offered.iter().find(|(label, _)| label.trim().to_lowercase() == folded) {
        return Some(payload);
    }
    let digits = text.trim_end_matches(['.', ')']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: usize = digits.parse().ok()?;
    offered.get(number.checked_sub(1)?).map(|(_, payload)| payload.as_str())
}

/// The person has chosen: the same number means nothing the next time.
pub(crate) async fn close(tx: &mut Tx, client: ClientKey) -> Result<()> {
    Ok(sends::withdraw_offer(tx, client).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_labels_are_understood() {
        let offered = [
            ("Yes, please".to_owned(), "Y".to_owned()),
            ("No".into(), "N".into()),
            ("1".into(), "ONE".into()),
        ];
        for (text, payload) in [
            ("yes, PLEASE", Some("Y")),
            (" 2 ", Some("N")),
            ("2.", Some("N")),
            ("3)", Some("ONE")),
            // A label goes before a number.
            ("1", Some("ONE")),
            ("0", None),
            ("4", None),
            ("no thanks", None),
            ("", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(pick(&offered, text), payload, "{text}");
        }
        assert_eq!(pick(&[], "1"), None);
    }
}
