//! Callbacks and answers of Telegram: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    channels::parsers::callback("telegram", data);
    channels::parsers::answer("telegram", data);
});
