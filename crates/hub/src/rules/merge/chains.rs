//! Two chains of messages become one. Keys rise in the order in which messages were received, so
//! the new chain is the order of keys.

use model::record::{ConversationKey, MessageKey};
use store::rows::merges::{self, ChainLink};
use store::rows::messages::MILESTONE_DISTANCE;
use store::rows::places::Place;
use store::{Read, Tx};

use crate::error::Result;

/// Which of the two conversations a link was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that stays.
    Surviving,
    /// The one that goes.
    Discarded,
}

/// A link of the new chain, with the place that it had.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moved {
    pub side: Side,
    pub old_ordinal: i64,
    pub link: ChainLink,
}

/// Every link of a chain, newest first; `None` when there are more than `limit`.
pub(super) async fn read_chain(
    read: &mut Read,
    last: MessageKey,
    limit: usize,
) -> Result<Option<Vec<ChainLink>>> {
    let mut found = Vec::new();
    let mut next = last;
    while next != MessageKey(0) {
        if found.len() == limit {
            return Ok(None);
        }
        let Some(link) = merges::link(read, next).await? else { return Ok(None) };
        next = link.previous;
        found.push(link);
    }
    Ok(Some(found))
}

/// The new chain, oldest first.
pub(super) fn weave(surviving: Vec<ChainLink>, discarded: Vec<ChainLink>) -> Vec<Moved> {
    let side = |links: Vec<ChainLink>, side| {
        links.into_iter().map(move |link| Moved { side, old_ordinal: link.ordinal, link })
    };
    let mut woven: Vec<Moved> =
        side(surviving, Side::Surviving).chain(side(discarded, Side::Discarded)).collect();
    woven.sort_by_key(|moved| moved.link.key);
    let (mut previous, mut milestone, mut ordinal, mut received) = (MessageKey(0), MessageKey(0), 0, None);
    for Moved { link, .. } in &mut woven {
        ordinal += 1;
        link.previous = previous;
        link.milestone = milestone;
        link.ordinal = ordinal;
        // Times rise strictly inside a conversation, as they did in each of the two.
        link.received = received.map_or(link.received, |last: model::Millis| link.received.max(last.plus(1)));
        received = Some(link.received);
        previous = link.key;
        if ordinal % MILESTONE_DISTANCE == 0 {
            milestone = link.key;
        }
    }
    woven
}

/// Writes the new chain.
pub(super) async fn write(tx: &mut Tx, conversation: ConversationKey, woven: &[Moved]) -> Result<()> {
    for moved in woven {
        merges::relink(tx, conversation, &moved.link).await?;
    }
    Ok(())
}

/// What the reader of both chains has read in the new one: everything in front of the first link
/// that was unread in its own chain. What is unread behind it stays as many as it was.
pub(super) fn read_in(woven: &[Moved], surviving: &Place, discarded: &Place, unread: i64) -> (i64, i64) {
    let total = woven.len() as i64;
    let is_new = |moved: &&Moved| match moved.side {
        Side::Surviving => moved.old_ordinal > surviving.read_total,
        Side::Discarded => moved.old_ordinal > discarded.read_total,
    };
    let read_total = woven.iter().find(is_new).map_or(total, |first| first.link.ordinal - 1);
    (read_total, total - read_total - unread)
}

#[cfg(test)]
mod tests {
    use model::Millis;
    use model::record::ParticipantKey;

    use super::*;

    fn link(key: i64, ordinal: i64, received: i64) -> ChainLink {
        let (previous, milestone) = (MessageKey(-1), MessageKey(-1));
        ChainLink { key: MessageKey(key), previous, milestone, ordinal, received: Millis(received) }
    }

    fn place(read_total: i64) -> Place {
        Place {
            key: ParticipantKey(1),
            conversation: ConversationKey(1),
            conversation_id: model::Id::MIN,
            read_total,
            read_said: 0,
            skipped: 0,
            last_read: None,
        }
    }

    #[test]
    fn the_new_chain_follows_the_keys_and_its_times_rise() {
        let woven =
            weave(vec![link(7, 3, 30), link(4, 2, 20), link(1, 1, 10)], vec![link(5, 2, 20), link(3, 1, 12)]);
        let keys: Vec<i64> = woven.iter().map(|moved| moved.link.key.0).collect();
        let previous: Vec<i64> = woven.iter().map(|moved| moved.link.previous.0).collect();
        let ordinals: Vec<i64> = woven.iter().map(|moved| moved.link.ordinal).collect();
        let received: Vec<i64> = woven.iter().map(|moved| moved.link.received.0).collect();
        assert_eq!(keys, [1, 3, 4, 5, 7]);
        assert_eq!(previous, [0, 1, 3, 4, 5]);
        assert_eq!(ordinals, [1, 2, 3, 4, 5]);
        assert_eq!(received, [10, 12, 20, 21, 30]);
    }

    #[test]
    fn milestones_are_those_of_the_new_ordinals() {
        let half = |first: i64| (0..65).rev().map(|n| link(first + 2 * n, n + 1, n)).collect();
        let woven = weave(half(1), half(2));
        assert_eq!(woven.len(), 130);
        for moved in &woven {
            let expected = (moved.link.ordinal - 1) / MILESTONE_DISTANCE * MILESTONE_DISTANCE;
            // Keys are the ordinals here: the two halves alternate.
            assert_eq!(moved.link.milestone, MessageKey(expected), "{moved:?}");
        }
    }

    #[test]
    fn what_was_unread_stays_unread() {
        let woven = weave(vec![link(4, 2, 20), link(1, 1, 10)], vec![link(5, 2, 25), link(3, 1, 12)]);
        // Chain: 1 (read), 3 (unread), 4 (unread), 5 (unread).
        assert_eq!(read_in(&woven, &place(1), &place(0), 3), (1, 0));
        // All of the first chain is read; of the second the last is new.
        assert_eq!(read_in(&woven, &place(2), &place(1), 1), (3, 0));
        assert_eq!(read_in(&woven, &place(2), &place(2), 0), (4, 0));
        // One of the unread was the reader's own.
        assert_eq!(read_in(&woven, &place(1), &place(0), 2), (1, 1));
    }
}
