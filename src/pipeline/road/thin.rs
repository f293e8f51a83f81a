//! Events that only name a payment: all that name the same one are of one lead, and of the sale that is told of later.

use super::{Batch, Submission};
use crate::lead::reading::Fetch;

/// The payment that an event names without saying more; none for any other submission.
pub fn named(s: &Submission) -> Option<&str> {
    let Fetch { what, id } = s.reading.fetch.as_ref()?;
    (what == "payment").then_some(id.as_str())
}

impl<'a> Batch<'a> {
    /// The lead of the payment that an event names, if it was named before.
    pub(super) fn lead_of_named(&self, s: &Submission) -> Option<String> {
        let id = named(s)?;
        self.books.named(s, id).map(|buyer| self.folded(buyer.lead_id.clone()))
    }

    /// The payment that an event names is this lead's.
    pub(super) fn name(&mut self, s: &'a Submission, lead_id: &str) {
        if let Some(id) = named(s) {
            self.books.name(s, id, lead_id, self.random);
        }
    }
}
