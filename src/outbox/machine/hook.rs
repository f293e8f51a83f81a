//! What becomes of a request to a hook: tried again by a schedule of its own, since receivers know each message by its id
//! and a second copy does no harm.

use super::{Next, Standing, again, gave_up};
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::base::random::Random;
use crate::outbox::channel::Outcome;
use crate::outbox::message::State;
use std::time::Duration;

/// How long a hook is waited for after each try that failed, as Standard Webhooks has it: ten tries over three days.
/// A tenth more or less by chance, so that what failed together does not come back together.
pub const AGAIN_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];

/// After a request to a hook. An answer is an arrival. What is not known to have arrived goes again: receivers know it by
/// its id.
pub fn after_attempt(standing: &Standing, outcome: Outcome, now: i64, random: &Random) -> Next {
    match outcome {
        Outcome::Accepted { .. } => Next::new(State::Delivered, "accepted", 0),
        Outcome::Rejected { reason, code, .. } => Next::new(State::Failed, "rejected", 0).because(reason, code),
        Outcome::NotSent { reason, code, retry_after } => {
            try_again(standing, "not_sent", now, retry_after, random).because(reason, code)
        }
        Outcome::Blocked { reason, code } | Outcome::Unknown { reason, code } => {
            try_again(standing, "unknown", now, None, random).because(reason, code)
        }
    }
}

fn try_again(standing: &Standing, class: &'static str, now: i64, asked: Option<Duration>, random: &Random) -> Next {
    // What is sent again by hand begins anew; checks counts the tries before.
    let tried = usize::try_from(standing.attempts - 1 - standing.checks).unwrap_or(usize::MAX);
    let Some(usual) = AGAIN_MS.get(tried) else { return gave_up(standing, class) };
    let wait = match asked {
        Some(asked) => asked.as_millis().try_into().unwrap_or(DAY_MS).clamp(SECOND_MS, DAY_MS),
        None => usual - usual / 10 + random.up_to(usual / 5),
    };
    again(standing, class, now, wait)
}

#[cfg(test)]
mod tests {
    use super::super::unknown;
    use super::*;
    use crate::outbox::channel::Medium;
    use crate::outbox::message::Purpose;

    fn hook(attempts: i64, checks: i64) -> Standing {
        Standing {
            purpose: Purpose::Hook,
            medium: Medium::Hook,
            attempts,
            queued_at: 1_000_000,
            expires_at: 1_000_000 + Purpose::Hook.worth_ms(),
            sent_at: 1_000_000,
            checks,
        }
    }

    fn down(retry_after: Option<u64>) -> Outcome {
        let retry_after = retry_after.map(Duration::from_secs);
        Outcome::NotSent { reason: "It answered 500.".to_owned(), code: Some(500), retry_after }
    }

    #[test]
    fn a_hook_is_tried_ten_times_over_three_days_and_anew_once_it_is_sent_by_hand() {
        let random = Random::seeded(5);
        let mut now = hook(1, 0).queued_at;
        let begin = now;

        for (n, usual) in AGAIN_MS.iter().enumerate() {
            let next = after_attempt(&hook(n as i64 + 1, 0), down(None), now, &random);
            let wait = next.due_at.unwrap() - now;
            assert_eq!(next.state, State::Queued);
            assert!((usual * 9 / 10..=usual * 11 / 10).contains(&wait), "{n}: {wait}");
            now += wait;
        }
        let last = after_attempt(&hook(10, 0), down(None), now, &random);
        let by_hand = after_attempt(&hook(11, 10), down(None), now, &random);

        assert!((65 * HOUR_MS..84 * HOUR_MS).contains(&(now - begin)), "{}", (now - begin) / HOUR_MS);
        assert_eq!(
            (last.state, last.reason.as_deref()),
            (State::Failed, Some("Gave up after several tries. It answered 500."))
        );
        assert_eq!((by_hand.state, by_hand.checks), (State::Queued, 10));
    }

    #[test]
    fn an_unknown_outcome_of_a_hook_goes_again_and_an_answer_is_an_arrival() {
        let random = Random::seeded(5);
        let now = hook(1, 0).queued_at;
        let after = |outcome| after_attempt(&hook(1, 0), outcome, now, &random);

        let broken = after(Outcome::Unknown { reason: "Something broke.".to_owned(), code: None });
        let cut_off = unknown(&hook(1, 0), now);
        let asked = after(down(Some(7_200)));
        let arrived = after(Outcome::Accepted { vendor_id: None, parts: 1 });
        let gone = after(Outcome::Rejected { reason: "Gone.".to_owned(), code: Some(410), opted_out: false });

        assert_eq!((broken.state, cut_off.state), (State::Queued, State::Queued));
        assert_eq!(asked.due_at, Some(now + 2 * HOUR_MS));
        assert_eq!((arrived.state, gone.state), (State::Delivered, State::Failed));
    }
}
