//! How far a subscription has come: every event up to a number is settled.

use std::collections::BTreeSet;

/// Events that were taken and are neither delivered nor noted down yet.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Every event up to this number was taken or is not for this subscription.
    through: i64,
    open: BTreeSet<i64>,
}

impl Progress {
    pub(crate) fn new(settled_through: i64) -> Progress {
        Progress { through: settled_through, open: BTreeSet::new() }
    }

    /// Up to where everything was taken.
    pub(crate) fn through(&self) -> i64 {
        self.through
    }

    /// Takes an event; one that was taken before is refused.
    pub(crate) fn take(&mut self, sequence: i64) -> bool {
        if sequence <= self.through {
            return false;
        }
        self.through = sequence;
        self.open.insert(sequence)
    }

    /// Nothing up to this number is for this subscription but what was taken.
    pub(crate) fn skip_to(&mut self, sequence: i64) {
        self.through = self.through.max(sequence);
    }

    /// An event is delivered, or durably noted as waiting or dead.
    pub(crate) fn settle(&mut self, sequence: i64) {
        self.open.remove(&sequence);
    }

    /// Events that are open.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    /// Every event up to this number is settled.
    pub(crate) fn settled_through(&self) -> i64 {
        self.open.first().map_or(self.through, |first| first - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_open_is_ever_behind_the_settled_number(steps in prop::collection::vec((1i64..6, any::<bool>()), 1..200)) {
            let mut progress = Progress::new(10);
            let mut open = Vec::new();
            let mut next = 10;
            for (gap, settle) in steps {
                next += gap;
                prop_assert!(progress.take(next));
                prop_assert!(!progress.take(next));
                open.push(next);
                if settle {
                    let done = open.remove(open.len() / 2);
                    progress.settle(done);
                }
                prop_assert_eq!(progress.open(), open.len());
                let settled = progress.settled_through();
                prop_assert!(open.iter().all(|sequence| *sequence > settled));
                prop_assert!(settled <= progress.through());
            }
        }
    }
}
