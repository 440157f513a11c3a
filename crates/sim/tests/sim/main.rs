//! The judge is judged: each rule refuses a wrong request and takes a right one, callbacks are signed and
//! tried again, and a seed repeats a run.

// A helper of a test fails it by panicking.
#![allow(clippy::unwrap_used)]

mod bench;
mod faults;
mod messenger;
mod telegram;
mod twilio;
