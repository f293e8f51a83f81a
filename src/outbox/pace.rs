//! How often one recipient may be written to, and how fast one number may send. Pure: what is known of the recipient and
//! the moment come in, whose turn it is goes out.
//!
//! A lead gets one text in 30 seconds; a later one waits. One of us gets ten alerts in the ten minutes that begin with
//! the first; what comes above that is said in one message, at most one a minute. Their telephone rings once in two
//! minutes at most, and what came meanwhile is said in one call. An instant that lies ahead of `now`
//! was stored before the wall clock jumped back and counts for nothing, so that no jump silences anybody.

use super::channel::Medium;
use super::message::Purpose;
use crate::base::clock::{MINUTE_MS, SECOND_MS};

/// The shortest time between two texts to one lead, in milliseconds.
pub const LEAD_EVERY_MS: i64 = 30 * SECOND_MS;
/// The length of the window in which alerts to one of us are counted, in milliseconds.
pub const WINDOW_MS: i64 = 10 * MINUTE_MS;
/// How many alerts go singly within a window.
pub const ALERTS: i64 = 10;
/// The shortest time between two messages once a window is full, in milliseconds.
pub const BUNDLE_EVERY_MS: i64 = MINUTE_MS;
/// The shortest time between two calls to one of us, in milliseconds: long enough to listen, and to be put through.
pub const CALL_EVERY_MS: i64 = 2 * MINUTE_MS;
/// The step of a bundle; it is about no lead in particular.
pub const BUNDLE: &str = "bundle";

/// How the steps begin of what a ladder tells, rather than a person.
pub const LADDER: &str = "wait:";

/// What is known of one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Start of the window (UTC milliseconds).
    pub window_at: i64,
    /// Sent singly within it.
    pub used: i64,
    /// The newest message (UTC milliseconds).
    pub last_at: i64,
    /// The bundle that still takes alerts in.
    pub bundle: Option<String>,
}

/// Whose rule a message falls under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A text to a lead.
    Lead,
    /// An alert about a lead, to one of us.
    Alert,
    /// The same by telephone.
    Ring,
    /// A bundle, which has had its place in the queue assigned.
    Bundle,
}

impl Rule {
    /// The rule of a message; none for mails to leads, reports, notices and what is handed on by a person.
    pub fn of(purpose: Purpose, medium: Medium, step: &str, about_a_lead: bool) -> Option<Self> {
        let alert = if medium == Medium::Call { Rule::Ring } else { Rule::Alert };
        match purpose {
            Purpose::OwnerAlert if step == BUNDLE => Some(Rule::Bundle),
            Purpose::OwnerAlert if about_a_lead => Some(alert),
            Purpose::Escalation if about_a_lead && step.starts_with(LADDER) => Some(alert),
            _ if purpose.is_for_lead() && medium == Medium::Sms => Some(Rule::Lead),
            _ => None,
        }
    }
}

/// Whether a message may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// At once.
    Now,
    /// Not before this instant.
    Wait(i64),
    /// With others, not before this instant.
    Together(i64),
}

/// Whether a message under `rule` may go now.
pub fn turn(rule: Rule, pace: &Pace, now: i64) -> Turn {
    let last = if pace.last_at > now { i64::MIN / 2 } else { pace.last_at };
    match rule {
        Rule::Bundle => Turn::Now,
        Rule::Lead if now - last < LEAD_EVERY_MS => Turn::Wait(last + LEAD_EVERY_MS),
        Rule::Lead => Turn::Now,
        Rule::Ring if now - last < CALL_EVERY_MS => Turn::Together(last + CALL_EVERY_MS),
        Rule::Ring => Turn::Now,
        Rule::Alert if !pace.is_window_open(now) || pace.used < ALERTS => Turn::Now,
        Rule::Alert => Turn::Together(now.max(last + BUNDLE_EVERY_MS)),
    }
}

impl Pace {
    fn is_window_open(&self, now: i64) -> bool {
        (self.window_at..self.window_at + WINDOW_MS).contains(&now)
    }

    /// Notes that a message goes now. A bundle uses up no place of a single alert.
    pub fn sent(&mut self, rule: Rule, now: i64) {
        self.last_at = now;
        if !self.is_window_open(now) {
            (self.window_at, self.used) = (now, 0);
        }
        match rule {
            Rule::Bundle => self.bundle = None,
            Rule::Lead | Rule::Alert | Rule::Ring => self.used += 1,
        }
    }
}

/// How many segments a number may send at once after a rest.
///
/// The vendor queues what comes faster than its number may send (Twilio: for 10 hours), so this is not about being
/// refused. It is about order: what waits here can still be overtaken by the first answer to a new lead, called off or
/// said by mail; what waits there cannot. Thirty segments are half a minute of the vendor's queue and more than a small
/// shop's busiest minute, so a quiet house never waits. Not stored: a restart allows one more burst.
pub const BURST: i64 = 30;

/// A bucket of segments on the monotonic clock.
#[derive(Clone, Debug)]
pub struct Sender {
    a_second: i64,
    /// In thousandths of a segment; below nothing after a long text.
    level: i64,
    at: i64,
}

impl Sender {
    /// A full bucket that fills by `a_second` segments a second.
    pub fn new(a_second: u32, mono_ms: i64) -> Self {
        Self { a_second: i64::from(a_second), level: BURST * 1_000, at: mono_ms }
    }

    /// How many segments may go now.
    pub fn has(&mut self, mono_ms: i64) -> i64 {
        self.level = (self.level + (mono_ms - self.at).max(0).saturating_mul(self.a_second)).min(BURST * 1_000);
        self.at = self.at.max(mono_ms);
        self.level.div_euclid(1_000).max(0)
    }

    /// Takes them out. A text longer than what was left goes all the same, and those after it wait for it.
    pub fn take(&mut self, segments: i64) {
        self.level -= segments * 1_000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_text_to_a_lead_waits_half_a_minute() {
        let mut pace = Pace::default();
        assert_eq!(turn(Rule::Lead, &pace, 100_000), Turn::Now);

        pace.sent(Rule::Lead, 100_000);

        assert_eq!(turn(Rule::Lead, &pace, 100_001), Turn::Wait(130_000));
        assert_eq!(turn(Rule::Lead, &pace, 130_000), Turn::Now);
    }

    #[test]
    fn ten_alerts_go_singly_and_then_one_message_a_minute_until_the_window_ends() {
        let mut pace = Pace::default();
        let start = 1_000_000;
        for n in 0..ALERTS {
            assert_eq!(turn(Rule::Alert, &pace, start + n), Turn::Now);
            pace.sent(Rule::Alert, start + n);
        }

        assert_eq!(turn(Rule::Alert, &pace, start + 20), Turn::Together(start + 9 + BUNDLE_EVERY_MS));
        assert_eq!(turn(Rule::Alert, &pace, start + 90_000), Turn::Together(start + 90_000));
        pace.sent(Rule::Bundle, start + 90_000);
        assert_eq!(turn(Rule::Alert, &pace, start + 90_001), Turn::Together(start + 150_000));
        assert_eq!(turn(Rule::Alert, &pace, start + WINDOW_MS), Turn::Now);
    }

    #[test]
    fn a_telephone_rings_once_in_two_minutes_however_many_leads_come() {
        let mut pace = Pace::default();
        let (mut rings, start) = (0, 1_000_000);

        for second in 0..600 {
            let now = start + second * SECOND_MS;
            if turn(Rule::Ring, &pace, now) == Turn::Now {
                pace.sent(Rule::Ring, now);
                rings += 1;
            } else {
                assert!(matches!(turn(Rule::Ring, &pace, now), Turn::Together(at) if at <= now + CALL_EVERY_MS));
            }
        }

        assert_eq!(rings, 5);
    }

    #[test]
    fn a_clock_that_jumps_back_silences_nobody() {
        let mut pace = Pace::default();
        for _ in 0..ALERTS + 5 {
            pace.sent(Rule::Alert, 90_000_000);
        }

        assert_eq!(turn(Rule::Lead, &pace, 1_000), Turn::Now);
        assert_eq!(turn(Rule::Alert, &pace, 1_000), Turn::Now);
    }

    #[test]
    fn who_is_told_what_decides_the_rule() {
        let of = |purpose, medium, step, lead| Rule::of(purpose, medium, step, lead);

        assert_eq!(of(Purpose::LeadReply, Medium::Sms, "first", true), Some(Rule::Lead));
        assert_eq!(of(Purpose::LeadReply, Medium::Mail, "first:mail", true), None);
        assert_eq!(of(Purpose::OwnerAlert, Medium::Mail, "new:dave:mail", true), Some(Rule::Alert));
        assert_eq!(of(Purpose::OwnerAlert, Medium::Call, "new:dave:call", true), Some(Rule::Ring));
        assert_eq!(of(Purpose::Notice, Medium::Call, "bridge:dave:1", true), None);
        assert_eq!(of(Purpose::OwnerAlert, Medium::Sms, "kept", false), None);
        assert_eq!(of(Purpose::OwnerAlert, Medium::Sms, BUNDLE, false), Some(Rule::Bundle));
        assert_eq!(of(Purpose::Escalation, Medium::Sms, "passed", true), None);
        assert_eq!(of(Purpose::Escalation, Medium::Sms, "wait:5:1:ana:sms", true), Some(Rule::Alert));
    }

    #[test]
    fn a_number_sends_a_burst_and_then_a_segment_a_second() {
        let mut sender = Sender::new(1, 0);

        assert_eq!(sender.has(0), BURST);
        sender.take(BURST);
        assert_eq!((sender.has(999), sender.has(1_000)), (0, 1));
        sender.take(3);
        assert_eq!((sender.has(2_999), sender.has(4_000)), (0, 1));
        assert_eq!(sender.has(10 * MINUTE_MS), BURST, "it holds no more than a burst");
    }
}
