//! Chance that falls the same way in every run.

use crate::base::random::Random;

pub struct Dice(Random);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Random::seeded(seed))
    }

    /// From `least` up to and including `most`.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        least + self.0.up_to(most - least)
    }

    pub fn happens(&self, share: f64) -> bool {
        (self.between(0, 999_999) as f64) < share * 1_000_000.0
    }

    pub fn one_of<T: Copy>(&self, several: &[T]) -> T {
        several[usize::try_from(self.0.up_to(several.len() as i64 - 1)).unwrap()]
    }
}
