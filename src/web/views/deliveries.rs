//! Every text and mail: what fails and why first, then all of them, the newest first.

use super::chrome::Chrome;
use super::format::{count, grouped};
use super::pieces::Pill;
use askama::Template;

/// The page at `/b/{slug}/deliveries?show=&day=&lead=`. Its forms post to `retry` (`reason`), `{id}/retry`
/// (`although`) and `{id}/drop` below that address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/deliveries.html")]
pub struct Deliveries {
    /// The frame.
    pub chrome: Chrome,
    /// Why messages fail, the newest reason first.
    pub failing: Vec<Failing>,
    /// What is said when nothing fails; see [`all_well`].
    pub calm: String,
    /// A word on what was just done.
    pub told: Option<String>,
    /// The filters: words, address, whether it is the current one.
    pub chips: Vec<(&'static str, String, bool)>,
    /// Whether only what fails is listed.
    pub only_failing: bool,
    /// The day that is listed, as a date field has it; empty for all.
    pub day: String,
    /// The lead that is listed: id and name.
    pub lead: Option<(String, String)>,
    /// The messages by day, newest first.
    pub days: Vec<Day>,
    /// The next page.
    pub next: Option<String>,
}

/// Messages that fail for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// How many.
    pub count: u64,
    /// Why, in words.
    pub words: String,
    /// The reason as it is stored, by which they are sent again.
    pub reason: String,
    /// How many of them can be sent again together.
    pub open: u64,
    /// Where it is put right: address and words.
    pub fix: Option<(String, &'static str)>,
}

/// The messages of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `Today`, `Yesterday`, `Wed 19 Nov`.
    pub heading: String,
    /// Newest first.
    pub rows: Vec<Row>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// `2:14 pm`.
    pub time: String,
    /// The same for machines.
    pub machine: String,
    /// For whom, by name.
    pub whom: String,
    /// The lead's page, if it is about one.
    pub href: Option<String>,
    /// `text, answer`.
    pub what: String,
    /// Where it stands.
    pub pill: Pill,
    /// Why.
    pub reason: Option<String>,
    /// Its tries, if it is failing or being tried again: `try 1 1:02 pm 451 busy`.
    pub tries: Vec<String>,
    /// What a person can do about it.
    pub can: Can,
}

/// What a person can do about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// Nothing: it is on its way, done, or has no words any more.
    Nothing,
    /// Send it again, or drop it.
    Retry,
    /// The same, but it may have arrived already, which must be said.
    RetryInDoubt,
    /// Only drop it.
    Drop,
}

impl Failing {
    /// `2 failing:`
    pub fn title(&self) -> String {
        format!("{} failing:", grouped(self.count))
    }

    /// What the button says.
    pub fn button(&self) -> String {
        match self.open {
            1 => "Retry it".to_owned(),
            2 => "Retry both".to_owned(),
            n => format!("Retry all {}", grouped(n)),
        }
    }
}

/// What is said when nothing fails: texts of this week, those that were delivered, mails, those that were handed over.
pub fn all_well([texts, delivered, mails, taken]: [u64; 4]) -> String {
    let said = |n: u64, one: &str, many: &str, there: u64, word: &str| {
        let n_words = count(n, one, many);
        match there {
            all if all == n => format!("{n_words} this week, all {word}."),
            some => format!("{n_words} this week, {} {word} so far.", grouped(some)),
        }
    };
    match (texts, mails) {
        (0, 0) => "Nothing failing. Nothing was sent this week.".to_owned(),
        (0, mails) => format!("Nothing failing. {}", said(mails, "email", "emails", taken, "handed over")),
        (texts, _) => format!("Nothing failing. {}", said(texts, "text", "texts", delivered, "delivered")),
    }
}

impl Deliveries {
    /// Its address, without a filter.
    pub fn address(&self) -> String {
        format!("/b/{}/deliveries", self.chrome.slug)
    }

    /// Why nothing is listed.
    pub fn nothing(&self) -> &'static str {
        if self.only_failing || !self.day.is_empty() || self.lead.is_some() {
            "No message matches. Choose another filter."
        } else {
            "No message yet. The first one shows up here with its state."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calm_week_is_told_by_what_is_known_of_it() {
        assert_eq!(all_well([142, 142, 9, 0]), "Nothing failing. 142 texts this week, all delivered.");
        assert_eq!(all_well([2, 1, 0, 0]), "Nothing failing. 2 texts this week, 1 delivered so far.");
        assert_eq!(all_well([0, 0, 1, 1]), "Nothing failing. 1 email this week, all handed over.");
        assert_eq!(all_well([0; 4]), "Nothing failing. Nothing was sent this week.");
    }
}
