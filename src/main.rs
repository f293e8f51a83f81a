//! Flags, configuration, tracing, and off we go.

use clap::Parser;
use leadbell::commands::{self, Cli, Exit};
use leadbell::config::{Config, LogFormat};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = Config::from_process(&cli.flags);
    if let Ok(config) = &settings {
        log_to_standard_error(config);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return complain(&anyhow::Error::new(cause).context("cannot start")),
    };
    match runtime.block_on(commands::run(&cli, settings, &mut stdout())) {
        Ok(exit) => exit.into(),
        Err(error) => complain(&error),
    }
}

fn log_to_standard_error(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(false);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

/// Says what went wrong, unless nobody is listening any more.
fn complain(error: &anyhow::Error) -> ExitCode {
    let exit = commands::exit_of(error);
    if exit != Exit::Fine {
        // A closed standard error leaves nobody to tell.
        let _gone = writeln!(stderr(), "leadbell: {error:#}");
    }
    exit.into()
}
