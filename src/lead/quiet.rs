//! Quiet hours: when a person may be texted by themselves. Pure: the moment and where they are go in, and either it is
//! fine or the next moment comes out at which it is, with the clock time that says why.
//!
//! Everywhere 9:00 to 20:00 on the recipient's clock. Federal law in the US is wider (8:00 to 21:00, 47 CFR 64.1200(c)(1));
//! where a state is narrower than 9:00 to 20:00 its rule stands in a table here, with its source. These rules are about sales
//! calls; that they may reach a follow-up on an enquiry is the careful reading.

use super::hours::clock_words;
use super::zone::Whereabouts;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// The first hour of a day in which a person may be texted.
const FROM: i8 = 9;
/// The first one in which they may not any more.
const UNTIL: i8 = 20;
/// No rule closes more than two days in a row, holidays aside.
const DAYS_MAX: i64 = 8;

/// The hours of one kind of day: from, and until before. None: not at all.
type Hours = Option<(i8, i8)>;

/// A state whose hours are narrower than ours.
struct State {
    name: &'static str,
    weekday: Hours,
    saturday: Hours,
    sunday: Hours,
}

const USUAL: Hours = Some((FROM, UNTIL));

/// Sources, read in November 2026: Rhode Island, R.I. Gen. Laws 5-61-2(2) and 5-61-3.6; Utah, Utah Code 13-25a-103(3);
/// South Dakota, S.D. Codified Laws 37-30-28 (automated calls: weekdays); Texas, Bus. & Com. Code 301.051 (Sunday from
/// noon); Alabama, Kentucky, Louisiana and Mississippi as listed in the State Calling Restrictions Guide of Drop Cowboy
/// (dropcowboy.com/state-compliance, 1 November 2025).
const STATES: [State; 8] = [
    State { name: "AL", weekday: USUAL, saturday: USUAL, sunday: None },
    State { name: "KY", weekday: Some((10, UNTIL)), saturday: Some((10, UNTIL)), sunday: Some((10, UNTIL)) },
    State { name: "LA", weekday: USUAL, saturday: USUAL, sunday: None },
    State { name: "MS", weekday: USUAL, saturday: USUAL, sunday: None },
    State { name: "RI", weekday: Some((9, 18)), saturday: Some((10, 17)), sunday: None },
    State { name: "SD", weekday: USUAL, saturday: None, sunday: None },
    State { name: "TX", weekday: USUAL, saturday: USUAL, sunday: Some((12, UNTIL)) },
    State { name: "UT", weekday: USUAL, saturday: USUAL, sunday: None },
];

/// Until when a text waits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// UTC milliseconds.
    pub until: i64,
    /// In a sentence: `It is 22:10 in Denver; goes at 9:00.`
    pub reason: String,
}

/// Whether a person there is left in peace at a moment (UTC milliseconds); `country` decides how clock times are written.
pub fn quiet(at: i64, place: &Whereabouts, country: &str) -> Option<Quiet> {
    let zones: Vec<TimeZone> = place.zones.iter().filter_map(|zone| TimeZone::get(zone).ok()).collect();
    let moment = Timestamp::from_millisecond(at).ok()?;
    let strict = zones.iter().find(|zone| !may(&moment.to_zoned((*zone).clone()), place.state))?;
    let mut until = moment;
    // In several zones: the first moment that is fine in all of them.
    for _ in 0..DAYS_MAX {
        match zones.iter().find(|zone| !may(&until.to_zoned((*zone).clone()), place.state)) {
            Some(zone) => until = opening(&until.to_zoned(zone.clone()), place.state)?.timestamp(),
            None => break,
        }
    }
    let (now, then) = (moment.to_zoned(strict.clone()), until.to_zoned(strict.clone()));
    let day = match then.date() == now.date() || now.date().tomorrow().ok() == Some(then.date()) {
        true => String::new(),
        false => format!("{} ", then.strftime("%a")),
    };
    let reason = format!(
        "It is {} in {}; goes {}at {}.",
        clock_words(&now, country),
        city(strict),
        day,
        clock_words(&then, country)
    );
    Some(Quiet { until: until.as_millisecond(), reason })
}

fn hours(day: Weekday, state: Option<&str>) -> Hours {
    let Some(rule) = STATES.iter().find(|rule| Some(rule.name) == state) else { return USUAL };
    match day {
        Weekday::Saturday => rule.saturday,
        Weekday::Sunday => rule.sunday,
        _ => rule.weekday,
    }
}

fn may(now: &Zoned, state: Option<&str>) -> bool {
    hours(now.weekday(), state).is_some_and(|(from, until)| (from..until).contains(&now.hour()))
}

/// The next moment after `now` at which the hours of a day begin.
fn opening(now: &Zoned, state: Option<&str>) -> Option<Zoned> {
    (0..=DAYS_MAX).find_map(|ahead| {
        let date = now.date().checked_add(ahead.days()).ok()?;
        let (from, _) = hours(date.weekday(), state)?;
        let opening = date.at(from, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()?;
        (opening > *now).then_some(opening)
    })
}

/// `America/North_Dakota/Center` is Center, `America/New_York` New York.
fn city(zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("their zone");
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Zoned>().unwrap().timestamp().as_millisecond()
    }

    fn place(zones: &[&str], state: Option<&'static str>) -> Whereabouts {
        Whereabouts { zones: zones.iter().map(|zone| (*zone).to_owned()).collect(), state }
    }

    /// Until when, on the clock of the first zone, if it is quiet there.
    fn until(moment: &str, place: &Whereabouts) -> Option<String> {
        let found = quiet(at(moment), place, "DE")?;
        let zone = TimeZone::get(&place.zones[0]).unwrap();
        Some(Timestamp::from_millisecond(found.until).unwrap().to_zoned(zone).strftime("%a %H:%M").to_string())
    }

    #[test]
    fn nobody_is_texted_before_nine_or_from_eight_in_the_evening() {
        let denver = place(&["America/Denver"], Some("CO"));
        let table = [
            ("2026-02-11T08:59:59[America/Denver]", Some("Wed 09:00")),
            ("2026-02-11T09:00:00[America/Denver]", None),
            ("2026-02-11T19:59:59[America/Denver]", None),
            ("2026-02-11T20:00:00[America/Denver]", Some("Thu 09:00")),
            ("2026-02-11T00:10:00[America/Denver]", Some("Wed 09:00")),
            // An hour is skipped in that night: nine o'clock is nine o'clock all the same.
            ("2026-03-07T22:00:00[America/Denver]", Some("Sun 09:00")),
        ];
        for (moment, expected) in table {
            assert_eq!(until(moment, &denver).as_deref(), expected, "{moment}");
        }
    }

    #[test]
    fn stricter_states_keep_their_hours() {
        let table = [
            ("RI", "2026-02-11T18:30:00[America/New_York]", Some("Thu 09:00")),
            ("RI", "2026-02-14T17:30:00[America/New_York]", Some("Mon 09:00")),
            ("RI", "2026-02-14T09:30:00[America/New_York]", Some("Sat 10:00")),
            ("KY", "2026-02-11T09:30:00[America/New_York]", Some("Wed 10:00")),
            ("TX", "2026-02-15T11:00:00[America/Chicago]", Some("Sun 12:00")),
            ("TX", "2026-02-15T12:00:00[America/Chicago]", None),
            ("UT", "2026-02-14T20:30:00[America/Denver]", Some("Mon 09:00")),
            ("SD", "2026-02-14T10:00:00[America/Chicago]", Some("Mon 09:00")),
            ("LA", "2026-02-15T10:00:00[America/Chicago]", Some("Mon 09:00")),
            ("CO", "2026-02-15T10:00:00[America/Denver]", None),
        ];
        for (state, moment, expected) in table {
            let zone = moment.split(['[', ']']).nth(1).unwrap();
            assert_eq!(until(moment, &place(&[zone], Some(state))).as_deref(), expected, "{state} {moment}");
        }
    }

    #[test]
    fn where_an_area_code_lies_in_two_zones_both_must_be_awake() {
        let florida = place(&["America/Chicago", "America/New_York"], Some("FL"));

        assert_eq!(until("2026-02-11T19:30:00[America/Chicago]", &florida).as_deref(), Some("Thu 09:00"));
        assert_eq!(until("2026-02-11T08:30:00[America/Chicago]", &florida).as_deref(), Some("Wed 09:00"));
        assert_eq!(until("2026-02-11T09:00:00[America/Chicago]", &florida), None);
    }

    #[test]
    fn the_reason_names_their_clock_and_when_it_goes() {
        let denver = place(&["America/Denver"], None);
        let utah = place(&["America/Denver"], Some("UT"));
        let told = |moment: &str, place: &Whereabouts, country: &str| quiet(at(moment), place, country).unwrap().reason;

        assert_eq!(told("2026-02-11T22:10:00[America/Denver]", &denver, "DE"), "It is 22:10 in Denver; goes at 9:00.");
        assert_eq!(
            told("2026-02-11T22:10:00[America/Denver]", &denver, "US"),
            "It is 10:10 pm in Denver; goes at 9:00 am."
        );
        assert_eq!(
            told("2026-02-14T21:00:00[America/Denver]", &utah, "US"),
            "It is 9:00 pm in Denver; goes Mon at 9:00 am."
        );
    }
}
