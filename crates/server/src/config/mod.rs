//! What the operator decides: one documented struct per area; flags beat environment beats file
//! (decision 52).

mod api;
mod attachments;
mod channels;
mod delivery;
mod layers;
mod limits;
mod listen;
mod log;
mod secret;
mod store;

use clap::Parser;
use hub::seal::Sealer;

pub use api::ApiConfig;
pub use attachments::{AttachmentsConfig, BucketUrl};
pub use channels::ChannelsConfig;
pub use delivery::DeliveryConfig;
pub use layers::{Loaded, Values, flags_of, load};
pub use limits::LimitsConfig;
pub use listen::{ListenAddress, ListenConfig, PublicUrl};
pub use log::{LogConfig, LogFormat};
pub use secret::Secret;
pub use store::StoreConfig;

/// The commented default file, as `crosspoint config default` prints it.
pub const DEFAULT_FILE: &str = include_str!("default.toml");

/// Everything that the operator decides.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Where the server listens, and what it calls itself.
    #[command(flatten)]
    pub listen: ListenConfig,
    /// Where the data are, and how they are kept.
    #[command(flatten)]
    pub store: StoreConfig,
    /// Where the bytes of attachments are kept.
    #[command(flatten)]
    pub attachments: AttachmentsConfig,
    /// Who may come in first, and how the API answers.
    #[command(flatten)]
    pub api: ApiConfig,
    /// How events leave the server.
    #[command(flatten)]
    pub delivery: DeliveryConfig,
    /// Where the providers of channels are.
    #[command(flatten)]
    pub channels: ChannelsConfig,
    /// How much one key may ask for.
    #[command(flatten)]
    pub limits: LimitsConfig,
    /// What the server writes about itself.
    #[command(flatten)]
    pub log: LogConfig,
}

/// A configuration that cannot be used. Its text names the option and where it came from, and shows
/// no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// The options as a command line of their own.
#[derive(Parser)]
#[command(name = "crosspoint", no_binary_name = true, disable_help_flag = true)]
struct Options {
    #[command(flatten)]
    config: Config,
}

impl Config {
    /// A configuration of the named options, the others at their defaults. For programs that start
    /// a server inside themselves.
    ///
    /// # Errors
    /// An unknown name, or a value that its option does not take.
    pub fn from_values<N: Into<String>, V: Into<String>>(
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Config, ConfigError> {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        layers::parse(&values)
    }

    /// What a server can begin with, though it is probably forgotten.
    pub(crate) fn warning(&self) -> Option<String> {
        let is_told_wrong = self.listen.public_url.is_none() && self.listen.listen.is_open();
        is_told_wrong.then(|| {
            format!(
                "public_url is not set: links and providers are told an address that nobody outside reaches, since \
                 the server listens on {}",
                self.listen.listen
            )
        })
    }

    /// What no single option can tell.
    fn check(self) -> Result<Config, ConfigError> {
        let refuse = |text: &str| Err(ConfigError(text.to_owned()));
        if self.store.database_url.is_some() {
            return refuse("database_url: PostgreSQL is not in this version; leave it out to use SQLite");
        }
        if self.store.nats_url.is_some() {
            return refuse("nats_url: NATS is not in this version; leave it out to run one node");
        }
        if self.store.sealing_key.as_ref().is_some_and(|key| Sealer::from_base64(key.expose()).is_none()) {
            return refuse("sealing_key: 32 bytes in base64 are needed (openssl rand -base64 32 makes them)");
        }
        if self.api.account_key_id.as_deref().is_some_and(|id| !is_account_key_id(id)) {
            return refuse("account_key_id: act_ and 24 hexadecimal digits are needed");
        }
        if self.api.account_key_id.is_some() != self.api.account_key_secret.is_some() {
            return refuse("account_key_id and account_key_secret: both are needed, or neither");
        }
        if self.limits.rate_limit_burst.is_some() && self.limits.rate_limit_per_second.is_none() {
            return refuse("rate_limit_burst: rate_limit_per_second is needed beside it");
        }
        if self.api.account_key_secret.as_ref().is_some_and(|secret| secret.expose().is_empty()) {
            return refuse("account_key_secret: it is empty");
        }
        if let Some(problem) = self.attachments.problem() {
            return refuse(problem);
        }
        if let Some(names) = self.channels.half_pair() {
            return refuse(&format!("{names}: both are needed, or neither"));
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.log) {
            return Err(ConfigError(format!(
                "log: {error}; a level (info) or levels by module (info,crosspoint_hub=debug) are needed"
            )));
        }
        Ok(self)
    }
}

fn is_account_key_id(id: &str) -> bool {
    let digits = id.strip_prefix("act_").unwrap_or_default();
    digits.len() == 24 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
