//! What is planned to be said about one submission: to the person, and to us.

use super::Batch;
use super::submission::Submission;
use crate::base::ids::LeadId;
use crate::lead::reading::{Kind, Reading};
use crate::lead::store::intake::Known;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use crate::reply::{self, AlertTo, Occasion, Topic};

/// What one submission has to say, and about which lead.
pub(super) struct Speech<'a> {
    pub lead_id: &'a str,
    /// What came, with what the lead knew of the person before.
    pub reading: &'a Reading,
    pub topic: Option<&'a Topic>,
    /// The receipt, if the person wrote once more.
    pub again: Option<&'a str>,
    pub wants_no_texts: bool,
    pub opted_out: bool,
    pub answered: bool,
    pub is_alert: bool,
}

/// Whether a message finds out whether the carriers let the number through.
fn finds_out(draft: &Draft) -> bool {
    draft.purpose == Purpose::LeadReply && draft.medium == Medium::Sms
}

impl<'a> Batch<'a> {
    /// Plans what is said; answers whether the question of an automatic answer is settled by it.
    pub(super) fn tell(&mut self, s: &'a Submission, known: &Known, speech: &Speech<'_>) -> bool {
        let told: Vec<AlertTo> =
            if speech.is_alert { s.told.iter().map(|to| self.with_digit(to)).collect() } else { Vec::new() };
        let id = LeadId::from(speech.lead_id);
        let business = s.card.business.id.as_str();
        let phone = speech.reading.phone.as_ref().map(|phone| phone.as_str());
        let email = speech.reading.email.as_ref().map(|email| email.as_str());
        let contacts: Vec<&str> = phone.into_iter().chain(email).collect();
        let answered_here = contacts
            .iter()
            .any(|c| self.answered.iter().any(|(b, contact, ..)| *b == business && contact.as_str() == *c));
        let first_free = !known.answered && !speech.answered && !answered_here;
        let wait_ms = self.thin.patience(s);
        let plan = reply::plan(
            &Occasion {
                business: &s.card.business,
                owner: s.card.people.first(),
                source: &s.card.source,
                lead_id: &id,
                reading: speech.reading,
                is_test: s.reading.kind == Kind::Test,
                again: speech.again,
                first_free,
                opted_out: known.opted_out || speech.opted_out,
                wants_no_texts: speech.wants_no_texts,
                blocked: if self.probes.contains_key(business) {
                    s.card.blocked_now()
                } else {
                    s.card.blocked_at(s.received_at)
                },
                keys: self.mails_end_by,
                topic: speech.topic,
                told: &told,
                wording: &s.card.wording,
                remote: s.remote.as_deref(),
                public_url: self.public_url,
                now: s.received_at,
            },
            self.random,
        );
        if s.card.blocked.is_some() && plan.drafts.iter().any(finds_out) {
            self.probes.insert(business, s.received_at);
        }
        if plan.answers {
            for contact in contacts {
                self.answered.push((business, contact.to_owned(), speech.lead_id.to_owned(), s.received_at));
            }
        }
        for note in plan.notes {
            self.note(s, speech.lead_id, "note", Some(note));
        }
        self.drafts.extend(plan.drafts.into_iter().map(|draft| Draft { due_at: draft.due_at + wait_ms, ..draft }));
        self.links.extend(told.into_iter().map(|to| (s, speech.lead_id.to_owned(), to)));
        plan.answers || !first_free
    }

    /// The lowest digit that this person has free.
    fn with_digit(&mut self, to: &AlertTo) -> AlertTo {
        let used = self.digits.entry(to.id.to_string()).or_default();
        let digit = (1..=9u8).find(|d| !used.contains(d));
        used.extend(digit);
        AlertTo { digit, ..to.clone() }
    }
}
