//! `leadbell config print` and `leadbell config check`

use super::{Exit, desk};
use crate::config::{Config, DEFAULT_FILE, Problems, Shown};
use std::io::Write;

/// What to do with the settings.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Verb {
    /// Every setting in force and who made it so; secrets are not shown
    Print {
        /// Print the documented leadbell.toml with every default instead
        #[arg(long)]
        default: bool,
    },
    /// Every problem with the settings at once; exit 3 if there is one
    Check,
}

/// Prints or checks the settings.
pub fn run(
    verb: &Verb,
    settings: Result<Config, Problems>,
    json: bool,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Exit> {
    match (verb, settings) {
        (Verb::Print { default: true }, _) => {
            desk::print(out, json, &DEFAULT_FILE, || DEFAULT_FILE.to_owned())?;
            Ok(Exit::Fine)
        }
        (Verb::Print { default: false }, settings) => {
            let config = settings?;
            desk::print(out, json, &config.shown(), || in_words(config.shown()))?;
            Ok(Exit::Fine)
        }
        (Verb::Check, Ok(_)) => {
            desk::print(out, json, &[(); 0], || "All settings are fine.".to_owned())?;
            Ok(Exit::Fine)
        }
        (Verb::Check, Err(problems)) => {
            desk::print(out, json, &problems.0, || problems.to_string())?;
            Ok(Exit::FoundProblems)
        }
    }
}

/// As lines of `leadbell.toml`, each with its origin behind it. TOML and JSON quote a text alike.
fn in_words(shown: &[Shown]) -> String {
    let line = |setting: &Shown| match &setting.value {
        Some(value) if value == "(set)" => format!("# {} is set", setting.key),
        Some(value) => format!("{} = {}", setting.key, serde_json::Value::from(value.as_str())),
        None => format!("# {} is not set", setting.key),
    };
    let lines: Vec<(String, &str)> = shown.iter().map(|setting| (line(setting), setting.from.as_str())).collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(line, from)| format!("{line:width$}  # {from}\n")).collect()
}
