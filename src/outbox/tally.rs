//! How attempts ended, counted since this process began.

use super::channel::Outcome;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the worker counts, for the metrics page.
#[derive(Debug, Default)]
pub struct Tally {
    /// Handed over.
    pub accepted: AtomicU64,
    /// Certainly not sent.
    pub not_sent: AtomicU64,
    /// Refused for good.
    pub rejected: AtomicU64,
    /// Unknown outcomes.
    pub unknown: AtomicU64,
}

impl Tally {
    /// Counts one attempt.
    pub fn count(&self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Accepted { .. } => &self.accepted,
            Outcome::NotSent { .. } | Outcome::Blocked { .. } => &self.not_sent,
            Outcome::Rejected { .. } => &self.rejected,
            Outcome::Unknown { .. } => &self.unknown,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
