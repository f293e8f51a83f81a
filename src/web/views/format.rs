//! How instants and counts read on a page: clock times in the shop's zone, days, whole sentences of small numbers.
//!
//! UTC milliseconds come in, words go out. An unknown zone is read as UTC rather than failing a page.

use crate::lead::hours::tells_am_and_pm;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

pub use crate::base::counts::{count, grouped};
pub use crate::base::lengths::{Band, parts, spoken, words};

/// The clock on the shop's wall.
#[derive(Clone, Debug)]
pub struct Wall {
    zone: TimeZone,
    name: String,
    twelve_hour: bool,
}

impl Wall {
    /// The clock of an IANA zone, told as people in that country (ISO 3166 alpha-2) tell it.
    pub fn new(zone: &str, country: &str) -> Self {
        let known = TimeZone::get(zone);
        let name = if known.is_ok() { zone } else { "UTC" };
        Wall {
            name: name.rsplit('/').next().unwrap_or(name).replace('_', " "),
            zone: known.unwrap_or(TimeZone::UTC),
            twelve_hour: tells_am_and_pm(country),
        }
    }

    /// The zone by its city: `Chicago`. Named once per page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether hours run to twelve.
    pub fn twelve_hour(&self) -> bool {
        self.twelve_hour
    }

    /// The time of day: `2:14 pm` or `14:14`.
    pub fn time(&self, at_ms: i64) -> String {
        self.at(at_ms).strftime(if self.twelve_hour { "%-I:%M %P" } else { "%-H:%M" }).to_string()
    }

    /// The time of day to the second: `2:14:02 pm`.
    pub fn second(&self, at_ms: i64) -> String {
        self.at(at_ms).strftime(if self.twelve_hour { "%-I:%M:%S %P" } else { "%-H:%M:%S" }).to_string()
    }

    /// The shortest that is not ambiguous: `2:14 pm` today, `Wed 7:58 pm` within six days, else `Mon 17 Nov`.
    pub fn short(&self, at_ms: i64, now_ms: i64) -> String {
        match self.days_ago(at_ms, now_ms) {
            0 => self.time(at_ms),
            1..=6 => format!("{} {}", self.at(at_ms).strftime("%a"), self.time(at_ms)),
            _ => self.day(at_ms, now_ms),
        }
    }

    /// To the second: `2:14:02 pm` today, else `Mon 17 Nov, 2:14:02 pm`.
    pub fn exact(&self, at_ms: i64, now_ms: i64) -> String {
        match self.days_ago(at_ms, now_ms) {
            0 => self.second(at_ms),
            _ => format!("{}, {}", self.day(at_ms, now_ms), self.second(at_ms)),
        }
    }

    /// The day: `Thu 20 Nov`, with the year when it is not this one.
    pub fn day(&self, at_ms: i64, now_ms: i64) -> String {
        let (at, now) = (self.at(at_ms), self.at(now_ms));
        at.strftime(if at.year() == now.year() { "%a %-d %b" } else { "%a %-d %b %Y" }).to_string()
    }

    /// The day as a heading: `Today`, `Yesterday`, else as [`Wall::day`].
    pub fn heading(&self, at_ms: i64, now_ms: i64) -> String {
        match self.days_ago(at_ms, now_ms) {
            0 => "Today".to_owned(),
            1 => "Yesterday".to_owned(),
            _ => self.day(at_ms, now_ms),
        }
    }

    /// Month and day: `Sep 1`.
    pub fn month_day(&self, at_ms: i64) -> String {
        self.at(at_ms).strftime("%b %-d").to_string()
    }

    /// For `<time datetime>`: RFC 3339 with the offset, to the second.
    pub fn machine(&self, at_ms: i64) -> String {
        self.at(at_ms).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Midnight at the start of the day that lies `days` before today, in UTC milliseconds.
    pub fn start_of_day(&self, now_ms: i64, days: i64) -> i64 {
        let now = self.at(now_ms);
        let day = now.checked_sub(days.days()).unwrap_or(now);
        day.start_of_day().map_or(now_ms, |midnight| midnight.timestamp().as_millisecond())
    }

    fn at(&self, at_ms: i64) -> Zoned {
        Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone())
    }

    /// Calendar days between the two in this zone; 0 for instants in the future.
    fn days_ago(&self, at_ms: i64, now_ms: i64) -> i32 {
        let (at, now) = (self.at(at_ms).date(), self.at(now_ms).date());
        now.since(at).map_or(0, |span| span.get_days()).max(0)
    }
}

/// All zones that a shop can be in, by name.
pub fn zones() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| {
            name.contains('/') && !["Etc/", "posix/", "right/", "SystemV/"].iter().any(|old| name.starts_with(old))
        })
        .collect();
    names.push("UTC".to_owned());
    names.sort();
    names.dedup();
    names
}

/// The letters in the shop's mark: `Harbor Plumbing & Heating` becomes `HP`.
pub fn initials(name: &str) -> String {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    if letters.is_empty() { "•".to_owned() } else { letters }
}

/// What the foot of the rail says about the ways out: the two that matter, in one line.
pub fn what_works(texts: Way, mail: Way) -> String {
    match (texts, mail) {
        (Way::Works, Way::Works) => "Texts and email working",
        (Way::Works, Way::Off) => "Texts working, email not connected",
        (Way::Works, Way::Failing) => "Texts working, email failing",
        (Way::Off, Way::Works) => "Email working, texts not connected",
        (Way::Off, Way::Off) => "Texts and email go to the preview phones",
        (Way::Off, Way::Failing) => "Texts not connected, email failing",
        (Way::Failing, Way::Works) => "Texts failing, email working",
        (Way::Failing, Way::Off) => "Texts failing, email not connected",
        (Way::Failing, Way::Failing) => "Texts and email failing",
    }
    .to_owned()
}

/// How a way out is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Connected, and the newest messages went through.
    Works,
    /// Not connected: messages go to the preview phones.
    Off,
    /// Connected, and refused or unreachable.
    Failing,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thursday 20 November 2025, 2:16:14 pm in Chicago.
    const NOW: i64 = 1_763_669_774_000;
    const HOUR: i64 = 3_600_000;

    #[test]
    fn the_same_instant_reads_as_each_country_tells_it() {
        assert_eq!(Wall::new("America/Chicago", "US").time(NOW), "2:16 pm");
        assert_eq!(Wall::new("Europe/Berlin", "DE").time(NOW), "21:16");
        assert_eq!(Wall::new("Moon/Crater", "US").name(), "UTC");
        assert_eq!(Wall::new("America/New_York", "US").name(), "New York");
    }

    #[test]
    fn an_older_instant_says_its_day() {
        let wall = Wall::new("America/Chicago", "US");

        assert_eq!(wall.short(NOW, NOW), "2:16 pm");
        assert_eq!(wall.short(NOW - 18 * HOUR, NOW), "Wed 8:16 pm");
        assert_eq!(wall.short(NOW - 24 * 9 * HOUR, NOW), "Tue 11 Nov");
        assert_eq!(wall.exact(NOW - 4_000, NOW), "2:16:10 pm");
        assert_eq!(wall.exact(NOW - 24 * 9 * HOUR, NOW), "Tue 11 Nov, 2:16:14 pm");
        assert_eq!(wall.day(NOW - 24 * 365 * HOUR, NOW), "Wed 20 Nov 2024");
        assert_eq!(wall.heading(NOW - 18 * HOUR, NOW), "Yesterday");
        assert_eq!(wall.machine(NOW), "2025-11-20T14:16:14-06:00");
    }

    #[test]
    fn a_day_begins_at_the_shops_midnight() {
        let wall = Wall::new("America/Chicago", "US");

        assert_eq!(wall.machine(wall.start_of_day(NOW, 0)), "2025-11-20T00:00:00-06:00");
        assert_eq!(wall.machine(wall.start_of_day(NOW, 30)), "2025-10-21T00:00:00-05:00");
    }

    #[test]
    fn small_words_are_right() {
        assert_eq!(initials("Harbor Plumbing & Heating"), "HP");
        assert_eq!(initials("  "), "•");
        assert!(zones().contains(&"America/Chicago".to_owned()));
    }
}
