//! All businesses of a person, one row each, the one that needs eyes first.

use super::format::{self, Band};
use super::pieces::Pill;
use super::sources::Doing;
use super::today::Period;
use crate::stats::answered::Answered;
use crate::stats::chart::ENOUGH;
use askama::Template;
use std::cmp::Reverse;

/// The page at `/businesses?period=`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/businesses.html")]
pub struct Businesses {
    /// The period that the typical times are of: seven days or thirty.
    pub period: Period,
    /// The businesses; see [`worst_first`].
    pub rows: Vec<Row>,
}

/// One business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its word in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who waits.
    pub waiting: Option<Waiting>,
    /// How fast a person answers there.
    pub typical: Typical,
    /// How its sources are.
    pub sources: State,
    /// How its texts are.
    pub texting: State,
}

/// Who waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub people: u64,
    /// How long the first of them has waited, milliseconds.
    pub longest_ms: i64,
    /// Since when, on the clock of the business.
    pub since: String,
}

/// The typical answer by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typical {
    /// Fewer leads than a figure takes, and how many.
    TooFew(usize),
    /// The middle lead is unanswered.
    NotYet,
    /// Milliseconds.
    Ms(i64),
}

/// A state in two words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The words, coloured.
    pub pill: Pill,
    /// What they are about; may be empty.
    pub about: String,
    /// 0 fine, 1 worth a look, 2 failing.
    pub trouble: u8,
}

/// Whoever waits longest first; then what fails; then the slowest answers; then by name.
pub fn worst_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_cached_key(|row| {
        (
            Reverse(row.waiting.as_ref().map(|waiting| waiting.longest_ms)),
            Reverse(row.sources.trouble.max(row.texting.trouble)),
            Reverse(row.typical.rank()),
            row.name.to_lowercase(),
        )
    });
    rows
}

impl Businesses {
    /// The periods that can be chosen.
    pub fn periods(&self) -> [Period; 2] {
        [Period::Week, Period::Month]
    }

    /// All of it in a sentence.
    pub fn summary(&self) -> String {
        let waiting: u64 = self.rows.iter().filter_map(|row| row.waiting.as_ref()).map(|waiting| waiting.people).sum();
        let shops = format::count(self.rows.len() as u64, "business", "businesses");
        match waiting {
            0 => format!("{shops}. Nobody is waiting."),
            n => format!("{shops}. {} waiting.", format::count(n, "person", "people")),
        }
    }
}

impl Waiting {
    /// `2 waiting`, coloured by how long.
    pub fn pill(&self) -> Pill {
        Pill::new(Band::of(self.longest_ms).as_str(), format!("{} waiting", format::grouped(self.people)))
    }

    /// `longest 2h 58m, since 11:18 am`.
    pub fn longest(&self) -> String {
        format!("longest {}, since {}", format::words(self.longest_ms), self.since)
    }
}

impl Typical {
    /// The headline of a business as it may be shown: nothing below five leads.
    pub fn of(person: &Answered) -> Self {
        match person.typical_ms {
            _ if person.n < ENOUGH => Typical::TooFew(person.n),
            None => Typical::NotYet,
            Some(ms) => Typical::Ms(ms),
        }
    }

    /// Slowest highest; what cannot be told is lowest.
    fn rank(self) -> i64 {
        match self {
            Typical::TooFew(_) => -1,
            Typical::NotYet => i64::MAX,
            Typical::Ms(ms) => ms,
        }
    }

    /// In words, coloured.
    pub fn pill(self) -> Pill {
        match self {
            Typical::TooFew(_) => Pill::new("", "too few"),
            Typical::NotYet => Pill::new("slow", "not yet"),
            Typical::Ms(ms) => Pill::answered(ms),
        }
    }

    /// How many leads there are where these are too few.
    pub fn about(self) -> String {
        match self {
            Typical::TooFew(0) => "no leads".to_owned(),
            Typical::TooFew(n) => format::count(n as u64, "lead", "leads"),
            Typical::NotYet | Typical::Ms(_) => String::new(),
        }
    }
}

impl State {
    /// A state that needs no more words.
    pub fn new(trouble: u8, class: &'static str, words: &str) -> Self {
        State { pill: Pill::new(class, words), about: String::new(), trouble }
    }

    /// The worst that is so of any source, and of which ones.
    pub fn of_sources(sources: &[(&str, Doing)]) -> Self {
        let named = |states: &[Doing]| -> Vec<&str> {
            sources.iter().filter(|(_, doing)| states.contains(doing)).map(|(name, _)| *name).collect()
        };
        for (trouble, class, words, states) in [
            (2, "slow", "failing", &[Doing::Refused, Doing::Unreadable][..]),
            (1, "slow", "quiet", &[Doing::Quiet]),
            (1, "ok", "changed", &[Doing::Changed]),
        ] {
            let names = named(states);
            match names.as_slice() {
                [] => {}
                [only] => return State { about: (*only).to_owned(), ..State::new(trouble, class, words) },
                [first, rest @ ..] => {
                    let about = format!("{first} and {} more", rest.len());
                    return State { about, ..State::new(trouble, class, words) };
                }
            }
        }
        match sources {
            [] => State::new(0, "open", "none yet"),
            _ if sources.iter().all(|(_, doing)| *doing == Doing::Waiting) => State::new(0, "open", "nothing came yet"),
            _ => State::new(0, "fast", "healthy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        Row {
            slug: name.to_lowercase(),
            name: name.to_owned(),
            waiting: None,
            typical: Typical::Ms(60_000),
            sources: State::of_sources(&[("Website form", Doing::Healthy)]),
            texting: State::new(0, "fast", "working"),
        }
    }

    fn waits(longest_ms: i64) -> Option<Waiting> {
        Some(Waiting { people: 1, longest_ms, since: "2:14 pm".to_owned() })
    }

    #[test]
    fn the_longest_wait_stands_first_then_failures_then_slow_answers_then_names() {
        let rows = vec![
            row("beta"),
            row("Alpha"),
            Row { typical: Typical::TooFew(0), ..row("Few") },
            Row { typical: Typical::NotYet, ..row("Not yet") },
            Row { typical: Typical::Ms(90_000), ..row("Slow") },
            Row { sources: State::of_sources(&[("Form", Doing::Quiet)]), ..row("Quiet") },
            Row { texting: State::new(2, "slow", "failing"), ..row("No texts") },
            Row { waiting: waits(1_000), ..row("Waits") },
            Row { waiting: waits(9_000), ..row("Waits longer") },
        ];

        let names: Vec<String> = worst_first(rows).into_iter().map(|row| row.name).collect();

        assert_eq!(
            names,
            ["Waits longer", "Waits", "No texts", "Quiet", "Not yet", "Slow", "Alpha", "beta", "Few"]
                .map(str::to_owned)
        );
    }

    #[test]
    fn the_worst_source_is_named_and_the_rest_of_its_kind_are_counted() {
        let told = |sources: &[(&str, Doing)]| {
            let state = State::of_sources(sources);
            (state.pill.words, state.about, state.trouble)
        };
        let is = |words: &str, about: &str, trouble| (words.to_owned(), about.to_owned(), trouble);

        assert_eq!(told(&[]), is("none yet", "", 0));
        assert_eq!(told(&[("Form", Doing::Waiting)]), is("nothing came yet", "", 0));
        assert_eq!(told(&[("Form", Doing::Healthy), ("Ads", Doing::Waiting)]), is("healthy", "", 0));
        assert_eq!(told(&[("Form", Doing::Changed), ("Ads", Doing::Quiet)]), is("quiet", "Ads", 1));
        assert_eq!(
            told(&[("Form", Doing::Quiet), ("Ads", Doing::Refused), ("Shop", Doing::Unreadable)]),
            is("failing", "Ads and 1 more", 2)
        );
    }

    #[test]
    fn below_five_leads_there_is_no_figure() {
        let of = |n, typical_ms| Typical::of(&Answered { typical_ms, slowest_tenth_ms: None, n, answered: 0 });

        assert_eq!(
            [of(4, Some(1)), of(5, None), of(5, Some(7))],
            [Typical::TooFew(4), Typical::NotYet, Typical::Ms(7)]
        );
        assert_eq!((of(4, None).pill().words, of(4, None).about()), ("too few".to_owned(), "4 leads".to_owned()));
        assert_eq!(of(9, None).pill().words, "not yet");
    }
}
