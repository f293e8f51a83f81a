//! By source: which form gets slow care? One row each, from the fastest to the slowest tenth with a dot at the typical.

use super::{ENOUGH, hundredth, leads, log_share};
use crate::base::lengths::{Band, FAST_MS, OK_MS, words};

/// One source's real leads of the period. Lengths are milliseconds; `None` is "not yet".
#[derive(Clone, Debug, Default)]
pub struct SourceInput {
    /// Its id, for the link to its leads.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many leads came.
    pub leads: usize,
    /// The fastest tenth.
    pub fastest_tenth_ms: Option<i64>,
    /// The typical answer by a person.
    pub typical_ms: Option<i64>,
    /// The slowest tenth.
    pub slowest_tenth_ms: Option<i64>,
}

/// The picture.
#[derive(Clone, Debug, PartialEq)]
pub struct BySource {
    /// Where the fast band ends, per cent.
    pub fast: f64,
    /// The five-minute mark, per cent.
    pub ok: f64,
    /// One for each source, as handed in.
    pub rows: Vec<SourceRow>,
}

/// One source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `17 leads`.
    pub leads: String,
    /// The typical answer in words, `not yet`, or `too few`.
    pub words: String,
    /// Class of the words: `fast`, `ok`, `slow`, or `open` when there is no length.
    pub band: &'static str,
    /// Both ends of the bar and the dot, per cent; absent below five leads. A dot at "not yet" is at 100.
    pub span: Option<(f64, f64, f64)>,
}

impl BySource {
    /// Draws it; `None` without sources.
    pub fn draw(sources: &[SourceInput]) -> Option<Self> {
        let rows: Vec<SourceRow> = sources.iter().map(row).collect();
        (!rows.is_empty()).then(|| BySource { fast: place(FAST_MS), ok: place(OK_MS), rows })
    }
}

fn row(source: &SourceInput) -> SourceRow {
    let enough = source.leads >= ENOUGH;
    let end = |ms: Option<i64>| ms.map_or(100.0, place);
    let (told, band) = match source.typical_ms {
        _ if !enough => ("too few".to_owned(), "open"),
        None => ("not yet".to_owned(), "open"),
        Some(ms) => (words(ms), Band::of(ms).as_str()),
    };
    SourceRow {
        id: source.id.clone(),
        name: source.name.clone(),
        leads: leads(source.leads),
        words: told,
        band,
        span: enough.then(|| (end(source.fastest_tenth_ms), end(source.slowest_tenth_ms), end(source.typical_ms))),
    }
}

fn place(ms: i64) -> f64 {
    hundredth(0.7 + 98.9 * log_share(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_lies_between_the_ends_of_its_bar() {
        let form = SourceInput {
            id: "s1".into(),
            name: "Website form".into(),
            leads: 17,
            fastest_tenth_ms: Some(51_000),
            typical_ms: Some(126_000),
            slowest_tenth_ms: Some(900_000),
        };

        let drawn = BySource::draw(&[form]).unwrap();

        assert_eq!((drawn.fast, drawn.ok), (36.32, 50.33));
        let (from, to, dot) = drawn.rows[0].span.unwrap();
        assert!(from < dot && dot < to && to < 100.0);
        assert_eq!((drawn.rows[0].words.as_str(), drawn.rows[0].band), ("2m 06s", "ok"));
    }

    #[test]
    fn four_leads_are_too_few_for_a_bar() {
        let drawn =
            BySource::draw(&[SourceInput { leads: 4, typical_ms: Some(1_000), ..SourceInput::default() }]).unwrap();

        assert_eq!((drawn.rows[0].span, drawn.rows[0].words.as_str()), (None, "too few"));
    }

    #[test]
    fn a_source_that_nobody_answered_says_not_yet_at_the_far_end() {
        let drawn = BySource::draw(&[SourceInput { leads: 9, ..SourceInput::default() }]).unwrap();

        assert_eq!(drawn.rows[0].span, Some((100.0, 100.0, 100.0)));
        assert_eq!(drawn.rows[0].words, "not yet");
    }
}
