//! Who may come in first, and how the API answers.

use super::secret::Secret;

/// Who may come in first, and how the API answers.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "API")]
pub struct ApiConfig {
    /// The account key that shall exist: act_ and 24 hexadecimal digits. Another one replaces the
    /// one that was set before. Without it a key is made on the first start and printed once.
    #[arg(long, value_name = "ACT_ID")]
    pub account_key_id: Option<String>,
    /// The secret of that account key.
    #[arg(long, value_name = "SECRET")]
    pub account_key_secret: Option<Secret>,
    /// Whether reading and listing app and integration keys shows their secrets again, as the
    /// original does.
    #[arg(long, value_name = "BOOL", default_value = "false", num_args = 0..=1, default_missing_value = "true",
          action = clap::ArgAction::Set, value_parser = clap::builder::BoolishValueParser::new())]
    pub key_secrets_readable: bool,
    /// Whether anybody may make a customer over the integrations core
    /// (POST /v2/integrations/customer), which is a new account with its key. Without it only
    /// `crosspoint accounts create` makes accounts.
    #[arg(long, value_name = "BOOL", default_value = "false", num_args = 0..=1, default_missing_value = "true",
          action = clap::ArgAction::Set, value_parser = clap::builder::BoolishValueParser::new())]
    pub customer_registration: bool,
    /// Whether replies and webhooks tell agents and bots among the authors apart (author.subtypes). They
    /// are known of those who answer through Hubster's API. The Python and Java clients of version 17
    /// cannot read such replies.
    #[arg(long, value_name = "BOOL", default_value = "false", num_args = 0..=1, default_missing_value = "true",
          action = clap::ArgAction::Set, value_parser = clap::builder::BoolishValueParser::new())]
    pub emit_author_subtypes: bool,
}
