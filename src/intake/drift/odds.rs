//! One habit: how often it was kept, how often not, and for how long it has not been kept now.

use serde::{Deserialize, Serialize};

/// A run this unlikely is a change.
pub const CHANGED: f64 = 1e-5;
/// Fewer cases than this tell nothing.
const ENOUGH: f32 = 6.0;
/// Beyond so many cases the older half fades.
const MEMORY: f32 = 200.0;

/// Cases, departures among them, and the present run of departures, which is not among either yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Odds(f32, f32, u8);

impl Odds {
    /// It was kept.
    pub fn kept(&mut self) {
        if self.2 > 0 {
            // What was found to be a change is no part of the habit.
            if self.chance(0.0) > CHANGED {
                self.0 += f32::from(self.2);
                self.1 += f32::from(self.2);
            }
            self.2 = 0;
        }
        self.count(false);
    }

    /// A case to learn from, whatever it is.
    pub fn learn(&mut self, departs: bool) {
        self.count(departs);
    }

    /// It was not kept.
    pub fn broken(&mut self) {
        self.2 = self.2.saturating_add(1);
    }

    /// How long it has not been kept.
    pub fn run(&self) -> u8 {
        self.2
    }

    /// How many cases were seen.
    pub fn cases(&self) -> f32 {
        self.0
    }

    /// The share of cases in which it was kept.
    pub fn share(&self) -> f32 {
        if self.0 > 0.0 { 1.0 - self.1 / self.0 } else { 0.0 }
    }

    /// The chance of the present run after what was seen before (Beta posterior with Jeffreys' prior), with `more`
    /// departures that were seen elsewhere. 1 when too little was seen.
    pub fn chance(&self, more: f32) -> f64 {
        if self.2 == 0 || self.0 < ENOUGH {
            return 1.0;
        }
        let (cases, departed) = (f64::from(self.0), f64::from(self.1 + more).min(f64::from(self.0)));
        (0..self.2.min(60)).map(f64::from).map(|i| (departed + 0.5 + i) / (cases + 1.0 + i)).product()
    }

    fn count(&mut self, departs: bool) {
        self.0 += 1.0;
        self.1 += f32::from(u8::from(departs));
        if self.0 > MEMORY {
            self.0 /= 2.0;
            self.1 /= 2.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cases: usize, departed: usize, run: usize) -> f64 {
        let mut odds = Odds::default();
        (0..cases).for_each(|n| odds.learn(n < departed));
        (0..run).for_each(|_| odds.broken());
        odds.chance(0.0)
    }

    #[test]
    fn what_everybody_sends_is_missed_soon_and_what_many_leave_out_never() {
        assert!(after(30, 0, 3) > CHANGED && after(30, 0, 4) < CHANGED);
        assert!(after(20, 0, 4) > CHANGED && after(20, 0, 5) < CHANGED);
        assert!(after(30, 15, 8) > CHANGED);
        assert!(after(5, 0, 50) > CHANGED, "five cases tell nothing");
    }

    #[test]
    fn a_run_that_was_a_change_leaves_the_habit_as_it_was() {
        let mut odds = Odds::default();
        (0..30).for_each(|_| odds.learn(false));
        (0..10).for_each(|_| odds.broken());

        odds.kept();

        assert_eq!((odds.cases(), odds.share(), odds.run()), (31.0, 1.0, 0));
    }

    #[test]
    fn old_cases_fade() {
        let mut odds = Odds::default();
        (0..1_000).for_each(|_| odds.learn(true));
        (0..1_000).for_each(|_| odds.learn(false));

        assert!(odds.cases() <= MEMORY && odds.share() > 0.99);
    }
}
