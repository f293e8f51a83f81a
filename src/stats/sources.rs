//! How fast each source's leads are answered, the busiest source first.

use super::rank::Ranked;
use super::rows::Row;
use serde::Serialize;
use std::collections::BTreeMap;

/// One source in a span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfSource {
    /// Its id.
    pub source: String,
    /// Real leads.
    pub leads: usize,
    /// Those of them that a person has answered.
    pub answered: usize,
    /// What one of ten does not exceed, milliseconds.
    pub fastest_tenth_ms: Option<i64>,
    /// The middle one; `None` is "not yet".
    pub typical_ms: Option<i64>,
    /// What nine of ten do not exceed; `None` is "not yet".
    pub slowest_tenth_ms: Option<i64>,
}

/// Counts real leads.
pub fn sources<'a>(real: impl Iterator<Item = &'a Row>) -> Vec<OfSource> {
    let mut waits: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
    for row in real {
        waits.entry(&row.source_id).or_default().push(row.answered_in());
    }
    let mut told: Vec<OfSource> =
        waits.into_iter().map(|(source, waits)| of_source(source, &Ranked::new(waits))).collect();
    told.sort_by(|a, b| b.leads.cmp(&a.leads).then_with(|| a.source.cmp(&b.source)));
    told
}

fn of_source(source: &str, waits: &Ranked) -> OfSource {
    OfSource {
        source: source.to_owned(),
        leads: waits.n(),
        answered: waits.known(),
        fastest_tenth_ms: waits.fastest_tenth(),
        typical_ms: waits.typical(),
        slowest_tenth_ms: waits.slowest_tenth(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{answered_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let ads = |row: Row| Row { source_id: "ads".into(), ..row };
        let rows = [answered_after(9), ads(answered_after(4)), ads(waiting()), ads(answered_after(2))];

        let told = sources(rows.iter());

        assert_eq!(told.iter().map(|s| (s.source.as_str(), s.leads)).collect::<Vec<_>>(), [("ads", 3), ("web", 1)]);
        assert_eq!((told[0].answered, told[0].typical_ms), (2, Some(4)));
        assert_eq!((told[0].fastest_tenth_ms, told[0].slowest_tenth_ms), (Some(2), None));
    }
}
