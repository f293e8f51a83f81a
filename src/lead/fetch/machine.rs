//! What becomes of a question after a try. Pure: the moment and the dice are arguments.
//!
//! A question changes nothing at the vendor, so it may be asked again whatever became of it: there is no unknown outcome
//! here, only an answer or none. What differs is how long to wait, whether the others of the same source wait along, and
//! what the owner can do about it.

use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::base::random::Random;
use std::time::Duration;

/// How long a question may wait for a token: vendors keep what is asked for about so long.
pub const WORTH_MS: i64 = 90 * DAY_MS;
/// How long one token is tried.
pub const TRIED_FOR_MS: i64 = 3 * DAY_MS;
/// How long a try may take before another may begin.
pub const LEASE_MS: i64 = 30 * SECOND_MS;
/// When an event comes again for something that may have changed, other such events within this are one question.
pub const AGAIN_AFTER_MS: i64 = 2 * SECOND_MS;
/// No question waits longer than this between tries, so that a later date is the work of a clock that has jumped.
pub const LONGEST_WAIT_MS: i64 = HOUR_MS;
/// How long after a refusal that may be news travelling slowly it is asked again.
const REFUSED_MS: [i64; 3] = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS];
/// How often an answer that is no answer is asked for again.
const UNREADABLE_TRIES: i64 = 6;

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer: JSON.
    Got(Vec<u8>),
    /// The token does not hold (401).
    Token(u16),
    /// The token may not read this (403).
    Forbidden(u16),
    /// There is nothing of that number (404, 410).
    Missing(u16),
    /// Too many questions (429).
    Busy(Option<Duration>),
    /// The vendor has trouble, could not be reached or did not answer in time.
    Trouble(String),
    /// Something came that is no answer.
    Unreadable,
    /// More came than is read.
    TooLarge,
    /// Refused in another way, or sent elsewhere.
    Refused(u16),
    /// The token here does not open.
    Sealed,
}

/// What the machine must know of a question.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Tries with this token, this one included.
    pub attempts: i64,
    /// When the first of them began (UTC milliseconds).
    pub began_at: i64,
}

/// Where it goes from here when no answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// When to ask again (UTC milliseconds); none = never by itself.
    pub due_at: Option<i64>,
    /// Whether the other questions of the source wait as long.
    pub all_wait: bool,
    /// Why, in a sentence for the owner.
    pub reason: String,
    /// The class of the try, as written down.
    pub class: &'static str,
}

/// After a try that brought no answer. `vendor` and `noun` are names for people.
pub fn after(outcome: &Outcome, standing: Standing, vendor: &str, noun: &str, now: i64, random: &Random) -> Next {
    let (class, all_wait, wait, reason) = match outcome {
        Outcome::Token(status) => {
            let reason = format!(
                "{vendor} did not accept the API token ({status}). Set a new one under Keys; this one is tried once an hour."
            );
            ("token", true, Some(HOUR_MS), reason)
        }
        Outcome::Forbidden(status) => {
            let reason = format!(
                "{vendor} does not let this API token read it ({status}). Give the token that permission there, or set another one under Keys."
            );
            ("forbidden", true, Some(HOUR_MS), reason)
        }
        Outcome::Sealed => {
            let reason = "The API token does not open with this key file. Set it again under Keys.".to_owned();
            ("token", true, Some(HOUR_MS), reason)
        }
        Outcome::Missing(status) => {
            ("missing", false, refused(standing), format!("{vendor} has no {noun} of that number ({status})."))
        }
        Outcome::Refused(status) => {
            ("refused", false, refused(standing), format!("{vendor} did not want to answer ({status})."))
        }
        Outcome::Busy(asked) => {
            let asked = asked.map(|asked| i64::try_from(asked.as_millis()).unwrap_or(LONGEST_WAIT_MS));
            let wait = asked.map(|asked| asked.clamp(SECOND_MS, LONGEST_WAIT_MS));
            let wait = wait.unwrap_or_else(|| MINUTE_MS + random.up_to(MINUTE_MS));
            ("busy", true, Some(wait), format!("{vendor} wants fewer questions at a time."))
        }
        Outcome::Trouble(why) => ("trouble", false, Some(back_off(standing, random)), format!("{vendor} {why}.")),
        Outcome::Unreadable | Outcome::Got(_) => {
            let wait = (standing.attempts < UNREADABLE_TRIES).then(|| back_off(standing, random));
            ("unreadable", false, wait, format!("{vendor} sent something that is no answer."))
        }
        Outcome::TooLarge => ("unreadable", false, None, format!("{vendor} sent more than 1 MiB, which is not read.")),
    };
    let due_at = wait.map(|wait| now + wait).filter(|due| *due < standing.began_at + TRIED_FOR_MS);
    let reason = if due_at.is_none() { format!("{reason} Given up.") } else { reason };
    Next { due_at, all_wait, reason, class }
}

/// A number that is not known yet may be a moment later; one that never is, is not asked for all day.
fn refused(standing: Standing) -> Option<i64> {
    let nth = usize::try_from(standing.attempts - 1).unwrap_or(0);
    REFUSED_MS.get(nth).copied()
}

/// Full jitter: anything up to two seconds doubled with each try, at most an hour, and never at once.
fn back_off(standing: Standing, random: &Random) -> i64 {
    let doubled = SECOND_MS.saturating_mul(1 << standing.attempts.clamp(1, 20));
    SECOND_MS + random.up_to(doubled.min(LONGEST_WAIT_MS) - SECOND_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_770_829_212_000;

    fn next(outcome: &Outcome, attempts: i64) -> Next {
        let standing = Standing { attempts, began_at: NOW };
        after(outcome, standing, "Meta", "lead", NOW, &Random::seeded(3))
    }

    fn wait(outcome: &Outcome, attempts: i64) -> Option<i64> {
        next(outcome, attempts).due_at.map(|due| due - NOW)
    }

    #[test]
    fn a_token_that_does_not_hold_makes_all_wait_and_says_what_to_do() {
        for outcome in [Outcome::Token(401), Outcome::Forbidden(403), Outcome::Sealed] {
            let next = next(&outcome, 40);

            assert_eq!((next.due_at, next.all_wait), (Some(NOW + HOUR_MS), true), "{outcome:?}");
            assert!(next.reason.contains("under Keys"), "{}", next.reason);
        }
    }

    #[test]
    fn retry_after_is_kept_within_a_second_and_an_hour() {
        let busy = |secs| wait(&Outcome::Busy(Some(Duration::from_secs(secs))), 1);

        assert_eq!([busy(0), busy(7), busy(86_400)], [Some(SECOND_MS), Some(7 * SECOND_MS), Some(HOUR_MS)]);
        let unsaid = wait(&Outcome::Busy(None), 1).unwrap();
        assert!((MINUTE_MS..=2 * MINUTE_MS).contains(&unsaid), "{unsaid}");
        assert!(next(&Outcome::Busy(None), 1).all_wait);
    }

    #[test]
    fn trouble_is_waited_out_longer_and_longer_but_never_past_an_hour() {
        let random = Random::seeded(9);
        for attempts in 1..60 {
            let most = (SECOND_MS << attempts.min(20)).min(HOUR_MS);
            for _ in 0..50 {
                let standing = Standing { attempts, began_at: NOW };
                let outcome = Outcome::Trouble("has trouble (503)".to_owned());
                let next = after(&outcome, standing, "Meta", "lead", NOW, &random);
                let wait = next.due_at.unwrap() - NOW;
                assert!((SECOND_MS..=most.max(SECOND_MS)).contains(&wait), "{attempts}: {wait}");
                assert!(!next.all_wait);
            }
        }
    }

    #[test]
    fn what_is_not_there_is_asked_for_four_times_and_given_up() {
        for outcome in [Outcome::Missing(404), Outcome::Refused(400), Outcome::Refused(302)] {
            let waits: Vec<Option<i64>> = (1..=4).map(|n| wait(&outcome, n)).collect();

            assert_eq!(waits, [Some(MINUTE_MS), Some(10 * MINUTE_MS), Some(HOUR_MS), None], "{outcome:?}");
            assert!(next(&outcome, 4).reason.ends_with("Given up."));
        }
        assert_eq!(next(&Outcome::Missing(404), 1).reason, "Meta has no lead of that number (404).");
    }

    #[test]
    fn what_cannot_be_read_is_given_up_after_six_tries_and_what_is_too_large_at_once() {
        assert!(wait(&Outcome::Unreadable, 5).is_some());
        assert_eq!((wait(&Outcome::Unreadable, 6), wait(&Outcome::TooLarge, 1)), (None, None));
    }

    #[test]
    fn a_token_is_tried_for_three_days_and_no_longer() {
        let standing = Standing { attempts: 70, began_at: NOW - TRIED_FOR_MS + MINUTE_MS };

        let next = after(&Outcome::Token(401), standing, "Meta", "lead", NOW, &Random::seeded(1));

        assert_eq!(next.due_at, None);
        assert!(next.reason.ends_with("Given up."), "{}", next.reason);
    }
}
