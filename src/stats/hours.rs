//! When leads come, and when they wait: by weekday and hour on the business's own wall clock.

use super::period::weekday_and_hour;
use super::rows::Row;
use crate::base::clock::MINUTE_MS;
use jiff::tz::TimeZone;
use serde::Serialize;

/// From here on a wait is slow: five minutes.
pub const SLOW_MS: i64 = 5 * MINUTE_MS;

/// Seven days (Monday first) of 24 hours.
pub type Grid = [[u32; 24]; 7];

/// When leads come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// Real leads that arrived in the hour.
    pub leads: Grid,
    /// Those of them that waited over five minutes for a person, or have waited that long and still do.
    pub waited: Grid,
}

/// Counts real leads as things stand at `now_ms`.
pub fn hours<'a>(real: impl Iterator<Item = &'a Row>, zone: &TimeZone, now_ms: i64) -> Hours {
    let mut told = Hours::default();
    for row in real {
        let (day, hour) = weekday_and_hour(zone, row.received_at);
        told.leads[day][hour] += 1;
        told.waited[day][hour] += u32::from(row.is_slow(now_ms));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::period::zone;
    use crate::stats::sample::{ARRIVED, answered_after, waiting};

    #[test]
    fn a_table_small_enough_to_count_by_hand() {
        let rows = [answered_after(SLOW_MS), answered_after(SLOW_MS + 1), waiting()];
        let sum = |grid: &Grid| grid.iter().flatten().sum::<u32>();

        let soon = hours(rows.iter(), &zone("America/Chicago"), ARRIVED + SLOW_MS);
        let later = hours(rows.iter(), &zone("America/Chicago"), ARRIVED + SLOW_MS + 1);

        assert_eq!((later.leads[0][10], later.waited[0][10]), (3, 2), "a Monday, 10:00 in Chicago");
        assert_eq!((sum(&later.leads), sum(&soon.waited)), (3, 1));
    }
}
