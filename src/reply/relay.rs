//! A person's own words to a lead, from the shop's number.

use crate::base::ids::{BusinessId, MessageId, PersonId};
use crate::base::sms;
use crate::lead::contact::Phone;
use crate::lead::record::Lead;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose, State};

/// The text, to be queued at once. The outbox keeps one message per lead and `step`.
pub fn relay(lead: &Lead, to: &Phone, words: String, id: MessageId, step: String, now: i64) -> Draft {
    Draft {
        id,
        business_id: lead.business.clone(),
        lead_id: Some(lead.id.clone()),
        person_id: None,
        source_id: Some(lead.source.clone()),
        purpose: Purpose::Relay,
        step,
        medium: Medium::Sms,
        recipient: to.as_str().to_owned(),
        subject: String::new(),
        parts: i64::from(sms::parts(&words).segments),
        body: words,
        html: None,
        remote: None,
        queued_at: now,
        due_at: now,
        expires_at: now + Purpose::Relay.worth_ms(),
        state: State::Queued,
        reason: None,
        fallback: None,
    }
}

/// A text as it would go to a lead, to one of us, for them to look at.
pub fn sample_text(
    business: &BusinessId,
    person: &PersonId,
    to: &str,
    words: String,
    id: MessageId,
    now: i64,
) -> Draft {
    Draft {
        step: format!("sample:{id}"),
        id,
        business_id: business.clone(),
        lead_id: None,
        person_id: Some(person.clone()),
        source_id: None,
        purpose: Purpose::Notice,
        medium: Medium::Sms,
        recipient: to.to_owned(),
        subject: String::new(),
        parts: i64::from(sms::parts(&words).segments),
        body: words,
        html: None,
        remote: None,
        queued_at: now,
        due_at: now,
        expires_at: now + Purpose::Notice.worth_ms(),
        state: State::Queued,
        reason: None,
        fallback: None,
    }
}
