//! How events leave the server.

/// How events leave the server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryConfig {
    /// Whether webhooks may point to addresses of the own network. For tests and closed networks.
    #[arg(long, value_name = "BOOL", default_value = "false", num_args = 0..=1, default_missing_value = "true",
          action = clap::ArgAction::Set, value_parser = clap::builder::BoolishValueParser::new())]
    pub webhook_allow_private: bool,
    /// Milliseconds of the first pause before a webhook is tried again; all later pauses change in
    /// the same proportion. Without it: 15 s, and five tries over 15 minutes.
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub webhook_retry_base_ms: Option<u64>,
}
