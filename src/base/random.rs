//! Chance as an argument: the operating system's in production, a seed in tests and simulations.

use std::sync::Mutex;

/// A source of randomness. Keys, tokens and identifiers must come from [`Random::system`].
#[derive(Debug)]
pub struct Random(Option<Mutex<u64>>);

impl Random {
    /// The operating system's generator, fit for secrets.
    pub fn system() -> Self {
        Random(None)
    }

    /// A repeatable sequence (SplitMix64). Never for secrets.
    pub fn seeded(seed: u64) -> Self {
        Random(Some(Mutex::new(seed)))
    }

    /// Fills the whole buffer.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: without it no token is safe to hand out.
    pub fn fill(&self, out: &mut [u8]) {
        match &self.0 {
            None => getrandom::fill(out).unwrap_or_else(|e| panic!("the system gives no randomness: {e}")),
            Some(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for chunk in out.chunks_mut(8) {
                    chunk.copy_from_slice(&split_mix(&mut state).to_le_bytes()[..chunk.len()]);
                }
            }
        }
    }

    /// A number from 0 up to and including `most`; 0 when `most` is not positive.
    pub fn up_to(&self, most: i64) -> i64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        let span = u64::try_from(most.max(0)).unwrap_or(0).saturating_add(1);
        i64::try_from(u64::from_le_bytes(bytes) % span).unwrap_or(0)
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_stays_in_range() {
        let (a, b) = (Random::seeded(7), Random::seeded(7));

        let drawn: Vec<i64> = (0..1_000).map(|_| a.up_to(30)).collect();

        assert!(drawn.iter().all(|n| (0..=30).contains(n) && *n == b.up_to(30)));
        assert!(drawn.contains(&0) && drawn.contains(&30));
    }
}
