//! A bell for open pages: something changed for this business, look again. Nothing depends on it being heard.

use super::ids::BusinessId;
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
pub struct News(broadcast::Sender<Change>);

impl Default for News {
    fn default() -> Self {
        Self(broadcast::channel(256).0)
    }
}

impl News {
    /// Rings. Nobody listening is fine.
    pub fn tell(&self, change: Change) {
        let _nobody_listens = self.0.send(change);
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
