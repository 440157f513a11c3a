//! Texts that are cut for channels: every text gives pieces that are the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| channels::parsers::text(data));
