//! What stands in paths, queries and forms of Hubster's API: whatever comes in gives a value or an error,
//! never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| dialect_hubster::parsers::texts(data));
