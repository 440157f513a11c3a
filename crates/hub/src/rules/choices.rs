//! Buttons whose press does not bring their payload back: the customer's answer is turned into it
//! (channels.md §0.3).

use model::channel::{Choice, chosen_by_key, chosen_by_label, chosen_by_text, is_key};
use model::record::ClientKey;
use model::time::DAY_MS;
use store::rows::sends;
use store::{Ctx, Read, Tx};

use crate::error::Result;

/// How long a number means a choice. One that is written later means something else.
const NUMBER_LIFE_MS: i64 = DAY_MS;
/// Characters of a label or number, at most; a longer text is no choice.
const CHOICE_CHARS_MAX: usize = 256;
/// Messages that are looked at for a key: they all have it, and all of them mean the same by it.
const OFFERS_MAX: usize = 4;

/// The choice that a text names, by number or label, among those that a person was offered last. It is no
/// choice once the offer was answered or something newer was sent; the label of a keyboard's key is, since
/// the keyboard stays.
pub(crate) async fn by_text(
    read: &mut Read,
    ctx: &Ctx,
    client: ClientKey,
    text: &str,
) -> Result<Option<Choice>> {
    if text.chars().nth(CHOICE_CHARS_MAX).is_some() {
        return Ok(None);
    }
    let Some(newest) = sends::offered(read, client, 1).await?.pop() else { return Ok(None) };
    if ctx.now.since(newest.at) > NUMBER_LIFE_MS {
        return Ok(None);
    }
    let found = match newest.is_open {
        true => chosen_by_text(&newest.choices, text),
        false => chosen_by_label(&newest.choices, text),
    };
    Ok(found.cloned())
}

/// The choice whose key came back as a payload, of whatever age.
pub(crate) async fn by_key(read: &mut Read, client: ClientKey, key: &str) -> Result<Option<Choice>> {
    if !is_key(key) {
        return Ok(None);
    }
    let offered = sends::offered_with(read, client, key, OFFERS_MAX).await?;
    Ok(offered.iter().find_map(|choices| chosen_by_key(choices, key)).cloned())
}

/// A person has answered: what they type from now on answers none of these offers.
pub(crate) async fn answered(tx: &mut Tx, client: ClientKey) -> Result<()> {
    Ok(sends::close_offers(tx, client, i64::MAX).await?)
}
