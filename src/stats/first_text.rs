//! How fast the first text or mail to a lead was handed over. The machine's own number: never called an answer.
//!
//! Only leads that were sent one are ranked; `n` says how many.

use super::rank::Ranked;
use super::rows::Row;
use serde::Serialize;

/// The first texts of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FirstText {
    /// The middle one, milliseconds.
    pub typical_ms: Option<i64>,
    /// What nine of ten do not exceed, milliseconds.
    pub slowest_tenth_ms: Option<i64>,
    /// What ninety-nine of a hundred do not exceed, milliseconds.
    #[serde(skip)]
    pub slowest_hundredth_ms: Option<i64>,
    /// Real leads with a first text.
    pub n: usize,
}

/// Counts real leads.
pub fn first_text<'a>(real: impl Iterator<Item = &'a Row>) -> FirstText {
    let texts = Ranked::new(real.filter_map(Row::texted_in).map(Some));
    FirstText {
        typical_ms: texts.typical(),
        slowest_tenth_ms: texts.slowest_tenth(),
        slowest_hundredth_ms: texts.at(99),
        n: texts.n(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{texted_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let rows = [texted_after(900), waiting(), texted_after(400), texted_after(700)];

        let told = first_text(rows.iter());

        assert_eq!(
            (told.typical_ms, told.slowest_tenth_ms, told.slowest_hundredth_ms),
            (Some(700), Some(900), Some(900))
        );
        assert_eq!(told.n, 3);
    }
}
