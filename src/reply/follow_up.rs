//! What follows when nobody has answered yet: planned with the lead, words frozen. As a text, never in quiet hours where
//! they are; by mail to whoever left only an address or cannot be texted, with the shop's postal address and a link that
//! ends it, and only where the shop has given that address. A take, an answer, a reply, a payment, an outcome, STOP or the
//! link calls them off.

use super::answers::Answer;
use super::mails::{LeadMail, follow_mail};
use super::plan::{Occasion, draft};
use super::{template, usual};
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::lead::contact::{Email, Phone};
use crate::lead::hours::clock_words;
use crate::lead::quiet::quiet;
use crate::lead::wording::FollowUp;
use crate::lead::zone::Whereabouts;
use crate::outbox::channel::Medium;
use crate::outbox::gate::MARKETING;
use crate::outbox::message::{Draft, Fallback, Purpose};
use crate::outbox::store::second_way::mail_instead;
use crate::outbox::unsubscribe;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// By when somebody will call, counted from the text: an hour, on the quarter.
const CALL_WITHIN_MS: i64 = HOUR_MS;
const QUARTER_MS: i64 = 15 * MINUTE_MS;
/// How long after its time it is still worth sending: a night that holds it up is not the end of it.
const WORTH_MS: i64 = DAY_MS;

/// What follows this lead's first text, each at its time; by mail where the text cannot go.
pub fn follow_ups(o: &Occasion<'_>, to: &Phone, words: &Answer<'_>, random: &Random) -> Vec<Draft> {
    let place = Whereabouts::of(Some(to.as_str()), &o.reading.fields, &o.business.timezone);
    let email = o.reading.email.as_ref().filter(|email| !email.is_role());
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
            let body = template::fill(&step.body, &words.values("", &by(o, due_at)));
            let mut text = draft(o, Purpose::FollowUp, &name(step), Medium::Sms, to.as_str(), body, random);
            text.fallback = email.and_then(|email| {
                let mail = mail(o, step, words, due_at, &mail_instead(&text.id))?;
                Some(Fallback { to: email.as_str().to_owned(), subject: mail.subject, body: mail.body })
            });
            text.due_at = due_at;
            text.expires_at = due_at + WORTH_MS;
            text.reason = held.map(|held| held.reason);
            text
        })
        .collect()
}

/// What follows this lead's first mail, each at its time. Nothing where the shop has not given its postal address.
pub fn follow_mails(o: &Occasion<'_>, to: &Email, words: &Answer<'_>, random: &Random) -> Vec<Draft> {
    let steps = o.wording.following(&o.source.id);
    steps
        .filter_map(|step| {
            let due_at = o.now + step.after_ms;
            let named = format!("{}:mail", name(step));
            let mut draft = draft(o, Purpose::FollowUp, &named, Medium::Mail, to.as_str(), String::new(), random);
            let mail = mail(o, step, words, due_at, &draft.id)?;
            (draft.subject, draft.body) = (mail.subject, mail.body);
            draft.due_at = due_at;
            draft.expires_at = due_at + WORTH_MS;
            Some(draft)
        })
        .collect()
}

/// Which step it is, and of which kind.
fn name(step: &FollowUp) -> String {
    let kind = if step.is_marketing { MARKETING } else { "follow:" };
    format!("{kind}{}", step.id)
}

/// The words of a step by mail; none where mails may not follow.
fn mail(o: &Occasion<'_>, step: &FollowUp, words: &Answer<'_>, due_at: i64, id: &MessageId) -> Option<LeadMail> {
    let (postal, keys) = (o.wording.mail.postal()?, o.keys?);
    let body = if step.body == usual::LATE { usual::LATE_MAIL } else { &step.body };
    let said = template::fill_mail(body, &words.values("", &by(o, due_at)));
    Some(follow_mail(words, &said, postal, &unsubscribe::link(o.public_url, keys, id)))
}

fn by(o: &Occasion<'_>, sent_at: i64) -> String {
    let at = (sent_at + CALL_WITHIN_MS + QUARTER_MS - 1).div_euclid(QUARTER_MS) * QUARTER_MS;
    let zone = TimeZone::get(&o.business.timezone).unwrap_or(TimeZone::UTC);
    let words = |at: Timestamp| clock_words(&at.to_zoned(zone), &o.business.country);
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), words)
}
