//! The command line: one file per command, and this one, which names them all.
//!
//! A command gets a [`Desk`] (settings, clock, chance, a place to print) and says how the process ends. Facts go to
//! standard output, as words or as one JSON document; logs and errors go to standard error.

mod backup;
mod business;
mod config;
mod demo;
mod desk;
mod doctor;
mod erase;
mod export;
mod migrate;
mod replay;
mod restore;
mod send_test;
mod serve;
mod source;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod token;
mod user;
mod version;

pub use desk::{Desk, Refusal};

use crate::config::{Config, Flags, Problems};
use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Answers every lead of a small business in seconds, and loses none of them.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "leadbell",
    version,
    subcommand_required = false,
    after_help = "Without a command: serve. Exit: 0 fine, 1 failed, 2 wrong usage, 3 checks found problems.\n\
                  Every setting can be a flag, LEADBELL_* in the environment (or LEADBELL_*_FILE), or a line in \
                  leadbell.toml, in that order."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print one JSON document on standard output, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Settings given as flags.
    #[command(flatten)]
    pub flags: Flags,
}

/// Every command.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Run in the foreground until stopped
    Serve,
    /// A made-up shop with twelve weeks of leads and two fake phones; nothing leaves this machine
    Demo,
    /// Check everything; each line that is not fine says what to do
    Doctor,
    /// Businesses
    #[command(subcommand)]
    Business(business::Verb),
    /// The addresses that leads come in through
    #[command(subcommand)]
    Source(source::Verb),
    /// Sign-ins
    #[command(subcommand)]
    User(user::Verb),
    /// Keys for the JSON API
    #[command(subcommand)]
    Token(token::Verb),
    /// Send a test lead over the real address and time every step
    SendTest {
        /// Id or name of the source [default: the first]
        source: Option<String>,
    },
    /// Read a stored submission again, with what is understood today
    Replay {
        /// Its id, as the page or `leadbell export receipts` shows it
        receipt: String,
        /// Apply it: make the lead, fill in what was missing, send what was never sent; without it nothing changes
        #[arg(long)]
        send: bool,
    },
    /// The leads, what came in, or the messages, with the same numbers as the page
    Export(export::Args),
    /// Forget a person: names, numbers, words and submissions go; times, counts and their wish not to be texted stay
    Erase(erase::Args),
    /// Copy the database while it is in use, and check the copy
    Backup {
        /// Where to [default: backups/leadbell-YYYYMMDD-HHMMSS.db in the data directory]
        file: Option<PathBuf>,
    },
    /// Check a backup and put it in the place of the database, which is kept beside it
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Bring the database up to date; serve does this by itself
    Migrate {
        /// Only say what would be done; exit 3 if there is something
        #[arg(long)]
        check: bool,
    },
    /// The settings
    #[command(subcommand)]
    Config(config::Verb),
    /// The version
    Version,
}

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0
    Fine,
    /// 1
    Failed,
    /// 2
    WrongUsage,
    /// 3
    FoundProblems,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::WrongUsage => 2,
            Exit::FoundProblems => 3,
        })
    }
}

/// Carries out one command. `settings` may be wrong: some commands are there to say so.
///
/// # Errors
/// What went wrong, worded for the terminal; [`exit_of`] knows the status that goes with it.
pub async fn run(cli: &Cli, settings: Result<Config, Problems>, out: &mut (dyn Write + Send)) -> anyhow::Result<Exit> {
    let config = match (&cli.command, settings) {
        (Some(Command::Version), _) => return version::run(cli.json, out),
        (Some(Command::Config(verb)), settings) => return config::run(verb, settings, cli.json, out),
        (Some(Command::Doctor), Err(problems)) => return doctor::settings_are_wrong(&problems, cli.json, out),
        (_, settings) => settings?,
    };
    let mut desk = Desk::new(&config, cli.json, out);
    match &cli.command {
        Some(Command::Demo) => demo::run(&config).await,
        Some(Command::Doctor) => doctor::run(&mut desk).await,
        Some(Command::Business(verb)) => business::run(verb, &mut desk).await,
        Some(Command::Source(verb)) => source::run(verb, &mut desk).await,
        Some(Command::User(verb)) => user::run(verb, &mut desk).await,
        Some(Command::Token(verb)) => token::run(verb, &mut desk).await,
        Some(Command::SendTest { source }) => send_test::run(source.as_deref(), &mut desk).await,
        Some(Command::Replay { receipt, send }) => replay::run(receipt, *send, &mut desk).await,
        Some(Command::Export(args)) => export::run(args, &mut desk).await,
        Some(Command::Erase(args)) => erase::run(args, &mut desk).await,
        Some(Command::Backup { file }) => backup::run(file.as_deref(), &mut desk).await,
        Some(Command::Restore { file }) => restore::run(file, &mut desk).await,
        Some(Command::Migrate { check }) => migrate::run(*check, &mut desk).await,
        Some(Command::Serve | Command::Config(_) | Command::Version) | None => serve::run(&config).await,
    }
}

/// The exit status that an error of [`run`] stands for.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    if is_closed_pipe(error) {
        Exit::Fine
    } else if error.is::<Refusal>() || error.is::<Problems>() {
        Exit::WrongUsage
    } else {
        Exit::Failed
    }
}

/// Whether the reader of our output went away, as `head` does: no reason to complain.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
