//! Health: every check of `leadbell doctor`, failing first, each with its next step.

use super::chrome::Chrome;
use super::format;
use super::pieces::Pill;
use askama::Template;

/// The page at `/health`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/health.html")]
pub struct Health {
    /// The frame.
    pub chrome: Chrome,
    /// The checks; see [`worst_first`].
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// Whether it is fine.
    pub ok: bool,
    /// What was seen.
    pub detail: String,
    /// What to do; empty when there is nothing to do.
    pub next: String,
}

/// The checks with the failing ones in front, then those with something to do.
pub fn worst_first(mut checks: Vec<Check>) -> Vec<Check> {
    checks.sort_by_key(|check| (check.ok, check.next.is_empty()));
    checks
}

impl Health {
    /// All of it in a sentence.
    pub fn summary(&self) -> String {
        match self.checks.iter().filter(|check| !check.ok).count() {
            0 => "Nothing failing.".to_owned(),
            n => format!("{} failing.", format::count(n as u64, "check", "checks")),
        }
    }
}

impl Check {
    /// Its state.
    pub fn pill(&self) -> Pill {
        match (self.ok, self.next.is_empty()) {
            (true, true) => Pill::new("fast", "fine"),
            (true, false) => Pill::new("ok", "look"),
            (false, _) => Pill::new("slow", "failing"),
        }
    }
}
