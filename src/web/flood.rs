//! How much one unsigned form may send: 50 submissions a second once a burst of 500 is used up. Fails open.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const BURST: i64 = 500;
const MS_EACH: i64 = 20;
const MOST_SOURCES: usize = 50_000;

/// One leaky bucket a source: the instant at which it will be empty again, on the monotonic clock.
#[derive(Debug, Default)]
pub struct Floods(Mutex<HashMap<String, i64>>);

impl Floods {
    /// Whether one more fits; else after how many seconds to try again.
    pub fn admit(&self, source: &str, mono_ms: i64) -> Result<(), i64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MOST_SOURCES {
            buckets.retain(|_, empty_at| *empty_at > mono_ms);
        }
        let empty_at = buckets.get(source).copied().unwrap_or(0).max(mono_ms) + MS_EACH;
        let over = empty_at - mono_ms - BURST * MS_EACH;
        if over > 0 {
            return Err(over / 1_000 + 1);
        }
        buckets.insert(source.to_owned(), empty_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_burst_fifty_a_second_fit_and_others_are_not_concerned() {
        let floods = Floods::default();

        let burst = (0..2_000).filter(|_| floods.admit("a", 0).is_ok()).count();
        let later = (0..2_000).filter(|_| floods.admit("a", 1_000).is_ok()).count();

        assert_eq!((burst, later), (500, 50));
        assert!(floods.admit("b", 0).is_ok());
        assert_eq!(floods.admit("a", 1_000), Err(1));
    }
}
