//! What became of the newest texts of a business, for how its number fares with the carriers.

use crate::base::ids::{BusinessId, LeadId};
use crate::db::Pool;

/// A text that arrived, or that failed with a code.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Fate {
    /// When it was last tried (UTC milliseconds).
    pub sent_at: i64,
    /// Whether it went to a lead, rather than to one of us.
    pub to_lead: bool,
    /// Whether it arrived.
    pub delivered: bool,
    /// The vendor's code, 0 for none.
    pub code: i64,
}

/// The columns of [`Fate`], of texts that have one.
macro_rules! fates {
    ($whose:literal) => {
        concat!(
            "SELECT sent_at, person_id IS NULL AS to_lead, delivered_at IS NOT NULL AS delivered, COALESCE(last_code, 0) AS code \
             FROM outbox WHERE ",
            $whose,
            " AND channel = 'sms' AND sent_at IS NOT NULL AND (delivered_at IS NOT NULL OR last_code IS NOT NULL) \
              ORDER BY queued_at DESC LIMIT 200"
        )
    };
}

/// Those of the newest texts of a business that were planned since `since` (UTC milliseconds), the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_business(pool: &Pool, business: &BusinessId, since: i64) -> Result<Vec<Fate>, sqlx::Error> {
    let rows = sqlx::query_as(fates!("business_id = $1 AND queued_at >= $2"));
    rows.bind(business).bind(since).fetch_all(pool).await
}

/// Those of the texts about one lead, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Fate>, sqlx::Error> {
    let rows = sqlx::query_as(fates!("business_id = $1 AND lead_id = $2"));
    rows.bind(business).bind(lead).fetch_all(pool).await
}
