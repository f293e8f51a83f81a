//! Who wrote before: a person's open lead, in the database or in the same batch.

use super::submission::contacts;
use super::{Batch, Submission};
use crate::lead::reading::Kind;
use crate::lead::store::intake::Known;

impl<'a> Batch<'a> {
    /// The same person's open lead, and whether it wants no texts. A test joins nothing.
    pub(super) fn open_lead(&self, s: &'a Submission, known: &Known) -> Option<(String, bool)> {
        if s.reading.kind != Kind::Lead {
            return None;
        }
        let business = s.card.business.id.as_str();
        let (phone, email) = contacts(s);
        let here = [phone, email].into_iter().flatten().find_map(|c| self.open.get(&(business, c)).cloned());
        let unticked = |id: &String| self.unticked.contains(id) || self.books.wants_no_texts(id);
        match here {
            Some(id) => {
                Some((id.clone(), unticked(&id) || (known.open_lead.as_ref() == Some(&id) && known.wants_no_texts)))
            }
            None => known.open_lead.clone().map(|id| (self.folded(id), known.wants_no_texts)),
        }
    }

    /// Later submissions of the same person join this lead.
    pub(super) fn stays_open(&mut self, s: &'a Submission, lead_id: &str) {
        if s.reading.kind != Kind::Lead {
            return;
        }
        let (phone, email) = contacts(s);
        for contact in [phone, email].into_iter().flatten() {
            self.open.insert((s.card.business.id.as_str(), contact), lead_id.to_owned());
        }
        if s.reading.consent.as_ref().is_some_and(|consent| !consent.given) {
            self.unticked.insert(lead_id.to_owned());
        }
    }
}
