//! Basic and bearer headers: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| dialect_sunshine::parsers::authorization(data));
