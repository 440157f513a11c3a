//! Callbacks and answers of Twilio: whatever comes in gives a value or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    channels::parsers::callback("twilio", data);
    channels::parsers::answer("twilio", data);
});
