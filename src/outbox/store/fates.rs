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

/// The columns of [`Fate`], or others, of the newest texts that have one.
macro_rules! fates {
    ($whose:literal) => {
        fates!(
            "sent_at, person_id IS NULL AS to_lead, delivered_at IS NOT NULL AS delivered, COALESCE(last_code, 0) AS code",
            $whose
        )
    };
    ($columns:literal, $whose:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM outbox WHERE ",
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

/// The same of every business that `within` allows (`None` allows all), each with whose it is.
///
/// # Errors
/// When the database cannot be read.
pub async fn within(
    pool: &Pool,
    within: Option<&BusinessId>,
    since: i64,
) -> Result<Vec<(BusinessId, Fate)>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Owned {
        business_id: BusinessId,
        #[sqlx(flatten)]
        fate: Fate,
    }
    const SQL: &str = concat!(
        "SELECT o.business_id, o.sent_at, o.person_id IS NULL AS to_lead, o.delivered_at IS NOT NULL AS delivered, \
         COALESCE(o.last_code, 0) AS code FROM business b JOIN outbox o ON o.id IN (",
        fates!("id", "business_id = b.id AND queued_at >= $2"),
        ") WHERE $1 IS NULL OR b.id = $1"
    );
    let rows: Vec<Owned> = sqlx::query_as(SQL).bind(within).bind(since).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| (row.business_id, row.fate)).collect())
}

/// Those of the texts about one lead, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Fate>, sqlx::Error> {
    let rows = sqlx::query_as(fates!("business_id = $1 AND lead_id = $2"));
    rows.bind(business).bind(lead).fetch_all(pool).await
}
