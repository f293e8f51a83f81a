//! Which week a shop has had its report of.

pub mod store;

use crate::base::ids::BusinessId;

/// A shop that somebody would read a report of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reported {
    /// Which.
    pub id: BusinessId,
    /// Its IANA zone.
    pub timezone: String,
    /// UTC milliseconds.
    pub created_at: i64,
    /// The newest ISO week whose report was planned, `2026-W47`; `None` = none was.
    pub reported_week: Option<String>,
}
