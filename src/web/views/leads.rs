//! The list of leads: waiting first, then the newest, grouped by day, fifty a page.
//!
//! Searching and filtering are plain links and a plain form; their words stand in the address.

use super::chrome::Chrome;
use super::pieces::LeadRow;
use askama::Template;

/// The page at `/b/{slug}/leads?state=&source=&q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/leads.html")]
pub struct Leads {
    /// The frame.
    pub chrome: Chrome,
    /// What was searched for; empty for everything.
    pub q: String,
    /// The filter's word in the address; empty for all.
    pub state: String,
    /// A source's id in the address; empty for all.
    pub source: String,
    /// The filters with their counts.
    pub filters: Vec<Filter>,
    /// What the list is narrowed to beyond the filters: `From Quote form, matching “boiler”.`
    pub narrowed: Option<String>,
    /// Where the same leads are had as CSV.
    pub csv: String,
    /// Who waits; only on the first page.
    pub waiting: Vec<LeadRow>,
    /// The others by day, newest first.
    pub days: Vec<Day>,
    /// What is said when there is nothing; see [`nothing`].
    pub empty: String,
    /// The next page.
    pub next: Option<String>,
}

/// One chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Its word.
    pub words: &'static str,
    /// How many leads it shows.
    pub count: u64,
    /// Its address.
    pub href: String,
    /// Whether it is the current one.
    pub current: bool,
}

/// The leads of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `Today`, `Yesterday`, `Wed 19 Nov`; see [`super::format::Wall::heading`].
    pub heading: String,
    /// Newest first.
    pub rows: Vec<LeadRow>,
}

/// What an empty list says: why it is empty, or since when we listen.
pub fn nothing(searched: bool, listening_since: Option<&str>) -> String {
    match (searched, listening_since) {
        (true, _) => "No lead matches. Try fewer words, or another filter.".to_owned(),
        (false, Some(since)) => format!("Listening since {since}. The first lead shows up here by itself."),
        (false, None) => "Connect your first form. It takes about three minutes.".to_owned(),
    }
}

/// Puts rows with their day's heading together, in the order they come.
pub fn by_day(rows: impl IntoIterator<Item = (String, LeadRow)>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (heading, row) in rows {
        match days.last_mut() {
            Some(day) if day.heading == heading => day.rows.push(row),
            _ => days.push(Day { heading, rows: vec![row] }),
        }
    }
    days
}
