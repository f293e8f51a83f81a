//! The weekly report as a page that prints on one sheet. Its sentences are those of the mail.

use super::chrome::Chrome;
use super::today::{Delta, big};
use crate::reply::report::{THAN, Week};
use askama::Template;

/// The page at `/b/{slug}/report/{week}`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/report.html")]
pub struct Report {
    /// The frame.
    pub chrome: Chrome,
    /// The week in words.
    pub week: Week,
    /// The name of the week before it.
    pub before: String,
    /// The name of the week after it, once that has begun.
    pub after: Option<String>,
}

impl Report {
    /// The big number in pieces.
    pub fn big(&self, typical_ms: &Option<i64>) -> Vec<(String, &'static str)> {
        big(*typical_ms)
    }

    /// The big number as it is said aloud.
    pub fn spoken(&self, typical_ms: &Option<i64>) -> String {
        typical_ms.map_or_else(|| "not yet".to_owned(), super::format::spoken)
    }

    /// The change against the week before.
    pub fn delta(&self) -> Option<Delta> {
        Some(Delta::of(self.week.headline?.change?, THAN))
    }

    /// The name of the week, as a heading: `Week 47`.
    pub fn title(&self) -> String {
        let number = self.week.name.split_once("-W").map_or("", |(_, week)| week);
        format!("Week {}", number.trim_start_matches('0'))
    }
}
