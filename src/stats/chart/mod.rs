//! Pictures of the numbers: plain numbers come in; shapes, a title, a sentence with the finding and the rows of
//! the real table go out. Nothing here knows of SQL, HTML or the clock.
//!
//! Shapes are measured for an SVG without a viewBox: x in per cent of the width, y in pixels. So they reflow with
//! the page while text stays at 12 px. Colour is a class. Price: what must not overlap is laid out at a nominal
//! width and is only nearly right at others.

pub mod bars;
pub mod ruler;
pub mod sources;
pub mod swarm;
pub mod weeks;
pub mod when;

pub use bars::{Bar, bars};
pub use ruler::{Ruler, RulerInput};
pub use sources::{BySource, SourceInput};
pub use weeks::{WeekInput, Weeks};
pub use when::{When, WhenInput};

use crate::base::clock::DAY_MS;

/// Below this many leads no percentile is drawn; the leads are listed instead.
pub const ENOUGH: usize = 5;

/// Words placed in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Per cent of the width.
    pub x: f64,
    /// Pixels from the top to the base line.
    pub y: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// Classes of the words.
    pub class: &'static str,
    /// The words.
    pub words: String,
}

impl Label {
    fn new(x: f64, y: f64, anchor: &'static str, class: &'static str, words: impl Into<String>) -> Self {
        Label { x: hundredth(x), y: hundredth(y), anchor, class, words: words.into() }
    }
}

/// Where a length lies between one second (0) and a day (1) on a logarithmic scale; beyond either end it sticks there.
fn log_share(ms: i64) -> f64 {
    let seconds = to_f64(ms.clamp(1_000, DAY_MS)) / 1_000.0;
    seconds.ln() / 86_400f64.ln()
}

fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[expect(clippy::cast_precision_loss, reason = "lengths up to a day and counts of leads are far below 2^52")]
fn to_f64(value: i64) -> f64 {
    value as f64
}

fn count(value: usize) -> f64 {
    to_f64(i64::try_from(value).unwrap_or(i64::MAX))
}

fn leads(n: usize) -> String {
    if n == 1 { "1 lead".to_owned() } else { format!("{n} leads") }
}
