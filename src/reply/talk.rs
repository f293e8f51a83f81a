//! The messages of a conversation: what a lead texts goes to one of us, what one of us texts us is answered, and a lead that
//! asks for the state of its payments hears it.

use super::plan::{AlertTo, bare};
use super::words::{self, Alert};
use super::words_theirs;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::base::random::Random;
use crate::lead::contact::Phone;
use crate::lead::record::Lead;
use crate::lead::sale::Sale;
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose};

/// What a lead's text is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromLead {
    /// It wrote back. `is_theirs`: to whoever has the lead.
    Reply {
        /// Whether the one who is told has the lead.
        is_theirs: bool,
    },
    /// It asks in its own words not to be written to.
    Silence,
    /// It cannot wait.
    Urgent,
}

/// A lead texted: the message to one of us; none when they can be reached by neither way. `said` is the text, `inbound` the
/// vendor's id of it.
#[expect(clippy::too_many_arguments, reason = "the facts of one text")]
pub fn from_lead(
    what: FromLead,
    business: &Business,
    lead: &Lead,
    to: &AlertTo,
    said: &str,
    inbound: &str,
    link: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let national = lead.phone.as_ref().map(|phone| phone.national(&business.country));
    let contact = national.as_deref().or(lead.email.as_ref().map(|email| email.as_str()));
    let name = lead.name.as_deref();
    let title = words::title(name, contact);
    let (body, subject, purpose, step) = match what {
        FromLead::Reply { is_theirs } => {
            let how = words_theirs::how_to_answer(is_theirs, to.digit);
            let body = words::replied(name, contact, said, how.as_deref(), link);
            (body, format!("{title} replied"), Purpose::OwnerAlert, "replied")
        }
        FromLead::Silence => {
            let body = words_theirs::asks_for_silence(name, contact, said, link);
            (body, format!("{title} asks us to stop"), Purpose::Notice, "silence")
        }
        FromLead::Urgent => {
            let line = words_theirs::urgent(name, contact);
            let message = Some(said).filter(|said| !is_bare(said)).or(lead.message.as_deref());
            let alert = Alert { is_test: false, again: true, name, contact, message, digit: to.digit, link };
            (words::alert_about(&line, &alert), line, Purpose::OwnerAlert, "urgent")
        }
    };
    let (medium, address) = match (&to.phone, &to.email) {
        (Some(phone), _) => (Medium::Sms, phone),
        (None, Some(email)) => (Medium::Mail, email),
        (None, None) => return None,
    };
    let step = format!("{step}:{inbound}:{}", to.id);
    let mut draft = bare(&business.id, purpose, &step, medium, address, body, now, random);
    draft.lead_id = Some(lead.id.clone());
    draft.person_id = Some(to.id.clone());
    draft.subject = subject;
    if let (Medium::Sms, Some(email)) = (medium, &to.email) {
        let (subject, body) = (draft.subject.clone(), draft.body.clone());
        draft.fallback = Some(Fallback { to: email.clone(), subject, body });
    }
    Some(draft)
}

/// One word alone says nothing that the line above it does not say.
fn is_bare(said: &str) -> bool {
    said.split_whitespace().count() <= 1
}

/// Words back to one of us who texted us. `step` tells them from other answers.
#[expect(clippy::too_many_arguments, reason = "the facts of one reply")]
pub fn answer_to_us(
    business_id: &BusinessId,
    lead: Option<&LeadId>,
    person: &PersonId,
    phone: &str,
    body: String,
    step: &str,
    now: i64,
    random: &Random,
) -> Draft {
    let mut draft = bare(business_id, Purpose::Notice, step, Medium::Sms, phone, body, now, random);
    draft.lead_id = lead.cloned();
    draft.person_id = Some(person.clone());
    draft
}

/// The state of a lead's payments, as it asked for it by text.
pub fn payments_told(
    business: &Business,
    lead: &LeadId,
    to: &Phone,
    sales: &[Sale],
    inbound: &str,
    now: i64,
    random: &Random,
) -> Draft {
    let body = words_theirs::payments(&business.name, sales, &business.timezone);
    let step = format!("status:{inbound}");
    let mut draft = bare(&business.id, Purpose::LeadReply, &step, Medium::Sms, to.as_str(), body, now, random);
    draft.lead_id = Some(lead.clone());
    draft
}
