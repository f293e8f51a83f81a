//! The headline: how fast a person answers. Every real lead that arrived is ranked, the unanswered ones last.

use super::rank::Ranked;
use super::rows::Row;
use serde::Serialize;

/// The headline of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The middle lead's wait in milliseconds; `None` is "not yet".
    pub typical_ms: Option<i64>,
    /// The wait that nine of ten leads do not exceed; `None` is "not yet".
    pub slowest_tenth_ms: Option<i64>,
    /// Real leads.
    pub n: usize,
    /// Those of them that a person has answered.
    pub answered: usize,
}

/// Counts real leads.
pub fn answered<'a>(real: impl Iterator<Item = &'a Row>) -> Answered {
    of(&Ranked::new(real.map(Row::answered_in)))
}

/// The headline of waits that are ranked already.
pub fn of(waits: &Ranked) -> Answered {
    Answered {
        typical_ms: waits.typical(),
        slowest_tenth_ms: waits.slowest_tenth(),
        n: waits.n(),
        answered: waits.known(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{answered_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let rows = [answered_after(30), answered_after(10), waiting(), answered_after(20), waiting()];

        let told = answered(rows.iter());

        assert_eq!(told, Answered { typical_ms: Some(30), slowest_tenth_ms: None, n: 5, answered: 3 });
    }

    #[test]
    fn when_the_middle_lead_is_unanswered_it_is_not_yet() {
        let rows = [answered_after(1), waiting(), waiting()];

        assert_eq!(answered(rows.iter()).typical_ms, None);
    }
}
