//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    crosspoint_server::cli::run()
}
