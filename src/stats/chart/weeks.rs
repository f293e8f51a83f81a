//! Twelve weeks: are we getting better?
//!
//! One entry a week comes in, oldest first. Out go bars from the typical answer to the slowest tenth with a dot at
//! the typical one, on a logarithmic axis from 30 seconds (bottom) to 24 hours (top). A week below five leads is a
//! gap, and "not yet" stands at the top, where a slow answer would.

use super::{ENOUGH, Label, count, hundredth, to_f64};
use crate::base::clock::{DAY_MS, HOUR_MS, SECOND_MS};
use crate::base::lengths::{Band, FAST_MS, OK_MS, words};

/// One week of real leads. Lengths are milliseconds.
#[derive(Clone, Debug, Default)]
pub struct WeekInput {
    /// Its first day, such as `Sep 1`.
    pub label: String,
    /// Leads that arrived in it.
    pub leads: usize,
    /// The typical answer by a person; `None` when that is "not yet".
    pub typical_ms: Option<i64>,
    /// The slowest tenth; `None` when that is "not yet".
    pub slowest_tenth_ms: Option<i64>,
}

/// The picture, 252 px high.
#[derive(Clone, Debug, PartialEq)]
pub struct Weeks {
    /// Its name.
    pub title: String,
    /// The finding.
    pub desc: String,
    /// Lines across: y in pixels, and whether they are dotted.
    pub lines: Vec<(f64, bool)>,
    /// Words in the picture.
    pub labels: Vec<Label>,
    /// The weeks that have enough leads.
    pub points: Vec<Point>,
    /// Between the dots of weeks that follow each other: x1, y1, x2, y2.
    pub links: Vec<(f64, f64, f64, f64)>,
    /// The table: week, leads, typical, slowest tenth.
    pub rows: Vec<(String, usize, String, String)>,
}

/// One week.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Per cent.
    pub x: f64,
    /// The dot, pixels.
    pub y: f64,
    /// Upper end of the bar, pixels.
    pub top: f64,
    /// `fast`, `ok`, `slow`, or `none` while the middle lead has no answer.
    pub band: &'static str,
    /// Whether this is the running week.
    pub now: bool,
}

const TOP: f64 = 14.0;
const BOTTOM: f64 = 220.0;

impl Weeks {
    /// Draws them; `None` while no week has five leads.
    pub fn draw(weeks: &[WeekInput]) -> Option<Self> {
        let last = weeks.len().checked_sub(1)?;
        let points: Vec<(usize, Point)> = weeks
            .iter()
            .enumerate()
            .filter(|(_, week)| week.leads >= ENOUGH)
            .map(|(n, week)| (n, point(week, n, last)))
            .collect();
        if points.is_empty() {
            return None;
        }
        let links = points
            .windows(2)
            .filter(|pair| pair[0].0 + 1 == pair[1].0)
            .map(|pair| (pair[0].1.x, pair[0].1.y, pair[1].1.x, pair[1].1.y))
            .collect();
        Some(Weeks {
            title: "Response time by week".to_owned(),
            desc: describe(weeks),
            lines: vec![
                (height(FAST_MS), true),
                (height(OK_MS), true),
                (height(HOUR_MS), false),
                (height(DAY_MS / 2), false),
            ],
            labels: labels(weeks, last, &points),
            points: points.into_iter().map(|(_, point)| point).collect(),
            links,
            rows: weeks.iter().map(row).collect(),
        })
    }
}

fn point(week: &WeekInput, n: usize, last: usize) -> Point {
    Point {
        x: across(n, last),
        y: week.typical_ms.map_or(TOP, height),
        top: week.slowest_tenth_ms.map_or(TOP, height),
        band: week.typical_ms.map_or("none", |ms| Band::of(ms).as_str()),
        now: n == last,
    }
}

fn across(n: usize, last: usize) -> f64 {
    hundredth(16.0 + 83.0 * count(n) / count(last.max(1)))
}

fn height(ms: i64) -> f64 {
    let lowest = to_f64(30 * SECOND_MS);
    let share = (to_f64(ms.clamp(30 * SECOND_MS, DAY_MS)) / lowest).ln() / (to_f64(DAY_MS) / lowest).ln();
    hundredth(BOTTOM - (BOTTOM - TOP) * share)
}

fn labels(weeks: &[WeekInput], last: usize, points: &[(usize, Point)]) -> Vec<Label> {
    let mut labels: Vec<Label> =
        [(FAST_MS, "1 min", "tx b"), (OK_MS, "5 min", "tx b"), (HOUR_MS, "1 h", "tx"), (DAY_MS / 2, "12 h", "tx")]
            .map(|(ms, words, class)| Label::new(0.0, height(ms) - 5.0, "start", class, words))
            .into();
    for n in [0, 4, 8].into_iter().filter(|n| *n < last) {
        labels.push(Label::new(across(n, last), 248.0, "middle", "tx", weeks[n].label.clone()));
    }
    labels.push(Label::new(100.0, 248.0, "end", "tx b", "now"));
    if let Some((n, point)) = points.last().filter(|(n, _)| *n == last) {
        let told = weeks[*n].typical_ms.map_or_else(|| "not yet".to_owned(), words);
        // Where the line comes up to it from below, the words would stand on the line.
        let rises = points.iter().rev().nth(1).is_some_and(|(before, p)| before + 1 == *n && p.y > point.y);
        let (x, y) = if rises { (point.x - 3.0, point.y - 8.0) } else { (99.0, point.y + 22.0) };
        labels.push(Label::new(x, y, "end", "tx b halo", told));
    }
    labels
}

fn describe(weeks: &[WeekInput]) -> String {
    let told = |length: Option<i64>| length.map_or_else(|| "not yet".to_owned(), words);
    let mut enough = weeks.iter().filter(|week| week.leads >= ENOUGH);
    match (enough.next(), enough.next_back()) {
        (Some(first), Some(latest)) => format!(
            "The typical answer went from {} in the week of {} to {} in the latest one. The slowest tenth went from {} to {}.",
            told(first.typical_ms),
            first.label,
            told(latest.typical_ms),
            told(first.slowest_tenth_ms),
            told(latest.slowest_tenth_ms)
        ),
        (Some(only), None) => {
            format!("The typical answer in the week of {} took {}.", only.label, told(only.typical_ms))
        }
        (None, _) => "No week has five leads yet.".to_owned(),
    }
}

fn row(week: &WeekInput) -> (String, usize, String, String) {
    let told = |length: Option<i64>| match (week.leads, length) {
        (..ENOUGH, _) => "too few".to_owned(),
        (_, None) => "not yet".to_owned(),
        (_, Some(ms)) => words(ms),
    };
    (week.label.clone(), week.leads, told(week.typical_ms), told(week.slowest_tenth_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(label: &str, leads: usize, typical_ms: i64) -> WeekInput {
        WeekInput { label: label.into(), leads, typical_ms: Some(typical_ms), slowest_tenth_ms: Some(typical_ms * 10) }
    }

    #[test]
    fn faster_weeks_stand_lower_and_the_bar_reaches_up_to_the_slowest_tenth() {
        let weeks = Weeks::draw(&[week("Sep 1", 9, 2_340_000), week("Sep 8", 9, 220_000)]).unwrap();

        assert!(weeks.points[1].y > weeks.points[0].y);
        assert!(weeks.points.iter().all(|point| point.top < point.y && point.top >= TOP));
        assert_eq!(weeks.lines[1].0, 160.45);
        assert!(weeks.desc.starts_with("The typical answer went from 39m 00s in the week of Sep 1 to 3m 40s"));
    }

    #[test]
    fn the_newest_figure_stands_beside_the_line_never_on_it() {
        let newest = |before: i64, now: i64| {
            let weeks = Weeks::draw(&[week("Sep 1", 9, before), week("Sep 8", 9, now)]).unwrap();
            let label = weeks.labels.last().unwrap().y;
            label > weeks.points[1].y
        };

        assert!(newest(2_340_000, 220_000), "a line that falls leaves room below its end");
        assert!(!newest(220_000, 2_340_000), "a line that rises leaves room above its end");
    }

    #[test]
    fn a_week_with_too_few_leads_is_a_gap_that_no_line_crosses() {
        let weeks = Weeks::draw(&[week("a", 9, 60_000), week("b", 4, 60_000), week("c", 9, 60_000)]).unwrap();

        assert_eq!((weeks.points.len(), weeks.links.len()), (2, 0));
        assert_eq!(weeks.rows[1], ("b".to_owned(), 4, "too few".to_owned(), "too few".to_owned()));
    }

    #[test]
    fn not_yet_stands_at_the_top() {
        let silent = WeekInput { label: "now".into(), leads: 6, typical_ms: None, slowest_tenth_ms: None };

        let weeks = Weeks::draw(&[silent]).unwrap();

        assert_eq!((weeks.points[0].y, weeks.points[0].band), (TOP, "none"));
        assert_eq!(weeks.rows[0].2, "not yet");
    }

    #[test]
    fn nothing_is_drawn_before_a_week_has_five_leads() {
        assert_eq!(Weeks::draw(&[week("a", 4, 1)]), None);
        assert_eq!(Weeks::draw(&[]), None);
    }
}
