//! Which share of all real leads a person answered within a window.
//!
//! An unanswered lead counts against it once the window has passed; a younger one is pending and outside both sides.

use super::rows::Row;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

/// The windows, in milliseconds: 1, 5, 15 and 60 minutes, and 24 hours.
pub const WINDOWS_MS: [i64; 5] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS];

/// The two sides of a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Leads answered in time.
    pub in_time: u32,
    /// Leads for which that is decided.
    pub of: u32,
}

impl Within {
    /// The share, 0 to 1; `None` while nothing is decided.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.in_time) / f64::from(self.of))
    }

    /// The share in per cent, rounded to the nearest.
    pub fn percent(self) -> Option<u8> {
        let (hits, of) = (u64::from(self.in_time), u64::from(self.of));
        (of > 0).then(|| u8::try_from((hits * 200 + of) / (2 * of)).unwrap_or(100))
    }
}

/// Counts real leads against a window, as things stand at `now_ms`.
pub fn within<'a>(real: impl Iterator<Item = &'a Row>, window_ms: i64, now_ms: i64) -> Within {
    let mut told = Within::default();
    for row in real {
        let in_time = row.answered_in().is_some_and(|wait| wait <= window_ms);
        let passed = now_ms - row.received_at > window_ms;
        told.in_time += u32::from(in_time);
        told.of += u32::from(in_time || passed);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{ARRIVED, answered_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let rows = [answered_after(1_000), answered_after(MINUTE_MS), answered_after(MINUTE_MS + 1), waiting()];
        let at = |after: i64| within(rows.iter(), MINUTE_MS, ARRIVED + after);

        assert_eq!(at(MINUTE_MS + 2), Within { in_time: 2, of: 4 });
        assert_eq!(at(MINUTE_MS), Within { in_time: 2, of: 2 }, "at its last moment the window has not passed");
    }

    #[test]
    fn a_lead_younger_than_the_window_is_outside_both_sides() {
        let rows = [waiting()];

        assert_eq!(within(rows.iter(), MINUTE_MS, ARRIVED + 1).share(), None);
        assert_eq!(within(rows.iter(), MINUTE_MS, ARRIVED + MINUTE_MS + 1).share(), Some(0.0));
    }

    #[test]
    fn per_cents_are_rounded_to_the_nearest() {
        let percent = |in_time, of| Within { in_time, of }.percent();

        assert_eq!(
            (percent(2, 3), percent(1, 3), percent(1, 8), percent(7, 7)),
            (Some(67), Some(33), Some(13), Some(100))
        );
        assert_eq!(percent(0, 0), None);
    }
}
