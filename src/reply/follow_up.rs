//! Texts that follow when nobody has answered yet: planned with the lead, words frozen, never in quiet hours where they
//! are. A take, an answer, a reply, a payment, an outcome or STOP calls them off.

use super::answers::Answer;
use super::plan::{Occasion, draft};
use super::template;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::random::Random;
use crate::lead::contact::Phone;
use crate::lead::hours::clock_words;
use crate::lead::quiet::quiet;
use crate::lead::zone::Whereabouts;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// By when somebody will call, counted from the text: an hour, on the quarter.
const CALL_WITHIN_MS: i64 = HOUR_MS;
const QUARTER_MS: i64 = 15 * MINUTE_MS;
/// How long after its time it is still worth sending: a night that holds it up is not the end of it.
const WORTH_MS: i64 = DAY_MS;

/// What follows this lead's first text, each at its time.
pub fn follow_ups(o: &Occasion<'_>, to: &Phone, words: &Answer<'_>, random: &Random) -> Vec<Draft> {
    let place = Whereabouts::of(Some(to.as_str()), &o.reading.fields, &o.business.timezone);
    let steps = o.wording.following(&o.source.id);
    let mut before: Option<(i64, i64)> = None;
    steps
        .map(|step| {
            // What the night put off keeps its distance to what it put off before it.
            let apart = before.map_or(i64::MIN, |(after_ms, due_at)| due_at + step.after_ms - after_ms);
            let wished = (o.now + step.after_ms).max(apart);
            let held = quiet(wished, &place, &o.business.country);
            let due_at = held.as_ref().map_or(wished, |held| held.until);
            before = Some((step.after_ms, due_at));
            let time = by(due_at, &o.business.timezone, &o.business.country);
            let body = template::fill(&step.body, &words.values("", &time));
            let step = format!("follow:{}", step.id);
            let mut text = draft(o, Purpose::FollowUp, &step, Medium::Sms, to.as_str(), body, random);
            text.due_at = due_at;
            text.expires_at = due_at + WORTH_MS;
            text.reason = held.map(|held| held.reason);
            text
        })
        .collect()
}

fn by(sent_at: i64, zone: &str, country: &str) -> String {
    let at = (sent_at + CALL_WITHIN_MS + QUARTER_MS - 1).div_euclid(QUARTER_MS) * QUARTER_MS;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |at| clock_words(&at.to_zoned(zone), country))
}
