//! Week by week: is it getting better? Weeks are the ISO weeks of the business's zone; one without leads stays in the
//! row, empty.

use super::period::Period;
use super::rank::Ranked;
use super::rows::Row;
use serde::Serialize;

/// One week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfWeek {
    /// `2026-W47`.
    pub week: String,
    /// Real leads.
    pub leads: usize,
    /// Those of them that a person has answered.
    pub answered: usize,
    /// The middle one; `None` is "not yet", or no lead at all.
    pub typical_ms: Option<i64>,
    /// What nine of ten do not exceed; `None` is "not yet", or no lead at all.
    pub slowest_tenth_ms: Option<i64>,
}

/// Counts real leads, week by week.
pub fn weeks<'a>(real: impl Iterator<Item = &'a Row> + Clone, weeks: &[Period]) -> Vec<OfWeek> {
    let of_week = |week: &Period| {
        let waits = Ranked::new(real.clone().filter(|row| week.holds(row.received_at)).map(Row::answered_in));
        OfWeek {
            week: week.week_name(),
            leads: waits.n(),
            answered: waits.known(),
            typical_ms: waits.typical(),
            slowest_tenth_ms: waits.slowest_tenth(),
        }
    };
    weeks.iter().map(of_week).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::DAY_MS;
    use crate::stats::period::zone;
    use crate::stats::sample::{ARRIVED, answered_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let three = Period::last_weeks(&zone("America/Chicago"), 3, ARRIVED);
        let earlier = |row: Row| Row {
            received_at: row.received_at - 14 * DAY_MS,
            person_at: row.person_at.map(|at| at - 14 * DAY_MS),
            ..row
        };
        let rows = [earlier(answered_after(7)), earlier(waiting()), answered_after(3)];

        let told = weeks(rows.iter(), &three);

        assert_eq!(
            told.iter().map(|w| (w.week.as_str(), w.leads)).collect::<Vec<_>>(),
            [("2025-W46", 2), ("2025-W47", 0), ("2025-W48", 1)]
        );
        assert_eq!((told[0].typical_ms, told[0].slowest_tenth_ms, told[0].answered), (Some(7), None, 1));
        assert_eq!((told[1].typical_ms, told[2].typical_ms), (None, Some(3)));
    }
}
