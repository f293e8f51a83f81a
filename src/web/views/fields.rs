//! What the fields of a form mean: theirs, examples, ours, and what an alert then reads.

use super::chrome::Chrome;
use super::format::count;
use crate::lead::mapping::Meaning;
use askama::Template;

/// The page at `/b/{slug}/sources/{id}/fields`. Its form posts `at`, `label` and `is` of each field in turn, and `do`:
/// `look` or `save`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/fields.html")]
pub struct FieldsPage {
    /// The frame.
    pub chrome: Chrome,
    /// Its source: id and name.
    pub source: (String, String),
    /// The fields, in the order of the newest submission.
    pub rows: Vec<Row>,
    /// How many submissions were looked at.
    pub looked_at: u64,
    /// What an alert about the newest submission would read; none when nothing came yet.
    pub preview: Option<Preview>,
    /// What is chosen was looked at, and is not saved yet.
    pub unsaved: bool,
    /// What is chosen was just saved.
    pub saved: bool,
}

/// An alert as it would read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The submission it is about: id and when it came.
    pub receipt: (String, String),
    /// Its words.
    pub alert: String,
    /// What is understood: our word and its value.
    pub reading: Vec<(String, String)>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// How it is known again: the names it stands under.
    pub at: String,
    /// The same: its question.
    pub label: String,
    /// Its question, or its name made readable.
    pub title: String,
    /// What was answered.
    pub samples: Vec<String>,
    /// In how many submissions it was filled in.
    pub filled: u64,
    /// What it is taken for, in words, and in how many of those.
    pub guess: Option<(&'static str, u64)>,
    /// What the owner says it means.
    pub is: Option<Meaning>,
}

impl FieldsPage {
    /// What can be chosen.
    pub fn meanings(&self) -> [Meaning; 8] {
        Meaning::ALL
    }

    /// How many submissions were looked at, in words.
    pub fn looked(&self) -> String {
        count(self.looked_at, "submission", "submissions")
    }
}

impl Row {
    /// The first choice: to leave it to us.
    pub fn left_to_us(&self) -> String {
        match self.guess {
            Some((word, _)) => format!("As we read it: {word}"),
            None => "As we read it: shown as it is".to_owned(),
        }
    }

    /// How surely it is known.
    pub fn told(&self) -> String {
        match (self.guess, self.filled) {
            (_, 0) => "Not in the newest submissions.".to_owned(),
            (Some((word, held)), filled) if held == filled => {
                format!("Held the {word} every time, {}.", times(filled))
            }
            (Some((word, held)), filled) => format!("Held the {word} in {held} of {filled}."),
            (None, filled) => format!("Filled in {}.", times(filled)),
        }
    }

    /// Whether that choice is made.
    pub fn chose(&self, meaning: &Meaning) -> bool {
        self.is == Some(*meaning)
    }
}

fn times(n: u64) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => count(n, "time", "times"),
    }
}
