//! A bell for open pages: something changed for this business, look again. Nothing depends on it being heard.
//!
//! Each ring is counted, so that a page can tell whether it rang between the moment it was drawn and the moment it
//! began to listen. The count is of all businesses together: one look too many is cheaper than a table of counts.

use super::ids::BusinessId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::broadcast;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// For whom.
    pub business_id: BusinessId,
    /// A new lead, in words for a screen reader; none when something else moved.
    pub new_lead: Option<String>,
}

/// The bell. Cheap to clone.
#[derive(Clone, Debug)]
pub struct News {
    bell: broadcast::Sender<Change>,
    rung: Arc<AtomicU64>,
}

impl Default for News {
    fn default() -> Self {
        Self { bell: broadcast::channel(256).0, rung: Arc::default() }
    }
}

impl News {
    /// Rings. Nobody listening is fine.
    pub fn tell(&self, change: Change) {
        self.rung.fetch_add(1, Ordering::SeqCst);
        let _nobody_listens = self.bell.send(change);
    }

    /// How often it has rung since the start. Read it before what is shown, and nothing is missed.
    pub fn rung(&self) -> u64 {
        self.rung.load(Ordering::SeqCst)
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.bell.subscribe()
    }
}
