//! API keys of apps and of custom integrations (sunshine-v2.md §10.2, §10.3).

mod create;
mod delete;
#[cfg(test)]
mod tests;
