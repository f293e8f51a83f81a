//! How one source is doing: its state, its rhythm, what changed. A part of the source's page.

use super::format;
use super::pieces::Pill;
use crate::stats::chart::{Bar, bars};

/// The section.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceHealth {
    /// Its state in words.
    pub state: Pill,
    /// What that means and what to do.
    pub explain: String,
    /// Its rhythm in a sentence.
    pub usual: String,
    /// What differs from what it used to send, the gravest first, in sentences without stops.
    pub changes: Vec<String>,
    /// Since when, as a clock time.
    pub since: Option<String>,
    /// Leads on each of the last 14 days, oldest first.
    pub days: Vec<u32>,
}

impl SourceHealth {
    /// The days as bars.
    pub fn bars(&self) -> Vec<Bar> {
        bars(&self.days)
    }

    /// The days in words.
    pub fn days_told(&self) -> String {
        let all: u64 = self.days.iter().map(|n| u64::from(*n)).sum();
        format!("{} in {} days", format::count(all, "lead", "leads"), self.days.len())
    }
}
