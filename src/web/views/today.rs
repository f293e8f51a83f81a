//! Today: who waits and for how long, how fast a person answers, and whether that is getting better.
//!
//! The headline cannot be flattered: the typical answer ranks the unanswered last, and below five leads no figure
//! is shown at all. What is left out of the numbers is counted in view.

use super::chrome::Chrome;
use super::format::{self, Band};
use super::pieces::{LeadRow, Notice, Reach};
use crate::base::change::Change;
use crate::stats::chart::{BySource, ENOUGH, Ruler, Weeks, When};
use crate::stats::excluded::Excluded;
use askama::Template;

/// The page at `/b/{slug}/today?period=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/today.html")]
pub struct Today {
    /// The frame.
    pub chrome: Chrome,
    /// The period that the figures are of.
    pub period: Period,
    /// How far along the shop is.
    pub start: Start,
    /// Real, unanswered, not closed; the newest first, since it can still be won.
    pub waiting: Vec<Waiting>,
    /// The last lead that a person answered: first name and how long it took in milliseconds.
    pub last_answered: Option<(String, i64)>,
    /// Real leads of the period.
    pub leads: u64,
    /// The typical answer by a person, milliseconds; `None` is "not yet".
    pub typical_ms: Option<i64>,
    /// The same of the period before, when it had enough leads.
    pub typical_before_ms: Option<Option<i64>>,
    /// The typical first text, milliseconds.
    pub first_text_ms: Option<i64>,
    /// Share of all real leads answered within five minutes, 0 to 100; younger unanswered leads outside both sides.
    pub inside_5_min_percent: Option<u8>,
    /// Real leads of the period that still wait.
    pub still_waiting: u64,
    /// The ruler; `None` below five leads.
    pub ruler: Option<Ruler>,
    /// The leads of the period themselves, shown while there are fewer than five.
    pub few: Vec<LeadRow>,
    /// The newest leads, about seven.
    pub latest: Vec<LeadRow>,
    /// Twelve weeks.
    pub weeks: Option<Weeks>,
    /// By source.
    pub by_source: Option<BySource>,
    /// When leads come.
    pub when: Option<When>,
    /// What needs eyes.
    pub notices: Vec<Notice>,
    /// Where texts go.
    pub texting: Texting,
    /// Tests of the period, outside all numbers.
    pub tests: u64,
    /// Spam of the period, outside all numbers.
    pub spam: u64,
    /// Submissions of the period that joined an open lead.
    pub joined: u64,
    /// Who of the period's real leads paid, and how much; see [`crate::stats::paid::Paid::words`].
    pub paid: Option<String>,
}

/// A span of days, the last of them today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Since midnight.
    Today,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// Twelve weeks.
    Quarter,
}

/// How far along a shop is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing is connected.
    NoSource,
    /// An address exists and nothing came.
    NoLeadsYet {
        /// Since when it listens, as a clock time.
        since: String,
    },
    /// There are leads.
    Running,
}

/// Where texts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texting {
    /// To phones.
    Connected,
    /// To the preview phones.
    Preview,
}

/// Someone who waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The lead.
    pub id: String,
    /// Full name, else number or address.
    pub name: String,
    /// What they want.
    pub say: String,
    /// Where they came from.
    pub source: String,
    /// When it was received, UTC milliseconds.
    pub received_ms: i64,
    /// For how long, in milliseconds.
    pub waited_ms: i64,
    /// How to reach them.
    pub reach: Reach,
    /// Who said it is theirs.
    pub taken_by: Option<String>,
}

/// The change against the period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// `fast` when better, `slow` when worse, else nothing.
    pub class: &'static str,
    /// `down` is less waiting.
    pub icon: Option<&'static str>,
    /// The words.
    pub words: String,
}

/// The window in milliseconds that the fuse burns through.
const FUSE_MS: i64 = crate::base::lengths::OK_MS;

impl Today {
    /// All periods, in the order of the chips.
    pub fn periods(&self) -> [Period; 4] {
        [Period::Today, Period::Week, Period::Month, Period::Quarter]
    }

    /// Whether there are enough leads for a figure.
    pub fn enough(&self) -> bool {
        usize::try_from(self.leads).unwrap_or(usize::MAX) >= ENOUGH
    }

    /// Whether the latest leads are listed: not when the few leads of the period, shown above them, are the same.
    pub fn shows_latest(&self) -> bool {
        self.latest.len() > self.few.len()
    }

    /// `2 people`.
    pub fn people_waiting(&self) -> String {
        format::count(self.waiting.len() as u64, "person", "people")
    }

    /// What stands where nobody waits.
    pub fn nobody_waits(&self) -> String {
        match &self.last_answered {
            Some((first, ms)) => format!("Nobody is waiting. Last one: {first}, answered in {}.", format::words(*ms)),
            None => "Nobody is waiting.".to_owned(),
        }
    }

    /// What stands where a figure would be below five leads.
    pub fn too_few(&self) -> String {
        match self.leads {
            0 => "No leads in this time.".to_owned(),
            n => format!("Charts start at {ENOUGH} leads. You have {n}."),
        }
    }

    /// The big number in pieces; `not yet` as one.
    pub fn big(&self) -> Vec<(String, &'static str)> {
        big(self.typical_ms)
    }

    /// The big number as it is said aloud.
    pub fn spoken(&self) -> String {
        self.typical_ms.map_or_else(|| "not yet".to_owned(), format::spoken)
    }

    /// The typical first text in words.
    pub fn first_text(&self) -> String {
        self.first_text_ms.map_or_else(|| "–".to_owned(), format::words)
    }

    /// The change against the period before, when both have a figure to compare.
    pub fn delta(&self) -> Option<Delta> {
        Some(Delta::of(Change::between(self.typical_before_ms?, self.typical_ms)?, self.period.before()))
    }

    /// `2 tests and 1 spam left out`.
    pub fn left_out(&self) -> Option<String> {
        let n = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let left_out = Excluded { test: n(self.tests), spam: n(self.spam), duplicate: n(self.joined), unreachable: 0 };
        left_out.words()
    }
}

impl Delta {
    /// A change in its words, with its colour and arrow.
    pub fn of(change: Change, than: &str) -> Self {
        let (class, icon) = match change.is_better() {
            None => ("", None),
            Some(true) => ("fast", Some("down")),
            Some(false) => ("slow", Some("up")),
        };
        Delta { class, icon, words: change.words(than) }
    }
}

impl Period {
    /// The word in the address; anything else is read as seven days.
    pub fn parse(word: &str) -> Self {
        match word {
            "today" => Period::Today,
            "30d" => Period::Month,
            "12w" => Period::Quarter,
            _ => Period::Week,
        }
    }

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Period::Today => "today",
            Period::Week => "7d",
            Period::Month => "30d",
            Period::Quarter => "12w",
        }
    }

    /// How many calendar days it covers, today included.
    pub fn days(self) -> i64 {
        match self {
            Period::Today => 1,
            Period::Week => 7,
            Period::Month => 30,
            Period::Quarter => 84,
        }
    }

    /// The words on its chip.
    pub fn label(self) -> &'static str {
        match self {
            Period::Today => "Today",
            Period::Week => "7 days",
            Period::Month => "30 days",
            Period::Quarter => "12 weeks",
        }
    }

    /// The period in a sentence: `in the last 7 days`.
    pub fn within(self) -> &'static str {
        match self {
            Period::Today => "today",
            Period::Week => "in the last 7 days",
            Period::Month => "in the last 30 days",
            Period::Quarter => "in the last 12 weeks",
        }
    }

    /// The period before it in a sentence.
    fn before(self) -> &'static str {
        match self {
            Period::Today => "yesterday",
            Period::Week => "last week",
            Period::Month => "the 30 days before",
            Period::Quarter => "the 12 weeks before",
        }
    }
}

impl Waiting {
    /// `fast`, `ok` or `slow`.
    pub fn band(&self) -> &'static str {
        Band::of(self.waited_ms).as_str()
    }

    /// `2m 14s`.
    pub fn waited(&self) -> String {
        format::words(self.waited_ms)
    }

    /// How much of the fuse is burnt, in per cent.
    pub fn burnt(&self) -> i64 {
        (self.waited_ms.clamp(0, FUSE_MS) * 100 + FUSE_MS / 2) / FUSE_MS
    }

    /// `2m 46s left to answer inside 5 min`.
    pub fn left(&self) -> String {
        if self.waited_ms < FUSE_MS {
            format!("{} left to answer inside 5 min", format::words(FUSE_MS - self.waited_ms.max(0)))
        } else {
            "Past 5 min. Still worth a call.".to_owned()
        }
    }

    /// Where a tap on Call is noted.
    pub fn tap(&self, slug: &str) -> String {
        format!("/b/{slug}/leads/{}/person", self.id)
    }
}

/// A big number in pieces; `not yet` as one.
pub fn big(typical_ms: Option<i64>) -> Vec<(String, &'static str)> {
    match typical_ms {
        Some(ms) => format::parts(ms).into_iter().map(|(number, unit)| (without_zero(number), unit)).collect(),
        None => vec![("not yet".to_owned(), "")],
    }
}

fn without_zero(number: String) -> String {
    match number.strip_prefix('0') {
        Some(rest) if !rest.is_empty() && !rest.starts_with('.') => rest.to_owned(),
        _ => number,
    }
}
