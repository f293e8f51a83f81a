//! One tip for the week, by a fixed rule, or none.
//!
//! Looked at are the slow leads: real ones that waited over five minutes, or still do. Under three of them there is no
//! tip. If at least half came while the shop was closed, that is said. Else, if at least half of those that came while it
//! was open fall within three hours of the day (the earliest such hours win), those hours are said, without the empty
//! ones at their ends. Only counts are told, and nothing is promised.

use super::chart::when::spoken_hour;
use super::period::weekday_and_hour;
use super::rows::Row;
use jiff::tz::TimeZone;

/// Fewer slow leads than this are no pattern.
const ENOUGH_SLOW: usize = 3;
/// How many hours of the day are looked at together.
const TOGETHER: usize = 3;

/// What most slow leads have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tip {
    /// They came while the shop was closed.
    Closed {
        /// How many did.
        slow: usize,
        /// Of how many slow ones.
        of: usize,
    },
    /// They came at this time of day.
    Hours {
        /// The first hour on the shop's wall clock.
        from: usize,
        /// The hour that it ends with, up to 24.
        until: usize,
        /// How many did.
        slow: usize,
        /// Of how many slow ones.
        of: usize,
    },
}

/// Looks at real leads as things stand at `now_ms`.
pub fn tip<'a>(real: impl Iterator<Item = &'a Row>, zone: &TimeZone, now_ms: i64) -> Option<Tip> {
    let slow: Vec<&Row> = real.filter(|row| row.is_slow(now_ms)).collect();
    if slow.len() < ENOUGH_SLOW {
        return None;
    }
    let closed = slow.iter().filter(|row| row.was_closed).count();
    if closed * 2 >= slow.len() {
        return Some(Tip::Closed { slow: closed, of: slow.len() });
    }
    let mut hours = [0_usize; 24];
    for row in slow.iter().filter(|row| !row.was_closed) {
        hours[weekday_and_hour(zone, row.received_at).1] += 1;
    }
    let within = |from: usize| hours[from..from + TOGETHER].iter().sum::<usize>();
    let most = (0..=24 - TOGETHER).map(within).max()?;
    let from = (0..=24 - TOGETHER).find(|from| within(*from) == most)?;
    let busy: Vec<usize> = (from..from + TOGETHER).filter(|hour| hours[*hour] > 0).collect();
    let (first, last) = (*busy.first()?, *busy.last()?);
    let is_a_pattern = most >= ENOUGH_SLOW && most * 2 >= slow.len();
    is_a_pattern.then_some(Tip::Hours { from: first, until: last + 1, slow: most, of: slow.len() })
}

impl Tip {
    /// The tip as a sentence and a next step; hours as `5 pm` or as `17:00`.
    pub fn words(self, twelve_hour: bool) -> String {
        let of = |slow: usize, of: usize| match (slow, of) {
            (slow, of) if slow == of => format!("All {of} leads that waited over 5 min"),
            _ => format!("{slow} of the {of} leads that waited over 5 min"),
        };
        match self {
            Tip::Closed { slow, of: all } => {
                format!("{} came while you were closed. Have someone on call then.", of(slow, all))
            }
            Tip::Hours { from, until, slow, of: all } => format!(
                "{} came between {} and {}. Have someone on the phone then.",
                of(slow, all),
                spoken_hour(from, twelve_hour),
                spoken_hour(until % 24, twelve_hour),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{HOUR_MS, MINUTE_MS};
    use crate::stats::sample::{answered_after, waiting};

    /// Monday, 5 January 2026, midnight UTC.
    const MIDNIGHT: i64 = 1_767_571_200_000;

    fn at(hour: i64, minutes: i64) -> Row {
        let received_at = MIDNIGHT + hour * HOUR_MS;
        Row { received_at, person_at: Some(received_at + minutes * MINUTE_MS), ..waiting() }
    }

    fn told(rows: &[Row]) -> Option<Tip> {
        tip(rows.iter(), &TimeZone::UTC, MIDNIGHT + 40 * HOUR_MS)
    }

    #[test]
    fn most_slow_leads_at_one_time_of_day_are_a_reason_to_be_there_then() {
        let rows = [at(17, 20), at(17, 9), at(19, 60), at(9, 30), at(10, 1), at(17, 2), at(24 + 18, 7)];

        let tip = told(&rows).unwrap();

        assert_eq!(tip, Tip::Hours { from: 17, until: 20, slow: 4, of: 5 });
        assert_eq!(
            tip.words(true),
            "4 of the 5 leads that waited over 5 min came between 5 pm and 8 pm. Have someone on the phone then."
        );
        assert!(tip.words(false).contains("came between 17:00 and 20:00."), "{}", tip.words(false));
    }

    #[test]
    fn empty_hours_at_the_ends_are_not_named_and_a_day_ends_at_midnight() {
        assert_eq!(told(&[at(8, 9), at(8, 9), at(8, 9)]), Some(Tip::Hours { from: 8, until: 9, slow: 3, of: 3 }));
        let late = told(&[at(23, 9), at(22, 9), at(23, 9)]).unwrap();
        assert_eq!(
            late.words(true),
            "All 3 leads that waited over 5 min came between 10 pm and 12 am. Have someone on the phone then."
        );
    }

    #[test]
    fn most_slow_leads_after_hours_are_said_to_be_so() {
        let closed = |row: Row| Row { was_closed: true, ..row };

        let tip = told(&[closed(at(2, 90)), closed(at(3, 90)), at(9, 6), at(14, 6)]).unwrap();

        assert_eq!(
            tip.words(true),
            "2 of the 4 leads that waited over 5 min came while you were closed. Have someone on call then."
        );
    }

    #[test]
    fn few_slow_leads_and_slow_leads_all_over_the_day_are_no_pattern() {
        assert_eq!(told(&[at(9, 30), at(9, 30), at(9, 1)]), None);
        assert_eq!(told(&[at(1, 9), at(5, 9), at(9, 9), at(13, 9), at(17, 9), at(21, 9)]), None);
        assert_eq!(told(&[answered_after(1)]), None);
    }

    #[test]
    fn who_still_waits_is_slow_after_five_minutes() {
        let unanswered = |hour| Row { person_at: None, ..at(hour, 0) };

        assert_eq!(told(&[unanswered(39), unanswered(39), unanswered(40)]), None, "the last came this moment");
        assert!(told(&[unanswered(39), unanswered(39), unanswered(38)]).is_some());
    }
}
