//! What the server writes about itself.

/// What the server writes about itself, on standard error.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Log")]
pub struct LogConfig {
    /// What is logged: a level (error, warn, info, debug, trace, off), or levels by module as in
    /// info,crosspoint_hub=debug. Every request is in debug, refused ones are in info.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    pub log: String,
    /// The form of a line.
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line, for machines.
    Json,
}
