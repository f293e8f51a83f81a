//! The ruler: the gap between machine and people, every lead seen.
//!
//! Lengths come in. On a logarithmic line from one second to a day stand the first texts as ticks and the people's
//! answers as a swarm of dots, with a needle at the typical one; who has no answer yet is an open ring at the
//! right. Above 300 leads the swarm becomes columns. Medians are handed in: the page has one definition of them.

use super::swarm::{self, Room};
use super::{Label, count, hundredth, leads, log_share};
use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::base::lengths::{Band, FAST_MS, OK_MS, words};

/// What the ruler is drawn from. Lengths are milliseconds since the lead was received.
#[derive(Clone, Debug, Default)]
pub struct RulerInput {
    /// The period in words that follow "answered": `in the last 7 days`.
    pub period: String,
    /// One for each lead that was sent a first text or mail.
    pub first_text_ms: Vec<i64>,
    /// One for each real lead; `None` while no person has answered.
    pub person_ms: Vec<Option<i64>>,
    /// The typical first text.
    pub typical_first_text_ms: Option<i64>,
    /// The typical answer by a person, the unanswered ranked last; `None` when that is "not yet".
    pub typical_person_ms: Option<i64>,
}

/// The picture, 234 px high.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    /// Its name.
    pub title: String,
    /// What it shows, in sentences.
    pub desc: String,
    /// Where the bands end, in per cent: fast, ok, slow.
    pub bands: [f64; 3],
    /// Marks on the axis.
    pub marks: Vec<Mark>,
    /// Words in the picture.
    pub labels: Vec<Label>,
    /// First texts: x in per cent.
    pub ticks: Vec<f64>,
    /// People's answers.
    pub dots: Vec<Dot>,
    /// People's answers when there are too many for dots.
    pub columns: Vec<Column>,
    /// Where the typical answer stands, in per cent.
    pub needle: Option<f64>,
    /// Leads without an answer.
    pub rings: Vec<(f64, f64)>,
    /// Whether the dots are the small ones.
    pub small: bool,
    /// The table: name of the row, first texts, people.
    pub rows: Vec<(&'static str, usize, usize)>,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Per cent.
    pub x: f64,
    /// Whether a dotted line goes up through both lanes.
    pub dotted: bool,
}

/// One lead that a person answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Per cent.
    pub x: f64,
    /// Pixels.
    pub y: f64,
    /// `fast`, `ok` or `slow`.
    pub band: &'static str,
}

/// Many leads in one stretch of the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Left edge in per cent.
    pub x: f64,
    /// Width in per cent.
    pub width: f64,
    /// Top edge in pixels.
    pub y: f64,
    /// Height in pixels.
    pub height: f64,
    /// `fast`, `ok` or `slow`.
    pub band: &'static str,
}

const LEFT: f64 = 0.5;
const SPAN: f64 = 84.0;
const AXIS_Y: f64 = 206.0;
const MIDDLE_Y: f64 = 128.0;
const MOST_DOTS: usize = 300;
const MOST_BIG_DOTS: usize = 110;

impl Ruler {
    /// Draws it. Any number of leads will do; the page decides from how many on it is shown.
    pub fn draw(input: &RulerInput) -> Self {
        let mut answered: Vec<i64> = input.person_ms.iter().flatten().copied().collect();
        answered.sort_unstable();
        let unanswered = input.person_ms.len() - answered.len();
        let many = input.person_ms.len() > MOST_DOTS;
        let small = answered.len() > MOST_BIG_DOTS;
        let ticks = ticks(&input.first_text_ms);
        let needle = input.typical_person_ms.map(place);
        let mut labels = axis_labels();
        labels.extend(lane_labels(input, &ticks, needle));
        let rings = rings(unanswered);
        if unanswered > rings.len() {
            labels.push(Label::new(98.0, MIDDLE_Y + 22.0, "middle", "tx b", unanswered.to_string()));
        }
        Ruler {
            title: format!("How fast you answered {}", input.period),
            desc: describe(input, &answered, unanswered),
            bands: [place(FAST_MS), place(OK_MS), hundredth(LEFT + SPAN)],
            marks: [1_000, 10_000, FAST_MS, OK_MS, HOUR_MS, DAY_MS]
                .map(|ms| Mark { x: place(ms), dotted: ms == FAST_MS || ms == OK_MS })
                .into(),
            labels,
            ticks,
            dots: if many { Vec::new() } else { dots(&answered, small) },
            columns: if many { columns(&answered) } else { Vec::new() },
            needle,
            rings,
            small,
            rows: table(input),
        }
    }

    /// Width of the middle band in per cent.
    pub fn ok_width(&self) -> f64 {
        hundredth(self.bands[1] - self.bands[0])
    }

    /// Width of the last band in per cent.
    pub fn slow_width(&self) -> f64 {
        hundredth(self.bands[2] - self.bands[1])
    }
}

fn place(ms: i64) -> f64 {
    hundredth(LEFT + SPAN * log_share(ms))
}

/// One tick for each text; where hundreds would cover each other, one for each quarter of a per cent.
fn ticks(lengths: &[i64]) -> Vec<f64> {
    let mut places: Vec<f64> = lengths.iter().map(|&ms| place(ms)).collect();
    if places.len() > MOST_DOTS {
        for x in &mut places {
            *x = (*x * 4.0).round() / 4.0;
        }
    }
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}

fn axis_labels() -> Vec<Label> {
    let y = AXIS_Y + 20.0;
    vec![
        Label::new(place(1_000), y, "start", "tx", "1 s"),
        Label::new(place(10_000), y, "middle", "tx", "10 s"),
        Label::new(place(FAST_MS), y, "middle", "tx b fore", "1 min"),
        Label::new(place(OK_MS), y, "middle", "tx b aft", "5 min"),
        Label::new(place(HOUR_MS), y, "middle", "tx", "1 h"),
        Label::new(LEFT + SPAN, y, "end", "tx", "24 h"),
        Label::new(100.0, y, "end", "tx", "not yet"),
    ]
}

fn lane_labels(input: &RulerInput, ticks: &[f64], needle: Option<f64>) -> Vec<Label> {
    let mut labels =
        vec![Label::new(0.8, 25.0, "start", "tx m", "First text"), Label::new(0.8, 94.0, "start", "tx m", "A person")];
    if let (Some(typical), Some(last)) = (input.typical_first_text_ms, ticks.last()) {
        let (x, anchor) = if *last < 70.0 { (last + 1.95, "start") } else { (100.0, "end") };
        labels.push(Label::new(x, 46.0, anchor, "tx b", words(typical)));
    }
    if let (Some(typical), Some(x)) = (input.typical_person_ms, needle) {
        let (x, anchor) = if x < 58.0 { (x + 1.4, "start") } else { (x - 1.4, "end") };
        labels.push(Label::new(x, 188.0, anchor, "tx b halo", format!("typical {}", words(typical))));
    }
    labels
}

fn dots(answered: &[i64], small: bool) -> Vec<Dot> {
    let places: Vec<f64> = answered.iter().map(|&ms| place(ms)).collect();
    let room = if small {
        Room { width: 470.0, apart: 6.4, step: 3.2, up: 54.0, down: 70.0 }
    } else {
        Room { width: 470.0, apart: 9.2, step: 4.6, up: 50.0, down: 69.0 }
    };
    swarm::settle(&places, room)
        .into_iter()
        .zip(places)
        .zip(answered)
        .map(|((offset, x), &ms)| Dot { x, y: hundredth(MIDDLE_Y + offset), band: Band::of(ms).as_str() })
        .collect()
}

/// Columns that never straddle the borders at one and five minutes, so that their colour is true.
fn columns(answered: &[i64]) -> Vec<Column> {
    const TALLEST: f64 = 112.0;
    let edges = [LEFT, place(FAST_MS), place(OK_MS), LEFT + SPAN];
    let mut drawn = Vec::new();
    for (band, (stretch, slots)) in
        [Band::Fast, Band::Ok, Band::Slow].into_iter().zip(edges.windows(2).zip([20usize, 8, 28]))
    {
        let width = (stretch[1] - stretch[0]) / count(slots);
        let mut counts = vec![0usize; slots];
        for x in answered.iter().filter(|&&ms| Band::of(ms) == band).map(|&ms| place(ms)) {
            let slot = (0..slots).rev().find(|&slot| x >= stretch[0] + width * count(slot)).unwrap_or(0);
            counts[slot] += 1;
        }
        for (slot, n) in counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            drawn.push((stretch[0] + width * count(slot), width, n, band));
        }
    }
    let most = count(drawn.iter().map(|column| column.2).max().unwrap_or(1));
    drawn
        .into_iter()
        .map(|(x, width, n, band)| {
            let height = (TALLEST * count(n) / most).max(2.0);
            Column {
                x: hundredth(x),
                width: hundredth(width * 0.82),
                y: hundredth(AXIS_Y - height),
                height: hundredth(height),
                band: band.as_str(),
            }
        })
        .collect()
}

/// Up to eighteen rings in columns of six, from the right; beyond that one ring with the number below it.
fn rings(unanswered: usize) -> Vec<(f64, f64)> {
    if unanswered > 18 {
        return vec![(98.0, MIDDLE_Y)];
    }
    (0..unanswered)
        .map(|n| {
            const ROWS: [f64; 6] = [120.0, 136.0, 104.0, 152.0, 88.0, 168.0];
            (hundredth(98.0 - 4.2 * count(n / 6)), ROWS[n % 6])
        })
        .collect()
}

fn describe(input: &RulerInput, answered: &[i64], unanswered: usize) -> String {
    let mut told = String::from("Dots on a logarithmic line from 1 second to 1 day.");
    if let (Some(typical), Some(fastest), Some(slowest)) =
        (input.typical_first_text_ms, input.first_text_ms.iter().min(), input.first_text_ms.iter().max())
    {
        let sent = leads(input.first_text_ms.len());
        told += &format!(" First text: {sent}, typical {}, ", words(typical));
        told += &format!("fastest {}, slowest {}.", words(*fastest), words(*slowest));
    }
    let typical = input.typical_person_ms.map_or_else(|| "not yet".to_owned(), words);
    told += &format!(" A person answered {} of {}, typical {typical}:", answered.len(), leads(input.person_ms.len()));
    let within = |ms: i64| answered.iter().filter(|&&length| length <= ms).count();
    told += &format!(
        " {} within 1 minute, {} within 5 minutes, {} later, {unanswered} not answered yet. The table below has the numbers.",
        within(FAST_MS),
        within(OK_MS),
        answered.len() - within(OK_MS),
    );
    told
}

fn table(input: &RulerInput) -> Vec<(&'static str, usize, usize)> {
    let spans: [(&'static str, i64, i64); 4] = [
        ("under 1 min", i64::MIN, FAST_MS),
        ("1 to 5 min", FAST_MS, OK_MS),
        ("5 min to 1 h", OK_MS, HOUR_MS),
        ("over 1 h", HOUR_MS, i64::MAX),
    ];
    let mut rows: Vec<(&'static str, usize, usize)> = spans
        .into_iter()
        .map(|(name, above, upto)| {
            let inside = |ms: &&i64| **ms > above && **ms <= upto;
            let texts = input.first_text_ms.iter().filter(inside).count();
            (name, texts, input.person_ms.iter().flatten().filter(inside).count())
        })
        .collect();
    let without_text = input.person_ms.len().saturating_sub(input.first_text_ms.len());
    rows.push(("not yet", without_text, input.person_ms.iter().filter(|ms| ms.is_none()).count()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> RulerInput {
        RulerInput {
            period: "in the last 7 days".into(),
            first_text_ms: vec![2_000, 4_100, 8_000],
            person_ms: vec![Some(41_000), Some(220_000), None],
            typical_first_text_ms: Some(4_100),
            typical_person_ms: Some(220_000),
        }
    }

    #[test]
    fn five_minutes_lie_near_the_middle_and_a_day_before_the_not_yet() {
        let ruler = Ruler::draw(&week());

        assert_eq!(ruler.bands, [30.76, 42.65, 84.5]);
        assert_eq!(ruler.needle, Some(40.36));
        assert_eq!(ruler.rings, [(98.0, 120.0)]);
    }

    #[test]
    fn the_sentence_and_the_table_count_the_same_leads() {
        let ruler = Ruler::draw(&week());

        assert!(ruler.desc.contains(
            "answered 2 of 3 leads, typical 3m 40s: 1 within 1 minute, 2 within 5 minutes, 0 later, 1 not answered yet"
        ));
        assert_eq!(ruler.rows[0], ("under 1 min", 3, 1));
        assert_eq!(ruler.rows[1], ("1 to 5 min", 0, 1));
        assert_eq!(ruler.rows[4], ("not yet", 0, 1));
    }

    #[test]
    fn above_three_hundred_leads_the_dots_become_columns_of_true_colour() {
        let mut input = week();
        input.person_ms = (0..400).map(|n| Some(n * 2_000)).collect();

        let ruler = Ruler::draw(&input);

        assert!(ruler.dots.is_empty());
        assert!(ruler.columns.iter().all(|column| match column.band {
            "fast" => column.x + column.width <= 30.77,
            "ok" => column.x >= 30.75 && column.x + column.width <= 42.66,
            _ => column.x >= 42.64,
        }));
    }

    #[test]
    fn a_crowd_without_an_answer_is_one_ring_and_its_number() {
        let mut input = week();
        input.person_ms = vec![None; 40];
        input.typical_person_ms = None;

        let ruler = Ruler::draw(&input);

        assert_eq!(ruler.rings.len(), 1);
        assert!(ruler.labels.iter().any(|label| label.words == "40"));
        assert!(ruler.desc.contains("typical not yet"));
    }

    #[test]
    fn every_ring_and_dot_stays_inside_the_picture() {
        let mut input = week();
        input.person_ms = std::iter::repeat_n(Some(200_000), 250).chain(std::iter::repeat_n(None, 18)).collect();

        let ruler = Ruler::draw(&input);

        assert!(ruler.dots.iter().all(|dot| dot.y > 56.0 && dot.y < AXIS_Y));
        assert!(ruler.rings.iter().all(|ring| ring.0 > 86.0 && ring.1 > 56.0 && ring.1 < AXIS_Y));
    }
}
