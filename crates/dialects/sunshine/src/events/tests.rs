//! Payloads of every type of event.
