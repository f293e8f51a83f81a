//! The settings in force, each with its origin, fit to be printed: secrets are never in here.

use super::keys::{KEYS, Key};
use super::layers::Found;
use super::{Config, LogFormat};
use serde::Serialize;

/// One setting as it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its name in `leadbell.toml`.
    pub key: &'static str,
    /// Its value; `(set)` for a secret; `None` when it is not set and has no default.
    pub value: Option<String>,
    /// Where it came from: a flag, a variable, a file, or `default`.
    pub from: String,
}

impl Shown {
    /// What somebody set.
    pub(super) fn of(key: &'static Key, found: &Found) -> Option<Self> {
        let value = if key.secret { "(set)".to_owned() } else { found.value.clone() };
        Some(Shown { key: key.name, value: Some(value), from: found.from.clone() })
    }
}

/// All settings in their order: those somebody made, and the defaults of the rest.
pub(super) fn rows(config: &Config, set: Vec<Shown>) -> Vec<Shown> {
    KEYS.iter()
        .map(|key| {
            let mine = set.iter().find(|shown| shown.key == key.name);
            let value = in_force(config, key).or_else(|| mine.and_then(|shown| shown.value.clone()));
            let from = mine.map_or_else(|| "default".to_owned(), |shown| shown.from.clone());
            Shown { key: key.name, value, from }
        })
        .collect()
}

/// The value after reading, where reading tidies it up or a default fills in.
fn in_force(config: &Config, key: &Key) -> Option<String> {
    Some(match key.name {
        "listen" => config.listen.to_string(),
        "data_dir" => config.data_dir.display().to_string(),
        "database_url" => format!("sqlite:{}", config.database.display()),
        "public_url" => config.public_url(config.listen),
        "trusted_proxies" if !config.trusted_proxies.is_empty() => {
            config.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        "twilio_api_url" => config.twilio_api_url.clone(),
        "send_caps" => if config.send_caps { "on" } else { "off" }.to_owned(),
        "log" => config.log.clone(),
        "log_format" => match config.log_format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        },
        _ => return None,
    })
}
