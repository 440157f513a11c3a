//! Where the data are, and how they are kept.

use std::path::PathBuf;

use super::secret::Secret;

/// Where the data are, and how they are kept.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Data")]
pub struct StoreConfig {
    /// The directory that holds everything: database, attachments (unless attachments_url names a bucket),
    /// sealing key, control socket.
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data_dir: PathBuf,
    /// 32 bytes in base64 under which secrets are sealed at rest. Without it: the file sealing.key
    /// in the data directory, made on the first start.
    #[arg(long, value_name = "BASE64")]
    pub sealing_key: Option<Secret>,
    /// Connections that read from the database at the same time, at most.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub readers: u32,
    /// Writes that share one commit, at most. 1 commits each by itself, which is many times slower.
    #[arg(long, value_name = "COUNT", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub commit_batch: u32,
    /// How long events that everybody has received are kept, in days.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub event_retention_days: u32,
    /// PostgreSQL, which this version does not know yet; setting it refuses the start.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<Secret>,
    /// NATS, which this version does not know yet; setting it refuses the start.
    #[arg(long, value_name = "URL")]
    pub nats_url: Option<Secret>,
}
