//! A person's own words to a lead, from the shop's number.

use crate::base::ids::MessageId;
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
