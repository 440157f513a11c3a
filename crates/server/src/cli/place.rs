//! Which server or data directory an administration command means.

use std::path::PathBuf;

use crate::config::{Config, Values, load};
use crate::control::{Answer, Connection, Request};
use crate::exit::{Failure, Result};

use super::output;

/// Which server or data directory.
#[derive(clap::Args)]
pub(super) struct Place {
    /// The data directory of the server; also CROSSPOINT_DATA_DIR, or data_dir in the file.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The configuration file; also CROSSPOINT_CONFIG.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    /// The configuration that holds there.
    pub(super) fn config(&self) -> Result<Config> {
        let given =
            self.data_dir.as_ref().map(|dir| ("data_dir".to_owned(), dir.to_string_lossy().into_owned()));
        let flags: Values = given.into_iter().collect();
        let loaded = load(flags, self.config.as_deref(), environment())?;
        for warning in loaded.warnings {
            output::note(format_args!("crosspoint: {warning}"));
        }
        Ok(loaded.config)
    }

    /// Asks the running server, or the files.
    pub(super) fn ask(&self, request: Request) -> Result<Answer> {
        let config = self.config()?;
        block_on(async {
            let mut connection = Connection::open(&config).await?;
            let answer = connection.ask(request).await;
            connection.close().await;
            answer
        })
    }
}

/// The variables of the process; what is no text is none of ours.
pub(super) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Runs a command on a small runtime.
pub(super) fn block_on<T>(command: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format!("starting a runtime: {error}")))?;
    runtime.block_on(command)
}

/// An answer of another kind than was asked for.
pub(super) fn unexpected() -> Failure {
    Failure::failed("the running server answered something else; is it of another version?")
}
