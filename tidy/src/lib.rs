//! The house rules are a test: see `tests/house_rules.rs`.
