//! Appointments, and events that name nobody: what the owner is told of them. Who calls off is left in peace.

use super::{Batch, Submission, thin, title};
use crate::lead::reading::{About, Booking, Kind};
use crate::lead::store::intake::Known;
use crate::lead::store::payments::Buyer;
use crate::reply::{self, Topic};

impl<'a> Batch<'a> {
    /// What an enquiry is about, if somebody did not simply write; its line in the timeline.
    pub(super) fn topic(&mut self, s: &'a Submission, again: Option<&str>, lead_id: &str) -> Option<Topic> {
        let is_test = s.reading.kind == Kind::Test;
        if let Some(fetch) = &s.reading.fetch {
            let note = thin::note(s, &fetch.what, &fetch.id);
            self.note(s, lead_id, "note", Some(note));
            return Some(Topic::nameless(&s.card.source.name, thin::vendor(s), is_test, &s.receipt_id));
        }
        if s.reading.about == About::Call {
            self.note(s, lead_id, "note", Some("Rang, and nobody answered.".to_owned()));
            let step = again.map_or_else(|| "new".to_owned(), |receipt| format!("called:{receipt}"));
            return Some(Topic::missed_call(&title(s, &s.reading), is_test, step));
        }
        let About::Booking(booking) = &s.reading.about else { return None };
        let when = reply::starts(booking, &s.card.business);
        self.note(s, lead_id, "booked", Some(when));
        let message = s.reading.message.as_deref();
        Some(Topic::booking(booking, &s.card.business, &title(s, &s.reading), message, is_test, again))
    }

    /// It joins the person's open lead; without one, nobody waits for anything and no lead comes of it.
    pub(super) fn called_off(&mut self, s: &'a Submission, known: &Known, booking: &'a Booking) -> Option<String> {
        let business = &s.card.business;
        let named = self.thin.named(s).map(|named| named.buyer);
        let reading = named.as_ref().map_or_else(|| s.reading.clone(), |buyer| buyer.named(&s.reading));
        let mut topic = Topic::called_off(booking, business, &title(s, &reading), &s.receipt_id);
        if s.reading.fetch.is_some() && named.as_ref().is_none_or(Buyer::is_nobody) {
            topic.line = format!("An appointment was called off; the details are at {}", thin::vendor(s));
        }
        let lead = named.map(|buyer| buyer.lead_id).or_else(|| self.open_lead(s, known).map(|(lead_id, _)| lead_id));
        if let Some(lead_id) = &lead {
            self.joins.push((lead_id.clone(), s, false));
            self.note(s, lead_id, "called_off", Some(reply::starts(booking, business)));
            self.thin.found(s, lead_id);
            self.is_news(&business.id, s, false);
        }
        self.notice(s, lead.as_deref(), &topic);
        lead
    }
}
