//! Friendly names for people who gave none (setting `useAnimalNames`).

/// First words.
const ADJECTIVES: [&str; 64] = [
    "Amber", "Azure", "Bold", "Brave", "Breezy", "Bright", "Bronze", "Calm", "Candid", "Cheerful", "Clever",
    "Copper", "Coral", "Cosmic", "Cozy", "Crimson", "Curious", "Dapper", "Daring", "Dusty", "Eager",
    "Earnest", "Emerald", "Fearless", "Fluffy", "Gentle", "Golden", "Graceful", "Happy", "Hazel", "Honest",
    "Indigo", "Ivory", "Jade", "Jolly", "Kind", "Lively", "Lucky", "Mellow", "Merry", "Mighty", "Misty",
    "Nimble", "Noble", "Olive", "Patient", "Pearl", "Playful", "Polite", "Quick", "Quiet", "Radiant", "Ruby",
    "Scarlet", "Silver", "Snowy", "Steady", "Sunny", "Swift", "Teal", "Tidy", "Velvet", "Violet", "Witty",
];

/// Second words.
const ANIMALS: [&str; 64] = [
    "Albatross",
    "Alpaca",
    "Antelope",
    "Badger",
    "Beaver",
    "Bison",
    "Bobcat",
    "Camel",
    "Caribou",
    "Cheetah",
    "Cormorant",
    "Cougar",
    "Coyote",
    "Crane",
    "Deer",
    "Dolphin",
    "Eagle",
    "Egret",
    "Elk",
    "Falcon",
    "Ferret",
    "Finch",
    "Flamingo",
    "Fox",
    "Gazelle",
    "Gecko",
    "Giraffe",
    "Hare",
    "Hedgehog",
    "Heron",
    "Ibex",
    "Iguana",
    "Jackal",
    "Jaguar",
    "Kestrel",
    "Kingfisher",
    "Koala",
    "Lemur",
    "Leopard",
    "Lynx",
    "Magpie",
    "Marmot",
    "Meerkat",
    "Moose",
    "Narwhal",
    "Ocelot",
    "Otter",
    "Owl",
    "Panda",
    "Pelican",
    "Penguin",
    "Puffin",
    "Quail",
    "Rabbit",
    "Raccoon",
    "Raven",
    "Salmon",
    "Seal",
    "Sparrow",
    "Swan",
    "Tapir",
    "Turtle",
    "Walrus",
    "Wombat",
];

/// The name that belongs to a seed, for example "Amber Otter": always the same one. Neighbouring
/// seeds get unlike names; there are 4,096 of them, so a name is not unique.
pub fn animal_name(seed: u64) -> String {
    let mixed = mix(seed);
    let adjective = pick(&ADJECTIVES, mixed);
    let animal = pick(&ANIMALS, mixed >> 32);
    format!("{adjective} {animal}")
}

fn pick(words: &[&'static str; 64], bits: u64) -> &'static str {
    words[(bits % 64) as usize]
}

/// The finalizer of SplitMix64: every bit of the seed reaches every bit of the result.
fn mix(seed: u64) -> u64 {
    let step = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let step = (step ^ (step >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let step = (step ^ (step >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    step ^ (step >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_are_sorted_and_appear_once() {
        for words in [ADJECTIVES, ANIMALS] {
            assert!(words.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn a_seed_keeps_its_name() {
        // A change here gives everybody another name in the middle of a conversation.
        assert_eq!(animal_name(0), "Playful Seal");
        assert_eq!(animal_name(1), "Azure Narwhal");
        assert_eq!(animal_name(u64::MAX), "Ivory Raven");
    }

    #[test]
    fn seeds_in_a_row_reach_all_names() {
        let names: BTreeSet<String> = (0..100_000).map(animal_name).collect();
        assert_eq!(names.len(), 4_096);
    }
}
