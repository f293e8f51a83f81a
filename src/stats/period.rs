//! Spans of whole days in a business's own zone: a lead belongs to the day on which it arrived there.
//!
//! In go dates and a zone; out come instants. A day is 23, 24 or 25 hours long where clocks change, and it begins at
//! its first instant even where there is no midnight. A zone that nobody knows is read as UTC.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// From one instant up to but not including another (UTC milliseconds), both at the edge of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first instant that belongs to it.
    pub from: i64,
    /// The first instant after it.
    pub until: i64,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

/// The zone of that IANA name.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day, in the zone, to which an instant belongs.
pub fn day_of(zone: &TimeZone, at_ms: i64) -> Date {
    local(zone, at_ms).date()
}

/// Weekday (Monday 0) and hour, in the zone, of an instant.
pub fn weekday_and_hour(zone: &TimeZone, at_ms: i64) -> (usize, usize) {
    let local = local(zone, at_ms);
    let weekday = local.weekday().to_monday_zero_offset();
    (usize::try_from(weekday).unwrap_or(0), usize::try_from(local.hour()).unwrap_or(0))
}

impl Period {
    /// The days from `first` to `last`, both included. An end before its beginning holds the first day alone.
    pub fn days(zone: &TimeZone, first: Date, last: Date) -> Self {
        let last = last.max(first);
        Period { from: start_of(zone, first), until: start_of(zone, shifted(last, 1)), first, last }
    }

    /// The last `n` days, the one of `now_ms` among them.
    pub fn last_days(zone: &TimeZone, n: u16, now_ms: i64) -> Self {
        let today = day_of(zone, now_ms);
        Self::days(zone, shifted(today, 1 - i64::from(n.max(1))), today)
    }

    /// As many days right before this one.
    pub fn before(&self, zone: &TimeZone) -> Self {
        let n = i64::from(self.length());
        Self::days(zone, shifted(self.first, -n), shifted(self.first, -1))
    }

    /// The ISO weeks (Monday to Sunday) that the last `n` weeks up to `now_ms` are, oldest first.
    pub fn last_weeks(zone: &TimeZone, n: u16, now_ms: i64) -> Vec<Self> {
        let this_monday = monday_of(day_of(zone, now_ms));
        (0..i64::from(n)).rev().map(|back| Self::week(zone, shifted(this_monday, -7 * back))).collect()
    }

    /// The ISO week of that name (`2026-W47`); `None` for what names no week.
    pub fn week_named(zone: &TimeZone, name: &str) -> Option<Self> {
        let (year, week) = name.split_once("-W")?;
        let is_plain = |part: &str, digits| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        if !is_plain(year, 4) || !is_plain(week, 2) {
            return None;
        }
        let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
        Some(Self::week(zone, monday.date()))
    }

    /// The ISO week of `now_ms`.
    pub fn this_week(zone: &TimeZone, now_ms: i64) -> Self {
        Self::week(zone, monday_of(day_of(zone, now_ms)))
    }

    /// The last ISO week that is over.
    pub fn last_whole_week(zone: &TimeZone, now_ms: i64) -> Self {
        Self::this_week(zone, now_ms).before(zone)
    }

    /// The ISO weeks that this span touches, oldest first.
    pub fn weeks(&self, zone: &TimeZone) -> Vec<Self> {
        let mut monday = monday_of(self.first);
        let mut weeks = Vec::new();
        while monday <= self.last {
            weeks.push(Self::week(zone, monday));
            let next = shifted(monday, 7);
            if next <= monday {
                break;
            }
            monday = next;
        }
        weeks
    }

    /// The span from the beginning of the earlier one to the end of the later one.
    pub fn joined(&self, other: &Self) -> Self {
        Period {
            from: self.from.min(other.from),
            until: self.until.max(other.until),
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    /// Whether an instant (UTC milliseconds) belongs to it.
    pub fn holds(&self, at_ms: i64) -> bool {
        self.from <= at_ms && at_ms < self.until
    }

    /// How many days it has.
    pub fn length(&self) -> i32 {
        self.first.until(self.last).map_or(1, |span| span.get_days() + 1)
    }

    /// The ISO week of its first day: `2026-W47`.
    pub fn week_name(&self) -> String {
        let week: ISOWeekDate = self.first.iso_week_date();
        format!("{}-W{:02}", week.year(), week.week())
    }

    fn week(zone: &TimeZone, monday: Date) -> Self {
        Self::days(zone, monday, shifted(monday, 6))
    }
}

fn local(zone: &TimeZone, at_ms: i64) -> jiff::Zoned {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

fn start_of(zone: &TimeZone, day: Date) -> i64 {
    day.to_zoned(zone.clone()).map_or(0, |start| start.timestamp().as_millisecond())
}

/// The day so many days later; the calendar's edge stays at its edge.
fn shifted(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn monday_of(day: Date) -> Date {
    shifted(day, -i64::from(day.weekday().since(Weekday::Monday)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{DAY_MS, HOUR_MS};
    use jiff::civil::date;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_day_begins_and_ends_at_the_shops_midnight() {
        let chicago = zone("America/Chicago");

        let day = Period::days(&chicago, date(2026, 11, 20), date(2026, 11, 20));

        assert_eq!((day.from, day.until), (ms("2026-11-20T06:00:00Z"), ms("2026-11-21T06:00:00Z")));
        assert!(day.holds(day.from) && day.holds(day.until - 1));
        assert!(!day.holds(day.from - 1) && !day.holds(day.until));
    }

    #[test]
    fn days_are_as_long_as_the_clocks_make_them() {
        let (chicago, new_year) = (zone("America/Chicago"), date(2026, 1, 1));
        let length = |day: Date| {
            let day = Period::days(&chicago, day, day);
            (day.until - day.from) / HOUR_MS
        };

        assert_eq!((length(date(2026, 3, 8)), length(date(2026, 11, 1)), length(new_year)), (23, 25, 24));
    }

    #[test]
    fn a_day_without_a_midnight_begins_at_its_first_instant() {
        let beirut = zone("Asia/Beirut");

        let day = Period::days(&beirut, date(2024, 3, 31), date(2024, 3, 31));

        assert_eq!(day.from, ms("2024-03-30T22:00:00Z"), "clocks went from 0:00 to 1:00");
        assert_eq!(day.until - day.from, 23 * HOUR_MS);
    }

    #[test]
    fn seven_days_end_today_and_the_seven_before_touch_them() {
        let chicago = zone("America/Chicago");
        let now = ms("2026-11-04T05:30:00Z");

        let week = Period::last_days(&chicago, 7, now);
        let before = week.before(&chicago);

        assert_eq!((week.first, week.last), (date(2026, 10, 28), date(2026, 11, 3)), "it is still the third there");
        assert_eq!((before.first, before.last), (date(2026, 10, 21), date(2026, 10, 27)));
        assert_eq!(before.until, week.from);
        assert_eq!(week.until - week.from, 7 * DAY_MS + HOUR_MS, "an hour was lived twice");
        assert_eq!(week.length(), 7);
    }

    #[test]
    fn weeks_begin_on_monday_and_bear_their_iso_name() {
        let utc = zone("Etc/UTC");

        let weeks = Period::last_weeks(&utc, 2, ms("2026-01-01T12:00:00Z"));
        let touched = Period::days(&utc, date(2025, 12, 28), date(2026, 1, 5)).weeks(&utc);

        assert_eq!(weeks.iter().map(Period::week_name).collect::<Vec<_>>(), ["2025-W52", "2026-W01"]);
        assert_eq!(touched.iter().map(Period::week_name).collect::<Vec<_>>(), ["2025-W52", "2026-W01", "2026-W02"]);
        assert_eq!((weeks[1].first, weeks[1].last), (date(2025, 12, 29), date(2026, 1, 4)));
    }

    #[test]
    fn a_week_is_found_by_its_name_and_nothing_else_is_a_name() {
        let chicago = zone("America/Chicago");

        for name in ["2026-W47", "2026-W53", "2025-W01", "2025-W52"] {
            assert_eq!(Period::week_named(&chicago, name).unwrap().week_name(), name);
        }
        for odd in
            ["2025-W53", "2026-W00", "2026-W54", "2026-47", "2026-W7", "26-W47", "2026-W+7", "2026-w47", "", "-W"]
        {
            assert_eq!(Period::week_named(&chicago, odd), None, "{odd}");
        }
        let monday = ms("2026-11-23T06:00:00Z");
        assert_eq!(Period::last_whole_week(&chicago, monday).week_name(), "2026-W47");
        assert_eq!(Period::last_whole_week(&chicago, monday - 1).week_name(), "2026-W46");
    }

    #[test]
    fn hours_are_read_on_the_shops_wall() {
        let chicago = zone("America/Chicago");

        assert_eq!(weekday_and_hour(&chicago, ms("2026-11-23T05:59:59Z")), (6, 23));
        assert_eq!(weekday_and_hour(&chicago, ms("2026-11-23T06:00:00Z")), (0, 0));
    }

    #[test]
    fn nonsense_stays_harmless() {
        let nowhere = zone("Not/AZone");

        let backwards = Period::days(&nowhere, date(2026, 5, 2), date(2026, 5, 1));
        let end_of_time = Period::days(&nowhere, Date::MAX, Date::MAX);

        assert_eq!((backwards.first, backwards.last), (date(2026, 5, 2), date(2026, 5, 2)));
        assert!(!end_of_time.weeks(&nowhere).is_empty());
        assert_eq!(day_of(&nowhere, i64::MAX), date(1970, 1, 1));
    }
}
