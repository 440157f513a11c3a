//! Frames of a SignalR client, cut anywhere: whatever comes in is answered or ends the connection, never
//! a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // A zero byte ends a frame; with a good greeting in front more is reached.
    let mut frames: Vec<&[u8]> = data.split(|byte| *byte == 0).collect();
    dialect_hubster::signalr::read_frames(&frames);
    frames.insert(0, b"{\"protocol\":\"json\",\"version\":1}\x1e");
    dialect_hubster::signalr::read_frames(&frames);
});
