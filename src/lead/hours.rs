//! Opening hours: a weekly schedule in the shop's own zone.
//!
//! Stored as JSON: `{"mon":["08:00-12:00","13:00-18:00"],"sat":["09:00-13:00"]}`. A day that is not named is closed. A
//! shop that never said its hours is treated as open: its owner decides what "shortly" means.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use std::collections::BTreeMap;

pub(super) const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// A weekly schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    pub(super) open: Vec<(Weekday, Time, Time)>,
}

impl Hours {
    /// Reads a stored schedule. `None` when it is not one.
    pub fn parse(json: &str) -> Option<Self> {
        let days: BTreeMap<String, Vec<String>> = serde_json::from_str(json).ok()?;
        let mut open = Vec::new();
        for (name, spans) in days {
            let (_, weekday) = DAYS.iter().find(|(day, _)| *day == name)?;
            for span in spans {
                let (from, to) = span.split_once('-')?;
                open.push((*weekday, from.trim().parse().ok()?, to.trim().parse().ok()?));
            }
        }
        Some(Self { open })
    }

    /// Whether the shop is open at an instant (UTC milliseconds).
    pub fn is_open(&self, at_ms: i64, zone: &TimeZone) -> bool {
        local(at_ms, zone).is_none_or(|now| {
            self.open.iter().any(|(day, from, to)| *day == now.weekday() && *from <= now.time() && now.time() < *to)
        })
    }

    /// The next opening after an instant, within the next eight days.
    pub fn next_opening(&self, at_ms: i64, zone: &TimeZone) -> Option<Zoned> {
        let now = local(at_ms, zone)?;
        let mut best: Option<Zoned> = None;
        for ahead in 0..=7i64 {
            let date = now.date().checked_add(ahead.days()).ok()?;
            for (day, from, _) in self.open.iter().filter(|(day, ..)| *day == date.weekday()) {
                debug_assert_eq!(*day, date.weekday());
                let opening = date.to_datetime(*from).to_zoned(zone.clone()).ok()?;
                if opening > now && best.as_ref().is_none_or(|b| opening < *b) {
                    best = Some(opening);
                }
            }
            if best.is_some() {
                break;
            }
        }
        best
    }
}

/// A clock time as the country writes it: `2:14 pm` or `14:14`.
pub fn clock_words(at: &Zoned, country: &str) -> String {
    at.strftime(if tells_am_and_pm(country) { "%-I:%M %P" } else { "%-H:%M" }).to_string()
}

/// Whether clock times are told as `2:14 pm` there rather than `14:14` (CLDR, preferred hour cycle of the region).
pub fn tells_am_and_pm(country: &str) -> bool {
    const TWELVE: [&str; 22] = [
        "US", "CA", "AU", "NZ", "IN", "PK", "BD", "PH", "MY", "EG", "SA", "AE", "JO", "KW", "QA", "BH", "OM", "CO",
        "PR", "LK", "JM", "SG",
    ];
    TWELVE.contains(&country)
}

fn local(at_ms: i64, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Zoned>().unwrap().timestamp().as_millisecond()
    }

    #[test]
    fn a_shop_is_open_from_its_first_minute_to_before_its_last() {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let hours = Hours::parse(r#"{"mon":["08:00-12:00","13:00-18:00"]}"#).unwrap();

        assert!(hours.is_open(at("2026-11-23T08:00:00[America/Chicago]"), &zone));
        assert!(!hours.is_open(at("2026-11-23T12:00:00[America/Chicago]"), &zone));
        assert!(hours.is_open(at("2026-11-23T17:59:59[America/Chicago]"), &zone));
        assert!(!hours.is_open(at("2026-11-24T09:00:00[America/Chicago]"), &zone));
    }

    #[test]
    fn the_next_opening_may_be_later_today_or_next_week() {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let hours = Hours::parse(r#"{"mon":["08:00-12:00","13:00-18:00"]}"#).unwrap();

        let today = hours.next_opening(at("2026-11-23T12:30:00[America/Chicago]"), &zone).unwrap();
        let next = hours.next_opening(at("2026-11-23T19:00:00[America/Chicago]"), &zone).unwrap();

        assert_eq!(today.to_string(), "2026-11-23T13:00:00-06:00[America/Chicago]");
        assert_eq!(next.to_string(), "2026-11-30T08:00:00-06:00[America/Chicago]");
    }

    #[test]
    fn what_is_not_a_schedule_is_refused() {
        assert!(Hours::parse("{}").is_some_and(|h| h.next_opening(0, &TimeZone::UTC).is_none()));
        assert!(Hours::parse(r#"{"someday":["08:00-12:00"]}"#).is_none());
        assert!(Hours::parse(r#"{"mon":["8 to 12"]}"#).is_none());
        assert!(Hours::parse("").is_none());
    }
}
