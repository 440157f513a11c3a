//! Callbacks and answers of Messenger: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    channels::parsers::callback("messenger", data);
    channels::parsers::answer("messenger", data);
});
