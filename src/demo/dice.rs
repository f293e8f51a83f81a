//! Chance for telling stories: the same throws at every start.

use crate::base::random::Random;

/// Dice with a seed.
pub struct Dice(Random);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(Random::seeded(seed))
    }

    /// From 0 up to but not including 1.
    pub fn share(&self) -> f64 {
        const STEPS: i64 = 1 << 30;
        self.0.up_to(STEPS - 1) as f64 / STEPS as f64
    }

    /// True in that share of throws.
    pub fn happens(&self, share: f64) -> bool {
        self.share() < share
    }

    /// From `least` up to and including `most`.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        least + self.0.up_to(most - least)
    }

    /// One of several.
    pub fn one_of<T: Copy>(&self, several: &[T]) -> T {
        let most = i64::try_from(several.len()).unwrap_or(1) - 1;
        several[usize::try_from(self.0.up_to(most)).unwrap_or(0)]
    }

    /// Which of these weights a throw falls on.
    pub fn weighted(&self, weights: &[u32]) -> usize {
        let all: u32 = weights.iter().sum();
        let mut left = self.between(0, i64::from(all) - 1);
        for (n, weight) in weights.iter().enumerate() {
            left -= i64::from(*weight);
            if left < 0 {
                return n;
            }
        }
        0
    }

    /// A delay around `typical_ms`: half are shorter, a few are many times as long, as people's delays are.
    pub fn delay_ms(&self, typical_ms: i64, spread: f64) -> i64 {
        let bell: f64 = (0..12).map(|_| self.share()).sum::<f64>() - 6.0;
        (typical_ms as f64 * (spread * bell).exp()) as i64
    }
}
