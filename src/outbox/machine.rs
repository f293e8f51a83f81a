//! What becomes of a message after an attempt or a look-up. Pure: the moment and the dice are arguments.
//!
//! The rule that everything here serves: a text to a lead is never sent again while it may have been sent.

pub mod hook;

use super::channel::{Medium, Outcome};
use super::message::{Purpose, State};
use crate::base::clock::{HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::base::random::Random;

/// When an unknown text is looked up, in milliseconds after the attempt began.
pub const LOOK_UPS_MS: [i64; 4] = [10 * SECOND_MS, 30 * SECOND_MS, 60 * SECOND_MS, 80 * SECOND_MS];
/// How long an unknown mail waits before it is sent once more under the same Message-ID.
pub const MAIL_AGAIN_MS: i64 = 10 * MINUTE_MS;
/// How often a report is tried.
pub const REPORT_TRIES: i64 = 3;
/// How long look-ups may fail before a person has to decide.
pub const GIVE_UP_LOOKING_MS: i64 = 10 * MINUTE_MS;

/// What the machine must know of a message.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What it is for.
    pub purpose: Purpose,
    /// How it travels.
    pub medium: Medium,
    /// Attempts so far, this one included.
    pub attempts: i64,
    /// When it was planned.
    pub queued_at: i64,
    /// When it stops being worth sending.
    pub expires_at: i64,
    /// When the attempt in question began.
    pub sent_at: i64,
    /// Look-ups so far, resends of an unknown mail, or the tries of a hook before it was sent again by hand.
    pub checks: i64,
}

/// Where it goes from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The new state.
    pub state: State,
    /// Why, for people; none when all is well.
    pub reason: Option<String>,
    /// For [`State::Queued`]: not before.
    pub due_at: Option<i64>,
    /// For [`State::Unknown`]: when to look.
    pub next_check_at: Option<i64>,
    /// Look-ups so far.
    pub checks: i64,
    /// The class of the attempt, as written down: accepted not_sent rejected blocked unknown.
    pub class: &'static str,
    /// The vendor's code.
    pub code: Option<i64>,
    /// The vendor's id.
    pub vendor_id: Option<String>,
    /// What the vendor counted.
    pub parts: Option<i64>,
    /// Whether this is news that the person has opted out.
    pub opted_out: bool,
}

impl Next {
    fn new(state: State, class: &'static str, checks: i64) -> Self {
        Self {
            state,
            reason: None,
            due_at: None,
            next_check_at: None,
            checks,
            class,
            code: None,
            vendor_id: None,
            parts: None,
            opted_out: false,
        }
    }

    /// With the reason, which comes after what the state itself has to say.
    fn because(mut self, reason: impl Into<String>, code: Option<i64>) -> Self {
        let reason = reason.into();
        self.reason = Some(match self.reason.take() {
            Some(said) => format!("{said} {reason}"),
            None => reason,
        });
        self.code = code;
        self
    }
}

/// After an attempt.
pub fn after_attempt(standing: &Standing, outcome: Outcome, now: i64, random: &Random) -> Next {
    if standing.medium == Medium::Hook {
        return hook::after_attempt(standing, outcome, now, random);
    }
    match outcome {
        Outcome::Accepted { vendor_id, parts } => {
            let mut next = Next::new(State::Accepted, "accepted", 0);
            next.vendor_id = vendor_id;
            next.parts = (parts > 0).then_some(i64::from(parts));
            next
        }
        Outcome::NotSent { reason, code, retry_after } => {
            let wait = match retry_after {
                Some(asked) => (asked.as_millis().try_into().unwrap_or(HOUR_MS)).clamp(SECOND_MS, HOUR_MS),
                None => back_off(standing, now, random),
            };
            again(standing, "not_sent", now, wait).because(reason, code)
        }
        Outcome::Blocked { reason, code } => again(standing, "blocked", now, MINUTE_MS / 2).because(reason, code),
        Outcome::Rejected { reason, code, opted_out } => {
            let mut next = Next::new(State::Failed, "rejected", 0).because(reason, code);
            next.opted_out = opted_out;
            next
        }
        Outcome::Unknown { reason, code } => unknown(standing, now).because(reason, code),
    }
}

/// After a lease that was given back before anything was sent.
pub fn given_back(standing: &Standing, now: i64) -> Next {
    let mut next = again(standing, "not_sent", now, 0).because("Not begun: the channel had failed meanwhile.", None);
    // It keeps its place in the queue.
    next.due_at = None;
    next
}

/// After an attempt of which nothing is known: a crash, a lease that ran out, or the vendor's silence.
pub fn unknown(standing: &Standing, now: i64) -> Next {
    let mut next = Next::new(State::Unknown, "unknown", standing.checks);
    match standing.medium {
        Medium::Sms | Medium::Call => {
            next.checks = 0;
            next.next_check_at = Some((standing.sent_at + LOOK_UPS_MS[0]).max(now));
        }
        Medium::Hook => {
            return saying(again(standing, "unknown", now, 0), "Cut off while it was being sent; sent again.");
        }
        // checks counts the resend that an unknown mail is allowed.
        Medium::Mail if standing.checks == 0 => next.next_check_at = Some(now + MAIL_AGAIN_MS),
        Medium::Mail => {
            next.state = State::Held;
            next.reason = Some("May have been sent twice already; not sent again by itself.".into());
        }
    }
    next
}

/// What a look-up said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// The vendor has the message under this id.
    Found(String),
    /// The vendor answered and has nothing.
    Nothing,
    /// The vendor could not be asked.
    Failed,
}

/// After a look-up of an unknown message.
pub fn after_look(standing: &Standing, look: Look, now: i64) -> Next {
    if standing.medium == Medium::Mail {
        // Nothing to look up in SMTP: one resend under the same Message-ID, which receivers can drop.
        let mut next = again(standing, "unknown", now, 0);
        next.checks = standing.checks + 1;
        return next;
    }
    match look {
        Look::Found(vendor_id) => {
            let mut next = Next::new(State::Accepted, "accepted", standing.checks);
            next.vendor_id = Some(vendor_id);
            next
        }
        Look::Nothing => {
            let checks = standing.checks + 1;
            let nth = usize::try_from(checks).unwrap_or(usize::MAX);
            match LOOK_UPS_MS.get(nth) {
                Some(after) => {
                    // The gap is kept also when the wall clock has jumped ahead.
                    let gap = after - LOOK_UPS_MS[nth - 1];
                    let mut next = Next::new(State::Unknown, "unknown", checks);
                    next.next_check_at = Some((standing.sent_at + after).max(now + gap));
                    next
                }
                // The last two looks, 20 s apart and a minute after the attempt, were clean and empty: it was not sent.
                None => saying(again(standing, "unknown", now, 0), "The vendor does not have it; sending it again."),
            }
        }
        Look::Failed if now - standing.sent_at < GIVE_UP_LOOKING_MS => {
            let mut next = Next::new(State::Unknown, "unknown", standing.checks);
            let waited = (now - standing.sent_at).max(10 * SECOND_MS);
            next.next_check_at = Some(now + (waited / 2).min(MINUTE_MS));
            next
        }
        Look::Failed if standing.purpose.is_for_lead() => Next::new(State::Held, "unknown", standing.checks).because(
            "May have been sent: the vendor did not answer, and could not be asked. Look at your vendor's log, then send or drop it.",
            None,
        ),
        // A second alert to one of us does little harm; a missing one does.
        Look::Failed => {
            saying(again(standing, "unknown", now, 0), "Sent again, because nobody could tell whether it arrived.")
        }
    }
}

/// Says that it goes again, if it does.
fn saying(next: Next, why: &str) -> Next {
    if next.state == State::Queued { next.because(why, None) } else { next }
}

/// Back to the queue, or given up when its time or its tries are used up. A channel that is blocked costs a report no
/// try.
fn again(standing: &Standing, class: &'static str, now: i64, wait: i64) -> Next {
    let due = now + wait;
    let prio = standing.purpose.prio();
    if prio == 3 && standing.attempts >= REPORT_TRIES && class != "blocked" {
        return gave_up(standing, class);
    }
    if due >= standing.expires_at {
        return if prio == 0 {
            Next::new(State::Expired, class, 0).because("Too late to be of use.", None)
        } else {
            gave_up(standing, class)
        };
    }
    // The resend that an unknown mail is allowed is used up also when it could not be made at once.
    let checks = if matches!(standing.medium, Medium::Sms | Medium::Call) { 0 } else { standing.checks };
    let mut next = Next::new(State::Queued, class, checks);
    next.due_at = Some(due);
    next
}

fn gave_up(standing: &Standing, class: &'static str) -> Next {
    let tries = if standing.attempts == 1 { "one try" } else { "several tries" };
    Next::new(State::Failed, class, 0).because(format!("Gave up after {tries}."), None)
}

/// Full jitter: anything from nothing to a second doubled with each try, at most half a minute while an answer or
/// an alert is young, else five minutes.
fn back_off(standing: &Standing, now: i64, random: &Random) -> i64 {
    let young = standing.purpose.prio() <= 1 && now - standing.queued_at < 10 * MINUTE_MS;
    let cap = if young { 30 * SECOND_MS } else { 5 * MINUTE_MS };
    let doubled = SECOND_MS.saturating_mul(1 << standing.attempts.clamp(0, 20));
    random.up_to(doubled.min(cap))
}

/// Our own word for a call that was not only picked up but answered by a key: somebody has heard it. No vendor says so.
pub const HEARD: &str = "heard";

/// The rank of a vendor's status word: it only ever rises. `None` for words that this page does not know.
///
/// Source: Twilio, "Outbound Message Status in Status Callbacks"; for calls, "Call resource", status values.
pub fn status_rank(status: &str) -> Option<i64> {
    Some(match status {
        "accepted" | "scheduled" => 0,
        "queued" | "initiated" => 1,
        "sending" | "ringing" => 2,
        "sent" | "in-progress" | "answered" => 3,
        "delivered" | "undelivered" | "failed" | "canceled" | "busy" | "no-answer" | "completed" => 4,
        "read" | HEARD => 5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn text(purpose: Purpose) -> Standing {
        Standing {
            purpose,
            medium: Medium::Sms,
            attempts: 1,
            queued_at: 0,
            expires_at: HOUR_MS,
            sent_at: 100,
            checks: 0,
        }
    }

    fn unknown_outcome() -> Outcome {
        Outcome::Unknown { reason: "No answer.".into(), code: None }
    }

    #[test]
    fn a_silent_vendor_is_asked_four_times_before_the_text_goes_again() {
        let mut standing = text(Purpose::LeadReply);
        let mut next = after_attempt(&standing, unknown_outcome(), 10_100, &Random::seeded(1));
        let mut looks = Vec::new();

        while next.state == State::Unknown {
            let at = next.next_check_at.unwrap();
            looks.push(at - standing.sent_at);
            standing.checks = next.checks;
            next = after_look(&standing, Look::Nothing, at);
        }

        assert_eq!(looks, [10_000, 30_000, 60_000, 80_000]);
        assert_eq!(next.state, State::Queued);
    }

    #[test]
    fn when_nobody_can_tell_the_lead_is_not_texted_again_but_the_owner_is() {
        let late = 100 + GIVE_UP_LOOKING_MS;

        assert_eq!(after_look(&text(Purpose::LeadReply), Look::Failed, late).state, State::Held);
        assert_eq!(after_look(&text(Purpose::OwnerAlert), Look::Failed, late).state, State::Queued);
        assert_eq!(after_look(&text(Purpose::LeadReply), Look::Failed, late - 1).state, State::Unknown);
    }

    #[test]
    fn an_unknown_mail_goes_once_more_and_then_waits_for_a_person() {
        let mut mail = text(Purpose::LeadReply);
        mail.medium = Medium::Mail;

        let first = after_attempt(&mail, unknown_outcome(), 500, &Random::seeded(1));
        let resend = after_look(&mail, Look::Failed, first.next_check_at.unwrap());
        mail.checks = resend.checks;
        let second = after_attempt(&mail, unknown_outcome(), 900_000, &Random::seeded(1));

        assert_eq!((first.state, first.next_check_at), (State::Unknown, Some(500 + MAIL_AGAIN_MS)));
        assert_eq!((resend.state, resend.checks), (State::Queued, 1));
        assert_eq!(second.state, State::Held);
    }

    #[test]
    fn waiting_grows_stays_under_its_cap_and_obeys_the_vendor() {
        let random = Random::seeded(4);
        let not_sent = |after| Outcome::NotSent { reason: "Busy.".into(), code: Some(429), retry_after: after };
        let mut standing = text(Purpose::OwnerAlert);

        for attempts in 1..12 {
            standing.attempts = attempts;
            for _ in 0..200 {
                let due = after_attempt(&standing, not_sent(None), 1_000, &random).due_at.unwrap() - 1_000;
                assert!((0..=(SECOND_MS << attempts).min(30 * SECOND_MS)).contains(&due), "{due} at {attempts}");
            }
        }
        let asked = after_attempt(&standing, not_sent(Some(Duration::from_secs(90))), 1_000, &random);
        let absurd = after_attempt(&standing, not_sent(Some(Duration::from_millis(2))), 1_000, &random);
        assert_eq!(asked.due_at, Some(91_000));
        assert_eq!(absurd.due_at, Some(2_000));
    }

    #[test]
    fn what_is_too_late_expires_instead_of_arriving_tomorrow() {
        let standing = text(Purpose::LeadReply);
        let outcome =
            Outcome::NotSent { reason: "Down.".into(), code: None, retry_after: Some(Duration::from_secs(60)) };

        let next = after_attempt(&standing, outcome, HOUR_MS - 1_000, &Random::seeded(1));

        assert_eq!(next.state, State::Expired);
    }

    #[test]
    fn a_report_is_tried_three_times() {
        let mut standing = text(Purpose::Report);
        let outcome = || Outcome::NotSent { reason: "Down.".into(), code: None, retry_after: None };

        assert_eq!(after_attempt(&standing, outcome(), 0, &Random::seeded(1)).state, State::Queued);
        standing.attempts = 3;
        let last = after_attempt(&standing, outcome(), 0, &Random::seeded(1));
        assert_eq!((last.state, last.reason.as_deref()), (State::Failed, Some("Gave up after several tries. Down.")));
        let blocked = Outcome::Blocked { reason: "Wrong key.".into(), code: None };
        assert_eq!(after_attempt(&standing, blocked, 0, &Random::seeded(1)).state, State::Queued);
    }

    #[test]
    fn an_answer_expires_after_its_hour_and_an_alert_fails_after_its_day() {
        let late = |purpose| {
            let mut standing = text(purpose);
            standing.expires_at = purpose.worth_ms();
            let outcome = Outcome::NotSent { reason: "Down.".into(), code: None, retry_after: None };
            after_attempt(&standing, outcome, purpose.worth_ms(), &Random::seeded(1)).state
        };

        assert_eq!(late(Purpose::LeadReply), State::Expired);
        assert_eq!(late(Purpose::OwnerAlert), State::Failed);
        assert_eq!(late(Purpose::FollowUp), State::Failed);
    }

    #[test]
    fn a_mail_is_sent_again_once_even_if_the_resend_meets_a_busy_server() {
        let mut mail = text(Purpose::LeadReply);
        mail.medium = Medium::Mail;
        mail.checks = 1;
        let busy = Outcome::NotSent { reason: "Busy.".into(), code: Some(451), retry_after: None };

        let next = after_attempt(&mail, busy, 700_000, &Random::seeded(1));
        mail.checks = next.checks;

        assert_eq!(after_attempt(&mail, unknown_outcome(), 800_000, &Random::seeded(1)).state, State::Held);
    }
}
