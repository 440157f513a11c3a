//! A bounded memory of what was used lately.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// A map that forgets the longest known entries when it is full, half of them at once: at most `MAX` are
/// held.
#[derive(Debug)]
pub struct Recent<K, V, const MAX: usize> {
    young: HashMap<K, V>,
    /// What was young before; all of it is forgotten next.
    old: HashMap<K, V>,
}

impl<K, V, const MAX: usize> Default for Recent<K, V, MAX> {
    fn default() -> Recent<K, V, MAX> {
        Recent { young: HashMap::new(), old: HashMap::new() }
    }
}

impl<K: Eq + Hash, V, const MAX: usize> Recent<K, V, MAX> {
    /// What is known under a key.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// Puts a value in the place of whatever is known under the key.
    pub fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= (MAX / 2).max(1) && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }

    /// Forgets a key; gives what was known under it.
    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let old = self.old.remove(key);
        self.young.remove(key).or(old)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_are_forgotten_and_the_latest_stay() {
        let mut recent = Recent::<u32, u32, 4>::default();
        for number in 0..5 {
            recent.insert(number, number * 10);
            assert_eq!(recent.get(&number), Some(&(number * 10)));
            assert!(recent.young.len() + recent.old.len() <= 4);
        }
        assert_eq!(
            (0..5).map(|number| recent.get(&number).is_some()).collect::<Vec<_>>(),
            [false, false, true, true, true]
        );
    }

    #[test]
    fn a_newer_value_is_in_the_place_of_an_older_one() {
        let mut recent = Recent::<u32, u32, 4>::default();
        for (key, value) in [(1, 10), (2, 20), (3, 30), (1, 11)] {
            recent.insert(key, value);
        }
        assert_eq!(recent.get(&1), Some(&11));
        assert_eq!(recent.remove(&1), Some(11));
        assert_eq!(recent.get(&1), None, "nor is the older one known again");
        recent.clear();
        assert_eq!(recent.get(&2), None);
    }
}
