//! Settings of an app.

mod put;
mod remove;
#[cfg(test)]
mod tests;
