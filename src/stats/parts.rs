//! Where the delay came from: us (until the alert was accepted), the alert (until someone took it), the person (until
//! the first call or words).
//!
//! Each part ranks the leads for which both of its ends are known. An end before its beginning, such as a call
//! before anybody took the lead, is no wait at all and counts as none.

use super::rank::Ranked;
use super::rows::Row;

/// A part's middle and how many leads it was taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Milliseconds.
    pub typical_ms: Option<i64>,
    /// Leads with both ends.
    pub n: usize,
}

/// The three parts of the delay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// `alerted_at - received_at`.
    pub alert: Part,
    /// `taken_at - alerted_at`.
    pub take: Part,
    /// `person_at - taken_at`.
    pub act: Part,
}

/// Counts real leads.
pub fn parts<'a>(real: impl Iterator<Item = &'a Row> + Clone) -> Parts {
    Parts {
        alert: part(real.clone().map(|row| (Some(row.received_at), row.alerted_at))),
        take: part(real.clone().map(|row| (row.alerted_at, row.taken_at))),
        act: part(real.map(|row| (row.taken_at, row.person_at))),
    }
}

fn part(ends: impl Iterator<Item = (Option<i64>, Option<i64>)>) -> Part {
    let lengths = ends.filter_map(|(from, to)| Some((to? - from?).max(0)));
    let ranked = Ranked::new(lengths.map(Some));
    Part { typical_ms: ranked.typical(), n: ranked.n() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{ARRIVED, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let row = |alert: i64, take: Option<i64>, act: Option<i64>| Row {
            alerted_at: Some(ARRIVED + alert),
            taken_at: take.map(|t| ARRIVED + t),
            person_at: act.map(|t| ARRIVED + t),
            ..waiting()
        };
        let rows =
            [row(2, Some(10), Some(100)), row(4, Some(20), None), row(6, None, Some(7)), row(8, Some(30), Some(25))];

        let told = parts(rows.iter());

        assert_eq!(told.alert, Part { typical_ms: Some(4), n: 4 });
        assert_eq!(told.take, Part { typical_ms: Some(16), n: 3 });
        assert_eq!(told.act, Part { typical_ms: Some(0), n: 2 }, "the call before the take is no wait");
    }
}
