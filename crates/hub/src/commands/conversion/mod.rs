//! Conversions: what customers did at the business's, told to the provider of their channel.

mod report;
#[cfg(test)]
mod tests;

pub use report::{ConversionReporter, ConversionsRefused, ConversionsTaken};
