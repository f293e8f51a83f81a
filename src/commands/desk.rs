//! What every command works with: settings, clock, chance, and where to print.

use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::config::Config;
use crate::db::{Db, Pool, keyfile, lock};
use crate::lead::shop::{Business, store};
use serde::Serialize;
use std::io::{self, Write};

/// Wrong usage that the parser of flags cannot see: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// The surroundings of one command.
pub struct Desk<'a> {
    /// The settings in force.
    pub config: &'a Config,
    /// The time.
    pub clock: Clock,
    /// Chance, fit for secrets.
    pub random: Random,
    /// Whether facts are printed as JSON.
    pub json: bool,
    /// Standard output.
    pub out: &'a mut (dyn Write + Send),
}

impl<'a> Desk<'a> {
    /// With the machine's own clock and chance.
    pub fn new(config: &'a Config, json: bool, out: &'a mut (dyn Write + Send)) -> Self {
        Self { config, clock: Clock::system(), random: Random::system(), json, out }
    }

    /// Opens the key file and the database, making both if this is the first use.
    ///
    /// # Errors
    /// Worded for the terminal.
    pub async fn open(&self) -> anyhow::Result<(Db, Keys)> {
        let keys = keyfile::open_or_create(&self.config.data_dir, &self.config.database, &self.random)?;
        if let Some(folder) = self.config.database.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok((Db::open(&self.config.database).await?, keys))
    }

    /// What addresses start with: as set, else as the running server says, else as it would be. No slash at the end.
    ///
    /// # Errors
    /// When the lock file cannot be read.
    pub fn public_url(&self) -> io::Result<String> {
        if let Some(url) = &self.config.public_url {
            return Ok(url.clone());
        }
        let announced = lock::running(&self.config.data_dir)?.and_then(|server| server.address);
        Ok(announced.unwrap_or_else(|| self.config.public_url(self.config.listen)))
    }

    /// Prints facts: the document as JSON, or the words.
    ///
    /// # Errors
    /// When standard output is gone.
    pub fn print(&mut self, document: &impl Serialize, words: impl FnOnce() -> String) -> io::Result<()> {
        print(self.out, self.json, document, words)
    }
}

/// Prints facts: the document as JSON, or the words.
///
/// # Errors
/// When `out` cannot be written.
pub fn print(
    out: &mut (dyn Write + Send),
    json: bool,
    document: &impl Serialize,
    words: impl FnOnce() -> String,
) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, document)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", words().trim_end())?;
    }
    out.flush()
}

/// The business that `--business` names; without it the only one there is.
///
/// # Errors
/// [`Refusal`] when the choice is not clear, worded with the choices.
pub async fn business(pool: &Pool, slug: Option<&str>) -> anyhow::Result<Business> {
    let mut all = store::businesses(pool).await?;
    let slugs = all.iter().map(|business| business.slug.as_str()).collect::<Vec<_>>().join(", ");
    if all.is_empty() {
        let next = "Add one: leadbell business add --name \"Your shop\"";
        return Err(Refusal(format!("there is no business yet. {next}")).into());
    }
    match slug {
        Some(slug) => match all.iter().position(|business| business.slug == slug) {
            Some(at) => Ok(all.swap_remove(at)),
            None => Err(Refusal(format!("no business is called {slug}. There is: {slugs}")).into()),
        },
        None if all.len() == 1 => Ok(all.swap_remove(0)),
        None => Err(Refusal(format!("say which business, with --business: {slugs}")).into()),
    }
}
