//! How often a source usually sends, and how long a silence its habit explains.
//!
//! A silence is measured in leads that were to be expected in it, by the source's own days and hours: a night and a
//! Sunday without leads expect none, so they cost nothing. Leads come at random, so a source with one a day is silent
//! for three days a few times in a year; only what chance explains less than about once in 50,000 silences is quiet.
//! The price: a source with one lead a week is told of after months, which is no help; it needs eight in four weeks.

use crate::base::clock::{DAY_MS, HOUR_MS};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// From so long ago it is learned.
pub const LEARNED_MS: i64 = 56 * DAY_MS;
/// Fewer leads in four weeks are no rhythm.
const ENOUGH: usize = 8;
const ENOUGH_WITHIN_MS: i64 = 28 * DAY_MS;
/// A silence whose chance is `e` to the minus this is no chance.
const SURPRISE: f64 = 11.0;
/// No silence is told of before this.
const SOONEST_MS: i64 = DAY_MS;
/// A silence is longer than the longest that was usual, by this.
const LONGER: f64 = 1.25;
/// Silences are looked for no longer than this.
const LATEST_MS: i64 = 60 * DAY_MS;
const WEEK_HOURS: usize = 7 * 24;

/// A source's habit.
#[derive(Clone, Debug, PartialEq)]
pub struct Rhythm {
    /// Leads a day, on the average of all days.
    pub per_day: f64,
    /// The longest time between two leads, milliseconds.
    pub longest_gap_ms: i64,
    /// The newest lead, UTC milliseconds.
    pub last_at: i64,
    /// Leads to be expected in each hour of the week, Monday midnight first.
    hours: Vec<f64>,
    offset_ms: i64,
    /// From how many leads it was learned.
    count: f64,
}

impl Rhythm {
    /// Learns from the instants of leads, oldest first; `None` where they are too few.
    pub fn learn(leads: &[i64], zone: &TimeZone) -> Option<Rhythm> {
        let last_at = *leads.last()?;
        let leads: Vec<i64> = leads.iter().copied().filter(|at| last_at - at <= LEARNED_MS).collect();
        let lately = leads.iter().filter(|at| last_at - **at <= ENOUGH_WITHIN_MS).count();
        let first = *leads.first()?;
        if lately < ENOUGH || last_at - first < DAY_MS {
            return None;
        }
        let offset_ms = offset(zone, last_at);
        let gaps = (leads.len() - 1) as f64;
        // A burst on one day tells nothing of a week, hence no shorter span than that.
        let per_hour = gaps / ((last_at - first).max(7 * DAY_MS) as f64 / HOUR_MS as f64);
        let (mut days, mut hours) = ([0.0_f64; 7], [0.0_f64; 24]);
        for at in &leads {
            let hour = hour_of_week(*at + offset_ms);
            days[hour / 24] += 1.0;
            hours[hour % 24] += 1.0;
        }
        let count = leads.len() as f64;
        let share = |n: f64, of: f64| (n + 1.0) / (count + of) * of;
        let smooth = |h: usize| (hours[(h + 23) % 24] + 2.0 * hours[h] + hours[(h + 1) % 24]) / 4.0;
        let weights: Vec<f64> =
            (0..WEEK_HOURS).map(|h| share(days[h / 24], 7.0) * share(smooth(h % 24), 24.0)).collect();
        let all: f64 = weights.iter().sum();
        Some(Rhythm {
            per_day: per_hour * 24.0,
            longest_gap_ms: leads.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0),
            last_at,
            hours: weights.iter().map(|weight| weight / all * per_hour * WEEK_HOURS as f64).collect(),
            offset_ms,
            count,
        })
    }

    /// When a silence since the newest lead is longer than the habit explains, UTC milliseconds; `None` = not within
    /// two months.
    pub fn quiet_at(&self) -> Option<i64> {
        let soonest = SOONEST_MS.max((self.longest_gap_ms as f64 * LONGER) as i64);
        let mut missed = 0.0;
        let mut at = self.last_at;
        while at - self.last_at < LATEST_MS {
            missed += self.hours[hour_of_week(at + self.offset_ms)];
            at += HOUR_MS;
            // The rate itself is only known from `count` leads, so few of them must miss more.
            let surprise = self.count * (missed / self.count).ln_1p();
            if surprise >= SURPRISE && at - self.last_at >= soonest {
                return Some(at);
            }
        }
        None
    }

    /// `3 a day`, `2 a week`.
    pub fn words(&self) -> String {
        match self.per_day.round() as i64 {
            0 => format!("{} a week", ((self.per_day * 7.0).round() as i64).max(1)),
            day => format!("{day} a day"),
        }
    }
}

/// How long it has been silent: `26 hours`, `3 days`.
pub fn silence_words(ms: i64) -> String {
    if ms < 2 * DAY_MS { format!("{} hours", ms / HOUR_MS) } else { format!("{} days", ms / DAY_MS) }
}

fn offset(zone: &TimeZone, at: i64) -> i64 {
    Timestamp::from_millisecond(at).map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * 1_000)
}

/// Hours since Monday midnight of a local instant. 1970 began on a Thursday.
fn hour_of_week(local_ms: i64) -> usize {
    usize::try_from((local_ms.div_euclid(HOUR_MS) + 72).rem_euclid(WEEK_HOURS as i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Random;

    /// Monday 5 January 2026, midnight UTC.
    const MONDAY: i64 = 1_767_571_200_000;

    fn share(random: &Random) -> f64 {
        random.up_to(1_000_000_000) as f64 / 1_000_000_001.0
    }

    fn every(hours: i64, count: i64) -> Vec<i64> {
        (0..count).map(|n| MONDAY + n * hours * HOUR_MS).collect()
    }

    #[test]
    fn a_rhythm_is_told_in_plain_words_and_needs_eight_leads_in_four_weeks() {
        let table =
            [(every(24, 28), Some("1 a day")), (every(8, 90), Some("3 a day")), (every(56, 12), Some("3 a week"))];
        for (leads, words) in table {
            assert_eq!(Rhythm::learn(&leads, &TimeZone::UTC).map(|r| r.words()).as_deref(), words);
        }
        assert_eq!(Rhythm::learn(&every(24, 7), &TimeZone::UTC), None, "seven are too few");
        assert_eq!(Rhythm::learn(&every(24 * 5, 20), &TimeZone::UTC), None, "eight in forty days are too few");
        assert_eq!(Rhythm::learn(&[], &TimeZone::UTC), None);
    }

    #[test]
    fn the_busier_a_source_the_sooner_its_silence_is_told_and_never_within_a_day() {
        let after = |leads: Vec<i64>| {
            let rhythm = Rhythm::learn(&leads, &TimeZone::UTC).unwrap();
            (rhythm.quiet_at().unwrap() - rhythm.last_at) / HOUR_MS
        };

        let (twenty, five, one) = (after(every(1, 1_000)), after(every(5, 250)), after(every(24, 56)));

        assert_eq!(twenty, 24);
        assert!((48..=72).contains(&five), "{five}");
        assert!((264..=312).contains(&one), "{one}");
    }

    #[test]
    fn a_weekend_without_leads_is_no_silence_where_none_ever_come() {
        // Weekdays from 9 to 17, every two hours.
        let leads: Vec<i64> = (0..40)
            .filter(|day| day % 7 < 5)
            .flat_map(|day| (9..17).step_by(2).map(move |hour| MONDAY + day * DAY_MS + hour * HOUR_MS))
            .collect();
        let friday: Vec<i64> = leads.into_iter().filter(|at| *at < MONDAY + 33 * DAY_MS).collect();

        let rhythm = Rhythm::learn(&friday, &TimeZone::UTC).unwrap();

        assert!(rhythm.quiet_at().unwrap() > MONDAY + 35 * DAY_MS + 12 * HOUR_MS, "not before Monday noon");
    }

    #[test]
    fn a_year_of_two_hundred_sources_that_send_at_random_raises_a_handful_of_false_alarms_at_most() {
        let random = Random::seeded(365);
        let (mut silences, mut false_alarms) = (0, 0);
        for _ in 0..200 {
            // From two a week to thirty a day; many rest at weekends and at night.
            let per_hour = 0.3 * 100.0_f64.powf(share(&random)) / 24.0;
            let weekend = [1.0, 0.3, 0.05][usize::try_from(random.up_to(2)).unwrap()];
            let night = [1.0, 0.3, 0.05][usize::try_from(random.up_to(2)).unwrap()];
            let mut leads: Vec<i64> = Vec::new();
            let mut quiet_at = None;
            for hour in 0..365 * 24 {
                let rests = if hour / 24 % 7 >= 5 { weekend } else { 1.0 };
                let sleeps = if (7..21).contains(&(hour % 24)) { 1.0 } else { night };
                let at = MONDAY + hour * HOUR_MS;
                let none = (-per_hour * rests * sleeps).exp();
                let before = leads.len();
                let mut drawn = share(&random);
                while drawn > none {
                    leads.push(at + random.up_to(HOUR_MS - 1));
                    drawn *= share(&random);
                }
                let came = leads.len() > before;
                if quiet_at.is_some_and(|quiet| quiet <= at) {
                    false_alarms += 1;
                    quiet_at = None;
                }
                if came {
                    leads[before..].sort_unstable();
                    silences += 1;
                    quiet_at = None;
                } else if quiet_at.is_none() && leads.last().is_some_and(|last| (at - last) / HOUR_MS == 20) {
                    let from = leads.partition_point(|lead| at - lead > LEARNED_MS);
                    quiet_at = Rhythm::learn(&leads[from..], &TimeZone::UTC).and_then(|rhythm| rhythm.quiet_at());
                }
            }
        }

        println!("{false_alarms} false alarms in 200 years of sources, {silences} silences");
        assert!(silences > 100_000, "{silences}");
        assert!(false_alarms <= 5, "{false_alarms}");
    }
}
