//! `crosspoint completions` and `crosspoint man`, from the commands themselves.

use std::path::PathBuf;

use clap::CommandFactory as _;

use super::super::{Cli, output};
use crate::exit::{Failure, Result};

/// Print what a shell needs to complete commands.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint completions bash > /etc/bash_completion.d/crosspoint")]
pub(in crate::cli) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Write the man pages, one a command.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  crosspoint man /usr/local/share/man/man1")]
pub(in crate::cli) struct Man {
    /// The folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Completions {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "crosspoint", &mut text);
        output::line(String::from_utf8_lossy(&text).trim_end());
        Ok(())
    }
}

impl Man {
    pub(in crate::cli) fn run(self) -> Result<()> {
        let failed = |error: std::io::Error| Failure::file(self.dir.display(), &error);
        std::fs::create_dir_all(&self.dir).map_err(failed)?;
        clap_mangen::generate_to(Cli::command(), &self.dir).map_err(failed)
    }
}
