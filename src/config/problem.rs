//! What is wrong with the settings, all of it at once, in words for whoever made them.

use std::fmt;

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The setting, by the name its author used.
    pub key: String,
    /// What is wrong. Never holds a secret.
    pub problem: String,
    /// What to do about it.
    pub next: String,
}

/// Everything to put right, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = if self.0.len() == 1 { "setting needs" } else { "settings need" };
        write!(f, "{} {many} attention:", self.0.len())?;
        for Problem { key, problem, next } in &self.0 {
            write!(f, "\n  {key}: {problem}. {next}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
