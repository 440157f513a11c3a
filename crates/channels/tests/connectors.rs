//! The connectors through their common trait: signatures, fixtures, payloads, answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod connectors {
    mod answers;
    mod conversions;
    mod fixtures;
    mod mutated;
    mod mutation;
    mod rendered;
    mod set_up;
    mod signatures;
    mod support;
    mod table;
}
