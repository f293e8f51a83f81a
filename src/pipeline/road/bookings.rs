//! An appointment that was called off: the owner is told, and the person is left in peace.

use super::{Batch, Submission, title};
use crate::intake::providers;
use crate::lead::reading::Booking;
use crate::lead::store::intake::Known;
use crate::reply::{self, Topic};

impl<'a> Batch<'a> {
    /// It joins the person's open lead; without one, nobody waits for anything and no lead comes of it.
    pub(super) fn called_off(&mut self, s: &'a Submission, known: &Known, booking: &'a Booking) -> Option<String> {
        let business = &s.card.business;
        let mut topic = Topic::called_off(booking, business, &title(s), &s.receipt_id);
        if s.reading.fetch.is_some() {
            let vendor = providers::find(&s.card.source.provider).map_or("the sender", |provider| provider.name());
            topic.line = format!("An appointment was called off; the details are at {vendor}");
        }
        let lead = self.open_lead(s, known).map(|(lead_id, _)| lead_id);
        if let Some(lead_id) = &lead {
            self.joins.push((lead_id.clone(), s, false));
            self.note(s, lead_id, "called_off", Some(reply::starts(booking, business)));
            self.is_news(&business.id, s, false);
        }
        self.notice(s, lead.as_deref(), &topic);
        lead
    }
}
