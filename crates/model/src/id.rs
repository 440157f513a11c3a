//! 96-bit identifiers: unique without coordination, ordered by time.
//!
//! 48 bits of Unix milliseconds, then 48 bits that are random at each new millisecond and count up
//! within it. Written as 24 lower-case hex digits, or as a GUID (version 8 of RFC 9562).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Millis;

/// Bytes of an [`Id`].
pub const ID_BYTES: usize = 12;

const HEX: &[u8; 16] = b"0123456789abcdef";
const GUID_DIGITS: usize = 32;
const GUID_CHARS: usize = GUID_DIGITS + 4;
const COUNTER_MASK: u64 = (1 << 48) - 1;

/// The public identifier of a thing. Guessable by design: it never protects anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; ID_BYTES]);

/// A text that is not an id: neither 24 hex digits nor a GUID of our form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of 24 hexadecimal digits")]
pub struct NotAnId;

impl Id {
    /// The smallest id; stands before every id that was ever minted.
    pub const MIN: Id = Id([0; ID_BYTES]);

    /// Puts an id together from its time and its 48-bit tail; higher bits of `tail` are ignored.
    pub fn from_parts(time: Millis, tail: u64) -> Id {
        let mut bytes = [0; ID_BYTES];
        bytes[..6].copy_from_slice(&time.0.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&(tail & COUNTER_MASK).to_be_bytes()[2..]);
        Id(bytes)
    }

    /// The id in its stored form.
    pub fn as_bytes(&self) -> &[u8; ID_BYTES] {
        &self.0
    }

    /// Reads the stored form; `None` when the length is not [`ID_BYTES`].
    pub fn from_slice(bytes: &[u8]) -> Option<Id> {
        bytes.try_into().ok().map(Id)
    }

    /// The millisecond in which the id was minted.
    pub fn time(&self) -> Millis {
        let mut wide = [0; 8];
        wide[2..].copy_from_slice(&self.0[..6]);
        Millis(i64::from_be_bytes(wide))
    }

    fn tail(&self) -> u64 {
        let mut wide = [0; 8];
        wide[2..].copy_from_slice(&self.0[6..]);
        u64::from_be_bytes(wide)
    }

    /// The id as a GUID: `custom_a` = bits 0–47, `custom_b` = 48–59, the first 36 bits of
    /// `custom_c` = 60–95, the last 26 bits zero.
    pub fn to_guid(&self) -> String {
        let id = self.bits();
        let a = id >> 48;
        let b = (id >> 36) & 0xfff;
        let c = id & 0xf_ffff_ffff;
        let guid: u128 = (a << 80) | (0x8 << 76) | (b << 64) | (0b10 << 62) | (c << 26);
        let mut text = String::with_capacity(GUID_CHARS);
        for (at, byte) in guid.to_be_bytes().into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.extend([byte >> 4, byte & 0xf].map(|digit| char::from(HEX[usize::from(digit)])));
        }
        text
    }

    /// Reads a GUID made by [`Id::to_guid`], with or without hyphens; any other GUID is not ours.
    pub fn from_guid(text: &str) -> Option<Id> {
        if !matches!(text.len(), GUID_DIGITS | GUID_CHARS) {
            return None;
        }
        let (mut guid, mut digits) = (0_u128, 0);
        for letter in text.bytes().filter(|letter| *letter != b'-') {
            guid = (guid << 4) | u128::from(char::from(letter).to_digit(16)?);
            digits += 1;
        }
        if digits != GUID_DIGITS {
            return None;
        }
        let version = (guid >> 76) & 0xf;
        let variant = (guid >> 62) & 0b11;
        if version != 0x8 || variant != 0b10 || guid & ((1 << 26) - 1) != 0 {
            return None;
        }
        let id = ((guid >> 80) << 48) | (((guid >> 64) & 0xfff) << 36) | ((guid >> 26) & 0xf_ffff_ffff);
        Some(Id::from_bits(id))
    }

    fn bits(&self) -> u128 {
        let mut wide = [0; 16];
        wide[4..].copy_from_slice(&self.0);
        u128::from_be_bytes(wide)
    }

    fn from_bits(bits: u128) -> Id {
        let mut bytes = [0; ID_BYTES];
        bytes.copy_from_slice(&bits.to_be_bytes()[4..]);
        Id(bytes)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; ID_BYTES * 2];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 0xf)];
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let digits = text.as_bytes();
        if digits.len() != ID_BYTES * 2 {
            return Err(NotAnId);
        }
        let mut bytes = [0; ID_BYTES];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (hex_value(pair[0])? << 4) | hex_value(pair[1])?;
        }
        Ok(Id(bytes))
    }
}

fn hex_value(digit: u8) -> Result<u8, NotAnId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(NotAnId),
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Mints rising ids. Time and randomness are handed in by its owner.
#[derive(Debug)]
pub struct IdMint {
    last: Id,
}

impl IdMint {
    /// A mint whose ids all stand behind `newest`, even if the clock went back since.
    pub fn after(newest: Id) -> IdMint {
        IdMint { last: newest }
    }

    /// The id that was minted last.
    pub fn newest(&self) -> Id {
        self.last
    }

    /// The next id. `entropy` is drawn once at each new millisecond; its top bit is dropped so that
    /// counting up within a millisecond has room.
    pub fn next(&mut self, now: Millis, entropy: impl FnOnce() -> u64) -> Id {
        let last = self.last.time();
        self.last = if now > last {
            Id::from_parts(now, entropy() & (COUNTER_MASK >> 1))
        } else if self.last.tail() == COUNTER_MASK {
            Id::from_parts(Millis(last.0 + 1), 0)
        } else {
            Id::from_parts(last, self.last.tail() + 1)
        };
        self.last
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_and_guid_are_reversible(time in 0i64..(1 << 47), tail in 0u64..(1 << 48)) {
            let id = Id::from_parts(Millis(time), tail);
            prop_assert_eq!(id.to_string().parse::<Id>().unwrap(), id);
            prop_assert_eq!(Id::from_guid(&id.to_guid()), Some(id));
            prop_assert_eq!(id.time(), Millis(time));
        }

        #[test]
        fn any_text_is_an_id_or_a_typed_error(text in ".{0,40}") {
            let _ = text.parse::<Id>();
            let _ = Id::from_guid(&text);
        }

        #[test]
        fn ids_rise_whatever_the_clock_does(times in prop::collection::vec(0i64..50, 1..200), tail in any::<u64>()) {
            let mut mint = IdMint::after(Id::MIN);
            let mut last = Id::MIN;
            for time in times {
                let next = mint.next(Millis(time), || tail);
                prop_assert!(next > last);
                last = next;
            }
        }
    }

    #[test]
    fn a_guid_of_another_form_is_not_ours() {
        assert_eq!(Id::from_guid("6f9619ff-8b86-4011-b42d-00cf4fc964ff"), None);
    }
}
