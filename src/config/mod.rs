//! The configuration: one typed value, made once at start and handed to everyone else.
//!
//! In: flags, environment, `leadbell.toml`, in that order of rank. Out: a [`Config`], or every [`Problem`] at once,
//! each with its key and a next step; names that nobody knows are problems too. The core is pure: only
//! [`Config::from_process`] touches the process, and nobody else in the crate reads the environment.

mod flags;
mod keys;
mod layers;
mod problem;
mod show;
#[cfg(test)]
mod tests;
mod typed;

pub use flags::Flags;
pub use layers::{Inputs, ReadFile};
pub use problem::{Problem, Problems};
pub use show::Shown;

use ipnet::IpNet;
use secrecy::SecretString;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The documented configuration file with every default, as `leadbell config print --default` prints it.
pub const DEFAULT_FILE: &str = include_str!("leadbell.toml");

/// Its name in the data directory, unless another is set.
const DATABASE: &str = "leadbell.db";

/// Read when no `--config` names another.
const FILE: &str = "leadbell.toml";

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Database, key file and backups.
    pub data_dir: PathBuf,
    /// The database file.
    pub database: PathBuf,
    /// What the world calls this server, without a slash at the end; `None` = `http://` and where it listens.
    pub public_url: Option<String>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Texting for businesses without an account of their own.
    pub twilio: Option<Twilio>,
    /// Where Twilio answers, without a slash at the end.
    pub twilio_api_url: String,
    /// Mail for businesses without a sender of their own.
    pub mail: Option<Mail>,
    /// The first sign-in; `None` = by set-up link.
    pub admin: Option<Admin>,
    /// Whether the caps on texts hold.
    pub send_caps: bool,
    /// A tracing filter.
    pub log: String,
    /// How log lines look.
    pub log_format: LogFormat,
    shown: Vec<Shown>,
}

/// A Twilio account and what it sends from.
#[derive(Clone, Debug)]
pub struct Twilio {
    /// `AC…`.
    pub account_sid: String,
    /// Signs callbacks, and requests where there is no API key.
    pub auth_token: Option<SecretString>,
    /// `SK…` and its secret: signs requests in place of the auth token.
    pub api_key: Option<(String, SecretString)>,
    /// A number, short code or sender name.
    pub from: Option<String>,
    /// `MG…`; at least one of this and `from` is set.
    pub messaging_service_sid: Option<String>,
}

/// A mail server and the sender.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `smtp://` or `smtps://`, with user and password where needed.
    pub smtp_url: SecretString,
    /// The sender: an address, or `Name <address>`.
    pub from: String,
}

/// The first sign-in, made at start if it is missing.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The sign-in.
    pub email: String,
    /// Its password, at least 10 characters.
    pub password: SecretString,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line, for machines.
    Json,
}

impl Config {
    /// The configuration of this process: its environment, the file that `--config` names (else `leadbell.toml` in
    /// the current folder, if there is one) and its flags.
    ///
    /// # Errors
    /// [`Problems`], all at once.
    pub fn from_process(flags: &Flags) -> Result<Self, Problems> {
        let (name, must_exist) = match &flags.config {
            Some(path) => (path.as_path(), true),
            None => (Path::new(FILE), false),
        };
        let mut unreadable = None;
        let file = match std::fs::read_to_string(name) {
            Ok(text) => Some((name.display().to_string(), text)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && !must_exist => None,
            Err(cause) => {
                unreadable = Some(Problem {
                    key: if must_exist { "--config".to_owned() } else { FILE.to_owned() },
                    problem: format!("cannot read {}: {cause}", name.display()),
                    next: "Check the path and that this user may read it.".to_owned(),
                });
                None
            }
        };
        let inputs = Inputs {
            flags: flags.given(),
            environment: environment(),
            file,
            read: &|path| std::fs::read_to_string(path),
        };
        match (Self::from_inputs(&inputs), unreadable) {
            (read, None) => read,
            (read, Some(problem)) => {
                let mut all = vec![problem];
                all.extend(read.err().into_iter().flat_map(|problems| problems.0));
                Err(Problems(all))
            }
        }
    }

    /// The configuration that these inputs make.
    ///
    /// # Errors
    /// [`Problems`], all at once.
    pub fn from_inputs(inputs: &Inputs<'_>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let settled = layers::settle(inputs, &mut problems);
        match typed::read(settled, problems) {
            Ok(mut config) => {
                let set = std::mem::take(&mut config.shown);
                config.shown = show::rows(&config, set);
                Ok(config)
            }
            Err(problems) => Err(problems),
        }
    }

    /// The same for the made-up shop: a folder of that name among the machine's temporary ones, and no vendor.
    #[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
    pub fn for_demo(mut self, name: &str) -> Self {
        self.data_dir = std::env::temp_dir().join(name);
        self.database = self.data_dir.join(DATABASE);
        self.twilio = None;
        self.mail = None;
        self.admin = None;
        self
    }

    /// What webhook addresses and links start with, given the address that was really taken. No slash at the end.
    pub fn public_url(&self, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"))
    }

    /// Every setting as it is in force, and who made it so; secrets are left out.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }
}

/// The environment as text. A variable of ours that is not text cannot be meant and is shown as it would print.
#[expect(clippy::disallowed_methods, reason = "the one reader of the environment")]
fn environment() -> std::collections::BTreeMap<String, String> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect()
}
