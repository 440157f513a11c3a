//! Query strings in all spellings: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| dialect_sunshine::parsers::query_strings(data));
