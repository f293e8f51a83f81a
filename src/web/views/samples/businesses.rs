//! An agency's three businesses.

use super::super::businesses::{Businesses, Row, State, Typical, Waiting, worst_first};
use super::super::sources::Doing;
use super::super::today::Period;

pub fn businesses() -> Businesses {
    let row = |name: &str, slug: &str, waiting, typical, sources: &[(&str, Doing)]| Row {
        slug: slug.into(),
        name: name.into(),
        waiting,
        typical,
        sources: State::of_sources(sources),
        texting: State::new(0, "fast", "working"),
    };
    let waiting = Waiting { people: 2, longest_ms: 10_680_000, since: "11:18 am".into() };
    let rows = vec![
        row("Acme Roofing", "acme", None, Typical::TooFew(3), &[("Website form", Doing::Healthy)]),
        row(
            "Bright Dental",
            "bright",
            None,
            Typical::NotYet,
            &[("Booking form", Doing::Quiet), ("Ads page", Doing::Healthy)],
        ),
        row("Harbor Plumbing", "harbor", Some(waiting), Typical::Ms(220_000), &[("Website form", Doing::Healthy)]),
    ];
    Businesses { period: Period::Week, rows: worst_first(rows) }
}
