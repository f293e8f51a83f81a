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
    open: Option<Open>,
    asked_to_wait_until: i64,
    /// What began before this instant says nothing about the channel as it is now.
    since: i64,
    /// The vendor asked for a pause; one message finds out whether it was long enough.
    careful: bool,
}

#[derive(Clone, Debug)]
struct Open {
    until: i64,
    why: String,
}

impl Breaker {
    /// How many sends may be under way in all, out of `most`.
    pub fn ceiling(&self, most: usize, mono_ms: i64) -> usize {
        if mono_ms < self.asked_to_wait_until {
            return 0;
        }
        match &self.open {
            Some(open) if mono_ms < open.until => 0,
            Some(_) => 1,
            None if self.careful => 1,
            None => most,
        }
    }

    /// Why the channel is not sending, if it is not.
    pub fn trouble(&self) -> Option<&str> {
        self.open.as_ref().map(|open| open.why.as_str())
    }

    /// Takes note of how a send that began at `began` has ended. Late results of sends that were under way when the
    /// fuse opened, or when the vendor asked for a pause, neither close it nor lengthen the pause.
    pub fn note(&mut self, outcome: &Outcome, began: i64, mono_ms: i64) {
        let late = began < self.since;
        match outcome {
            Outcome::NotSent { retry_after: Some(wait), .. } => {
                let wait = wait.as_millis().try_into().unwrap_or(HOUR_MS).clamp(SECOND_MS, HOUR_MS);
                self.asked_to_wait_until = self.asked_to_wait_until.max(mono_ms + wait);
                self.careful = true;
                self.since = mono_ms + 1;
            }
            _ if late => {}
            Outcome::Accepted { .. } | Outcome::Rejected { .. } => {
                (self.failures, self.pause_ms, self.open, self.careful) = (0, 0, None, false);
            }
            Outcome::NotSent { reason, .. } | Outcome::Unknown { reason, .. } => {
                self.failures += 1;
                if self.failures >= FAILURES || self.open.is_some() {
                    self.open(reason, mono_ms);
                }
            }
            Outcome::Blocked { reason, .. } => self.open(reason, mono_ms),
        }
    }

    fn open(&mut self, why: &str, mono_ms: i64) {
        self.pause_ms = (self.pause_ms * 2).clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        self.open = Some(Open { until: mono_ms + self.pause_ms, why: why.to_owned() });
        self.since = mono_ms + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn down() -> Outcome {
        Outcome::NotSent { reason: "Connection refused.".into(), code: None, retry_after: None }
    }

    fn busy(secs: u64) -> Outcome {
        let retry_after = Some(Duration::from_secs(secs));
        Outcome::NotSent { reason: "Busy.".into(), code: Some(20429), retry_after }
    }

    fn taken() -> Outcome {
        Outcome::Accepted { vendor_id: None, parts: 1 }
    }

    #[test]
    fn five_failures_open_it_a_probe_doubles_the_pause_and_success_closes_it() {
        let mut breaker = Breaker::default();

        (0..5).for_each(|_| breaker.note(&down(), 0, 0));
        assert_eq!(breaker.ceiling(8, 14_999), 0);
        assert_eq!(breaker.ceiling(8, 15_000), 1, "one probe at a time");
        breaker.note(&down(), 15_000, 15_000);
        assert_eq!(breaker.ceiling(8, 44_999), 0);
        assert_eq!(breaker.trouble(), Some("Connection refused."));

        breaker.note(&taken(), 45_000, 45_000);
        assert_eq!((breaker.ceiling(8, 45_000), breaker.trouble()), (8, None));
    }

    #[test]
    fn sends_that_were_under_way_when_it_opened_change_nothing() {
        let mut breaker = Breaker::default();
        let refused = Outcome::Blocked { reason: "Wrong key.".into(), code: Some(20003) };

        breaker.note(&refused, 100, 200);
        breaker.note(&taken(), 100, 300);
        breaker.note(&refused, 150, 16_000);

        assert_eq!(breaker.trouble(), Some("Wrong key."));
        assert_eq!((breaker.ceiling(8, 15_199), breaker.ceiling(8, 15_200)), (0, 1));
    }

    #[test]
    fn a_probe_that_fails_opens_it_again_whatever_opened_it_first() {
        let mut breaker = Breaker::default();

        breaker.note(&Outcome::Blocked { reason: "Wrong key.".into(), code: None }, 0, 0);
        breaker.note(&down(), 15_000, 15_000);

        assert_eq!((breaker.ceiling(8, 15_001), breaker.ceiling(8, 45_000)), (0, 1));
    }

    #[test]
    fn a_vendor_that_asks_to_wait_is_left_alone_by_all_and_then_asked_by_one() {
        let mut breaker = Breaker::default();

        breaker.note(&busy(7), 900, 1_000);
        breaker.note(&taken(), 950, 1_100);
        breaker.note(&busy(2), 950, 1_200);

        assert_eq!((breaker.ceiling(8, 7_999), breaker.ceiling(8, 8_000)), (0, 1));
        breaker.note(&taken(), 8_000, 8_100);
        assert_eq!(breaker.ceiling(8, 8_100), 8);
    }
}
