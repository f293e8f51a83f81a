//! What stays outside the numbers, counted in view.

use super::rows::Arrived;
use crate::base::counts::{count, grouped};
use serde::Serialize;

/// The excluded of a span. A spam that is also a test is a test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// Marked as a test.
    pub test: i64,
    /// Marked as spam.
    pub spam: i64,
    /// Submissions that were no lead of their own: the same delivery again, or a second form of the same person.
    pub duplicate: i64,
    /// Leads that left neither a phone nor an e-mail address: nobody could be answered.
    #[serde(skip)]
    pub unreachable: i64,
}

impl Excluded {
    /// `2 tests and 1 spam left out.`; nothing where nothing is.
    pub fn words(&self) -> Option<String> {
        let n = |count: i64| u64::try_from(count).unwrap_or(0);
        let mut kinds = Vec::new();
        if self.test > 0 {
            kinds.push(count(n(self.test), "test", "tests"));
        }
        if self.spam > 0 {
            kinds.push(format!("{} spam", grouped(n(self.spam))));
        }
        if self.duplicate > 0 {
            kinds.push(count(n(self.duplicate), "second form or repeat", "second forms or repeats"));
        }
        let last = kinds.pop()?;
        Some(if kinds.is_empty() {
            format!("{last} left out.")
        } else {
            format!("{} and {last} left out.", kinds.join(", "))
        })
    }
}

/// Counts everything that arrived.
pub fn excluded(arrived: &Arrived) -> Excluded {
    let mut told = Excluded { duplicate: arrived.repeats.iter().map(|r| r.repeats).sum(), ..Excluded::default() };
    for row in &arrived.leads {
        told.duplicate += (row.writes - 1).max(0);
        match (row.is_test, row.is_spam, row.reachable) {
            (true, _, _) => told.test += 1,
            (_, true, _) => told.spam += 1,
            (_, _, false) => told.unreachable += 1,
            _ => {}
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rows::{Repeated, Row};
    use crate::stats::sample::{ARRIVED, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let arrived = Arrived {
            leads: vec![
                Row { is_test: true, is_spam: true, ..waiting() },
                Row { is_spam: true, ..waiting() },
                Row { reachable: false, ..waiting() },
                Row { writes: 3, ..waiting() },
            ],
            repeats: vec![Repeated { received_at: ARRIVED, source_id: "web".into(), repeats: 4 }],
            payments: Vec::new(),
        };

        assert_eq!(excluded(&arrived), Excluded { test: 1, spam: 1, duplicate: 6, unreachable: 1 });
        assert_eq!(arrived.real().count(), 1);
    }
}
