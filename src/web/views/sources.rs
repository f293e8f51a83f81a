//! Sources: which forms send, which went quiet, and how to connect one.
//!
//! An address is a key: it stands behind a fold and is never part of another link.

use super::chrome::Chrome;
use super::format;
use super::pieces::{Notice, Pill};
use crate::stats::chart::{Bar, bars};
use askama::Template;

/// The page at `/b/{slug}/sources`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/sources.html")]
pub struct Sources {
    /// The frame.
    pub chrome: Chrome,
    /// The sources; the steps show the address of the first.
    pub sources: Vec<Source>,
    /// What needs eyes.
    pub notices: Vec<Notice>,
    /// Since when the first source waits for its first submission, as a clock time.
    pub waiting_for_first: Option<String>,
    /// The address of our own form.
    pub form_link: String,
    /// Submissions to addresses that do not exist, since yesterday.
    pub wrong_hits: u64,
}

/// One source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What sends: `Webflow`, `HTML form`.
    pub kind: String,
    /// `last 2:14 pm`, or `nothing yet`.
    pub last: String,
    /// Its state in words; see [`state`].
    pub state: Pill,
    /// What the state means and what to do, in a sentence.
    pub explain: String,
    /// Leads on each of the last 14 days, oldest first.
    pub days: Vec<u32>,
    /// The whole address.
    pub address: String,
    /// Whether it is unfolded.
    pub open: bool,
}

/// How a source is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing came yet.
    Waiting,
    /// Sends as it usually does.
    Healthy,
    /// Nothing for much longer than usual.
    Quiet,
    /// It sends other fields than it used to.
    Changed,
    /// Its newest submission could not be read.
    Unreadable,
    /// Its signature did not fit.
    Refused,
}

/// The pill and the sentence of a state.
pub fn state(doing: Doing) -> (Pill, String) {
    let (class, words, explain) = match doing {
        Doing::Waiting => ("open", "Waiting", "It waits for its first submission. Send the form once yourself."),
        Doing::Healthy => ("fast", "Healthy", "It sends as it usually does."),
        Doing::Quiet => (
            "slow",
            "Quiet",
            "Nothing for longer than usual. Send the form once yourself to see whether it still arrives.",
        ),
        Doing::Changed => {
            ("ok", "Form changed", "It sends other fields than it used to. What can be read still is. Look at it once.")
        }
        Doing::Unreadable => {
            ("ok", "Unreadable", "Someone wrote, but we could not read it. Nothing is lost: the submission is kept.")
        }
        Doing::Refused => ("slow", "Signature failing", "The secret there and here differ. Paste it again."),
    };
    (Pill::new(class, words), explain.to_owned())
}

impl Sources {
    /// The address that the steps show.
    pub fn address(&self) -> Option<&str> {
        self.sources.first().map(|source| source.address.as_str())
    }

    /// A line for a terminal.
    pub fn curl(&self) -> String {
        let address = self.address().unwrap_or_default();
        format!(
            "curl {address} \\\n  -d name=\"Maria Lopez\" -d phone=\"+1 512 555 0142\" \\\n  -d message=\"Kitchen tap leaking\""
        )
    }

    /// What came to wrong addresses.
    pub fn wrong_addresses(&self) -> String {
        match self.wrong_hits {
            0 => "Nothing came to a wrong address since yesterday.".to_owned(),
            n => format!(
                "{} to a wrong address since yesterday. Copy it again from here.",
                format::count(n, "submission came", "submissions came")
            ),
        }
    }
}

impl Source {
    /// The letter in its box.
    pub fn mark(&self) -> String {
        self.name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "•".to_owned(), |c| c.to_uppercase().collect())
    }

    /// Class of the dot beside the state.
    pub fn dot(&self) -> &'static str {
        match self.state.class {
            "ok" => "ok",
            "slow" => "slow",
            "fast" => "",
            _ => "off",
        }
    }

    /// The fourteen days as bars.
    pub fn bars(&self) -> Vec<Bar> {
        bars(&self.days)
    }

    /// The fourteen days in words.
    pub fn days_told(&self) -> String {
        let all: u64 = self.days.iter().map(|n| u64::from(*n)).sum();
        format!("{} in {} days", format::count(all, "lead", "leads"), self.days.len())
    }
}
