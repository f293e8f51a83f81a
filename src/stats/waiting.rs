//! Who still waits, and who was never answered.

use super::rows::Row;
use crate::base::clock::DAY_MS;

/// The unanswered of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Real, unanswered, not closed.
    pub now: usize,
    /// When the one that waits longest arrived (UTC milliseconds).
    pub oldest_at: Option<i64>,
    /// Unanswered after 24 hours, closed or not.
    pub never_answered: usize,
}

/// Counts real leads as things stand at `now_ms`.
pub fn waiting<'a>(real: impl Iterator<Item = &'a Row>, now_ms: i64) -> Waiting {
    let mut told = Waiting::default();
    for row in real.filter(|row| row.person_at.is_none()) {
        if row.waits() {
            told.now += 1;
            told.oldest_at = Some(told.oldest_at.map_or(row.received_at, |at| at.min(row.received_at)));
        }
        told.never_answered += usize::from(now_ms - row.received_at > DAY_MS);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{ARRIVED, answered_after, waiting as unanswered};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let rows = [
            answered_after(5),
            Row { received_at: ARRIVED - 7, ..unanswered() },
            Row { is_closed: true, received_at: ARRIVED - 9, ..unanswered() },
            unanswered(),
        ];

        let told = waiting(rows.iter(), ARRIVED + DAY_MS - 8);

        assert_eq!(told, Waiting { now: 2, oldest_at: Some(ARRIVED - 7), never_answered: 1 });
    }
}
