//! One fuse per channel: after five failures in a row it opens, and one probe at a time finds out when the vendor is
//! back. While it is open nothing is claimed, so no message burns a try.

use super::channel::Outcome;
use crate::base::clock::{HOUR_MS, MINUTE_MS, SECOND_MS};

const FAILURES: u32 = 5;
const FIRST_PAUSE_MS: i64 = 15 * SECOND_MS;
const LONGEST_PAUSE_MS: i64 = 2 * MINUTE_MS;

/// The state of one channel, on the monotonic clock (milliseconds).
#[derive(Clone, Debug, Default)]
pub struct Breaker {
    failures: u32,
    pause_ms: i64,
    open_until: Option<i64>,
    asked_to_wait_until: i64,
    why: Option<String>,
}

impl Breaker {
    /// How many sends may be under way now, out of `most`.
    pub fn room(&self, most: usize, in_flight: usize, mono_ms: i64) -> usize {
        if mono_ms < self.asked_to_wait_until {
            return 0;
        }
        match self.open_until {
            None => most.saturating_sub(in_flight),
            Some(until) if mono_ms >= until => 1usize.saturating_sub(in_flight),
            Some(_) => 0,
        }
    }

    /// Why the channel is not sending, if it is not.
    pub fn trouble(&self) -> Option<&str> {
        self.open_until.and(self.why.as_deref())
    }

    /// Takes note of how a send ended.
    pub fn note(&mut self, outcome: &Outcome, mono_ms: i64) {
        match outcome {
            Outcome::Accepted { .. } | Outcome::Rejected { .. } => *self = Self::default(),
            Outcome::NotSent { retry_after: Some(wait), .. } => {
                let wait = wait.as_millis().try_into().unwrap_or(HOUR_MS).clamp(SECOND_MS, HOUR_MS);
                self.asked_to_wait_until = self.asked_to_wait_until.max(mono_ms + wait);
            }
            Outcome::NotSent { reason, .. } | Outcome::Unknown { reason, .. } => {
                self.failures += 1;
                if self.failures >= FAILURES {
                    self.open(reason, mono_ms);
                }
            }
            Outcome::Blocked { reason, .. } => self.open(reason, mono_ms),
        }
    }

    fn open(&mut self, why: &str, mono_ms: i64) {
        // Late results of sends that were under way when it opened do not lengthen the pause.
        if self.open_until.is_some_and(|until| mono_ms < until) {
            return;
        }
        self.pause_ms = (self.pause_ms * 2).clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        self.open_until = Some(mono_ms + self.pause_ms);
        self.why = Some(why.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn down() -> Outcome {
        Outcome::NotSent { reason: "Connection refused.".into(), code: None, retry_after: None }
    }

    #[test]
    fn five_failures_open_it_a_probe_doubles_the_pause_and_success_closes_it() {
        let mut breaker = Breaker::default();

        (0..5).for_each(|_| breaker.note(&down(), 0));
        assert_eq!(breaker.room(8, 0, 14_999), 0);
        assert_eq!(breaker.room(8, 0, 15_000), 1);
        assert_eq!(breaker.room(8, 1, 15_000), 0, "one probe at a time");
        breaker.note(&down(), 15_000);
        assert_eq!(breaker.room(8, 0, 44_999), 0);
        assert_eq!(breaker.trouble(), Some("Connection refused."));

        breaker.note(&Outcome::Accepted { vendor_id: None, parts: 1 }, 45_000);
        assert_eq!(breaker.room(8, 0, 45_000), 8);
    }

    #[test]
    fn a_vendor_that_asks_to_wait_is_left_alone_by_all() {
        let mut breaker = Breaker::default();

        let busy =
            Outcome::NotSent { reason: "Busy.".into(), code: Some(20429), retry_after: Some(Duration::from_secs(7)) };
        breaker.note(&busy, 1_000);

        assert_eq!(breaker.room(8, 0, 7_999), 0);
        assert_eq!(breaker.room(8, 0, 8_000), 8);
    }
}
