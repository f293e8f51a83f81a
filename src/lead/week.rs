//! A week of hours as people type it, a line a day: `8-18`, `8:00-12:00, 13-17:30`, `8am-6pm`, empty for closed.

use super::hours::{DAYS, Hours};
use jiff::civil::{Time, Weekday};
use std::fmt::Write;

/// The days as forms name them, Monday first.
pub const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads a week, Monday first, into the stored form. `Ok(None)`: every day is empty, which means always. `Err`: the first
/// day that cannot be read.
///
/// # Errors
/// The index of the day.
pub fn read(days: &[String; 7]) -> Result<Option<String>, usize> {
    let mut week = serde_json::Map::new();
    for (n, text) in days.iter().enumerate() {
        let spans = read_day(text).ok_or(n)?;
        if !spans.is_empty() {
            let spans = spans.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)).into()).collect();
            week.insert(NAMES[n].to_owned(), serde_json::Value::Array(spans));
        }
    }
    Ok((!week.is_empty()).then(|| serde_json::Value::Object(week).to_string()))
}

fn read_day(text: &str) -> Option<Vec<(Time, Time)>> {
    let text = text.trim().to_lowercase().replace(['–', '—'], "-").replace(" to ", "-");
    if text.is_empty() || text == "closed" {
        return Some(Vec::new());
    }
    let mut spans = Vec::new();
    for span in text.split(',') {
        let (from, to) = span.split_once('-')?;
        let (from, to) = (read_time(from)?, read_time(to)?);
        let follows = spans.last().is_none_or(|(_, end): &(Time, Time)| *end <= from);
        if from >= to || !follows {
            return None;
        }
        spans.push((from, to));
    }
    Some(spans)
}

/// `8`, `8:30`, `08.30`, `8 am`, `12pm`; `24:00` is the last minute.
fn read_time(text: &str) -> Option<Time> {
    let text = text.trim();
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    if hour == 24 && minute == 0 && half.is_none() {
        return Time::new(23, 59, 59, 0).ok();
    }
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn clock(time: Time) -> String {
    if time.second() > 0 { time.strftime("%H:%M:%S").to_string() } else { time.strftime("%H:%M").to_string() }
}

/// A stored week as it is typed, Monday first.
pub fn typed(hours: Option<&Hours>) -> [String; 7] {
    std::array::from_fn(|n| hours.map(|hours| day(hours, DAYS[n].1)).unwrap_or_default())
}

fn day(hours: &Hours, day: Weekday) -> String {
    let mut spans: Vec<(Time, Time)> =
        hours.open.iter().filter(|(weekday, ..)| *weekday == day).map(|(_, from, to)| (*from, *to)).collect();
    spans.sort_unstable();
    spans.iter().map(|(from, to)| format!("{}-{}", short(*from), short(*to))).collect::<Vec<_>>().join(", ")
}

/// `8`, `17:30`, `24`.
fn short(time: Time) -> String {
    match (time.hour(), time.minute(), time.second()) {
        (23, 59, 59) => "24".to_owned(),
        (hour, 0, _) => hour.to_string(),
        (hour, minute, _) => format!("{hour}:{minute:02}"),
    }
}

/// A week in a few words: `Mon to Fri 8 to 18, Sat 9 to 13, closed Sun`.
pub fn words(hours: &Hours) -> String {
    let days = typed(Some(hours));
    let name = |n: usize| {
        let name = NAMES[n];
        name[..1].to_uppercase() + &name[1..]
    };
    let (mut open, mut closed): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut n = 0;
    while n < 7 {
        let mut last = n;
        while last + 1 < 7 && days[last + 1] == days[n] {
            last += 1;
        }
        let mut span = name(n);
        if last > n {
            let _infallible = write!(span, "{}{}", if last == n + 1 { ", " } else { " to " }, name(last));
        }
        if days[n].is_empty() {
            closed.push(span);
        } else {
            open.push(format!("{span} {}", days[n].replace('-', " to ").replace(", ", " and ")));
        }
        n = last + 1;
    }
    if !closed.is_empty() {
        open.push(format!("closed {}", closed.join(", ")));
    }
    open.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(days: [&str; 7]) -> Result<Option<String>, usize> {
        read(&days.map(str::to_owned))
    }

    #[test]
    fn a_week_is_read_as_people_write_it_and_shown_so_again() {
        let json =
            week(["8-18", "8:00 - 12:00, 13-17:30", "8am-6pm", "8 to 18", "8–18", "9-24", "closed"]).unwrap().unwrap();
        let hours = Hours::parse(&json).unwrap();

        assert_eq!(typed(Some(&hours)), ["8-18", "8-12, 13-17:30", "8-18", "8-18", "8-18", "9-24", ""]);
        assert_eq!(
            words(&hours),
            "Mon 8 to 18, Tue 8 to 12 and 13 to 17:30, Wed to Fri 8 to 18, Sat 9 to 24, closed Sun"
        );
        assert_eq!(week([""; 7]), Ok(None));
    }

    #[test]
    fn the_day_that_cannot_be_read_is_named() {
        for wrong in ["8", "18-8", "8-25", "8:61-9", "0am-5pm", "13pm-14", "8-12, 11-13", "8-8", "mornings"] {
            assert_eq!(week(["8-18", wrong, "", "", "", "", ""]), Err(1), "{wrong}");
        }
    }
}
