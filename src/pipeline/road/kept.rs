//! What nobody could read is kept whole, and the owner is led to it.

use super::{Batch, Submission};
use crate::reply;

impl<'a> Batch<'a> {
    /// Tells of it, seldom enough for a flood of them.
    pub(super) fn unreadable(&mut self, s: &'a Submission) {
        let link = self.receipt_link(s);
        self.drafts.extend(reply::kept_alert(
            &s.card.business,
            &s.card.source,
            &s.told,
            &link,
            s.received_at,
            self.random,
        ));
    }

    /// The page of a submission.
    pub(super) fn receipt_link(&self, s: &Submission) -> String {
        format!("{}/b/{}/receipts/{}", self.public_url, s.card.business.slug, s.receipt_id)
    }
}
