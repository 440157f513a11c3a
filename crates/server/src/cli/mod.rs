//! The command line. Exit codes: 0 done, 1 failed or refused by the server, 2 refused to begin.

mod accounts;
mod backup;
mod client;
mod config;
mod deliveries;
mod demo;
#[cfg(test)]
mod documented_tests;
mod keys;
mod oauth_clients;
mod output;
mod place;
mod serve;
mod sim;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::exit::Result;

/// Stands between the channels that your customers use and the bots and agents that answer them.
#[derive(Parser)]
#[command(
    name = "crosspoint",
    version,
    arg_required_else_help = true,
    after_help = "serve runs the server; keys to restore work on its data directory, on the same machine and as its \
                  user.\nlogin to listen speak to a server over its API, from anywhere, with a key.\nsim and demo \
                  show everything without an account at a provider.\n\nExample:\n  crosspoint serve --data-dir ./data \
                  --listen 127.0.0.1:8080"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    Keys(keys::Keys),
    Accounts(accounts::Accounts),
    #[command(name = "oauth-clients")]
    OAuthClients(oauth_clients::OAuthClients),
    Deliveries(deliveries::Deliveries),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Config(config::Config),
    Sim(sim::Simulate),
    Demo(demo::Demo),
    Login(client::Login),
    Logout(client::Logout),
    Apps(client::Apps),
    Integrations(client::Integrations),
    Users(client::Users),
    Conversations(client::Conversations),
    Messages(client::Messages),
    Switchboard(client::Switchboard),
    Webhooks(client::Webhooks),
    Settings(client::Settings),
    Events(client::Events),
    Chat(client::chat::Chat),
    Listen(client::listen::Listen),
    Completions(client::Completions),
    Man(client::Man),
}

/// Reads the command line, does what it says, and gives the exit code.
pub fn run() -> ExitCode {
    crate::data_dir::make_files_private();
    let matches = command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let done: Result<()> = match cli.command {
        Command::Serve(command) => command.run(flags(&matches, &["serve"])),
        Command::Keys(command) => command.run(),
        Command::Accounts(command) => command.run(),
        Command::OAuthClients(command) => command.run(),
        Command::Deliveries(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Config(command) => command.run(|| flags(&matches, &["config", "check"])),
        Command::Sim(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Login(command) => command.run(),
        Command::Logout(command) => command.run(),
        Command::Apps(command) => command.run(),
        Command::Integrations(command) => command.run(),
        Command::Users(command) => command.run(),
        Command::Conversations(command) => command.run(),
        Command::Messages(command) => command.run(),
        Command::Switchboard(command) => command.run(),
        Command::Webhooks(command) => command.run(),
        Command::Settings(command) => command.run(),
        Command::Events(command) => command.run(),
        Command::Chat(command) => command.run(),
        Command::Listen(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::error(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The command line. Its usage lines name what must be given, and not also what the environment gives
/// already, as clap's own do behind an error.
fn command() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    fix_usage(&mut command);
    command
}

fn fix_usage(command: &mut clap::Command) {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    *command = std::mem::take(command).override_usage(usage);
    command.get_subcommands_mut().for_each(fix_usage);
}

/// The options that stand on the command line behind these commands.
fn flags(matches: &clap::ArgMatches, commands: &[&str]) -> crate::config::Values {
    let deepest = commands.iter().try_fold(matches, |matches, name| matches.subcommand_matches(name));
    deepest.map(crate::config::flags_of).unwrap_or_default()
}
