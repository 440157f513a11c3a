//! `crosspoint config`: looking at the configuration.

use std::path::PathBuf;

use super::output;
use super::place::environment;
use crate::config::{DEFAULT_FILE, Values, load};
use crate::exit::Result;

/// Print the default configuration, or check one.
#[derive(clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  crosspoint config default > crosspoint.toml"
)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print a file with every option, its default and what it does.
    #[command(after_help = "Example:\n  crosspoint config default > crosspoint.toml")]
    Default,
    /// Say whether flags, environment and file make a configuration that can be used. Exit code 2 if
    /// they do not.
    #[command(after_help = "Example:\n  crosspoint config check --config crosspoint.toml")]
    Check(Box<Check>),
}

#[derive(clap::Args)]
struct Check {
    /// The configuration file; also CROSSPOINT_CONFIG.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    _options: crate::config::Config,
}

impl Config {
    pub(super) fn run(self, flags: impl FnOnce() -> Values) -> Result<()> {
        match self.command {
            Command::Default => {
                output::line(DEFAULT_FILE.trim_end());
                Ok(())
            }
            Command::Check(check) => {
                let loaded = load(flags(), check.config.as_deref(), environment())?;
                for warning in loaded.warnings.into_iter().chain(loaded.config.warning()) {
                    output::note(format_args!("crosspoint: {warning}"));
                }
                output::line("the configuration can be used");
                Ok(())
            }
        }
    }
}
