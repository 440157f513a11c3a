//! Bodies that a provider never sends, made of those that it sends: for the connectors themselves, and for
//! the whole program (`tests/tests/channels/mutated.rs`).

use serde_json::Value;

/// How many there are of a channel.
const COUNT: usize = 200;

/// The same bodies for the same fixtures.
pub fn mutated(fixtures: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut numbers = Numbers(7);
    (0..COUNT)
        .map(|round| {
            let mut body = fixtures[round % fixtures.len()].clone();
            match serde_json::from_slice::<Value>(&body) {
                Ok(mut value) if numbers.below(2) == 0 => {
                    change(&mut value, &mut numbers);
                    value.to_string().into_bytes()
                }
                _ => {
                    damage(&mut body, &mut numbers);
                    body
                }
            }
        })
        .collect()
}

/// Numbers that repeat with the seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Another value in place of one inside.
fn change(value: &mut Value, numbers: &mut Numbers) {
    let others =
        [Value::Null, "x".into(), (-1).into(), u64::MAX.into(), Value::Array(vec![]), serde_json::json!({})];
    match value {
        Value::Array(entries) if !entries.is_empty() && numbers.below(4) > 0 => {
            let at = numbers.below(entries.len());
            change(&mut entries[at], numbers);
        }
        Value::Object(fields) if !fields.is_empty() && numbers.below(6) > 0 => {
            let at = numbers.below(fields.len());
            if let Some(inner) = fields.values_mut().nth(at) {
                change(inner, numbers);
            }
        }
        other => *other = others[numbers.below(others.len())].clone(),
    }
}

/// A byte changed, inserted or taken away, or the end cut off.
fn damage(body: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(body.len());
    match numbers.below(4) {
        0 => body.truncate(at),
        1 => body.insert(at, numbers.below(256) as u8),
        2 => drop(body.drain(at..(at + 1).min(body.len()))),
        _ => body.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << numbers.below(8)),
    }
}
