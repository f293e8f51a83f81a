//! Fourteen small bars, one a day, beside a source: counts come in, boxes go out (18 px high, day 1 at the left).

use super::{hundredth, to_f64};

/// One day.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Left edge in per cent.
    pub x: f64,
    /// Top edge in pixels.
    pub y: f64,
    /// Width in per cent.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

const HEIGHT: f64 = 18.0;
const TALLEST: f64 = 16.0;
const STUB: f64 = 1.5;

/// The bars of a row of days; a day without leads is a stub, so that the row reads as time passing.
pub fn bars(days: &[u32]) -> Vec<Bar> {
    let most = to_f64(i64::from(days.iter().copied().max().unwrap_or(0).max(1)));
    let step = 100.0 / super::count(days.len().max(1));
    days.iter()
        .enumerate()
        .map(|(day, &leads)| {
            let height = (TALLEST * to_f64(i64::from(leads)) / most).max(STUB);
            Bar {
                x: hundredth(step * super::count(day)),
                y: hundredth(HEIGHT - height),
                width: hundredth(step * 0.72),
                height: hundredth(height),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_day_is_tallest_and_an_empty_one_keeps_a_stub() {
        let drawn = bars(&[0, 2, 4]);

        assert_eq!(drawn.iter().map(|bar| bar.height).collect::<Vec<_>>(), [1.5, 8.0, 16.0]);
        assert!(drawn.iter().all(|bar| (bar.y + bar.height - 18.0).abs() < 0.01 && bar.x + bar.width <= 100.0));
    }

    #[test]
    fn two_silent_weeks_draw_fourteen_stubs() {
        assert!(bars(&[0; 14]).iter().all(|bar| (bar.height - 1.5).abs() < f64::EPSILON));
    }
}
