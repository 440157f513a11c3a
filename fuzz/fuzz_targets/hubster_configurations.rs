//! Configurations of Hubster's portal: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| dialect_hubster::parsers::configurations(data));
