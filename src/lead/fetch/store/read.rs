//! How questions stand, for the pages of a lead and of a source.

use crate::base::ids::{BusinessId, LeadId, SourceId};
use crate::db::Pool;

/// How a question stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Asked {
    /// Whose vendor is asked.
    pub source_id: SourceId,
    /// What is asked for.
    pub what: String,
    /// `queued`, `asking` or `failed`.
    pub state: String,
    /// Why it is still open, for people.
    pub reason: Option<String>,
    /// When it is asked for next, UTC milliseconds.
    pub due_at: i64,
    /// Whether there is a token to ask with.
    pub has_token: bool,
}

/// What a lead still lacks, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Asked>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.source_id, f.what, f.state, f.reason, f.due_at, s.api_token_sealed IS NOT NULL AS has_token \
         FROM receipt r JOIN question f ON f.receipt_id = r.id JOIN source s ON s.id = f.source_id \
         WHERE r.lead_id = $2 AND r.business_id = $1 AND f.state <> 'done' ORDER BY f.id LIMIT 20",
    )
    .bind(business)
    .bind(lead)
    .fetch_all(pool)
    .await
}

/// How the token of a source stands, and what waits for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Token {
    /// When it was set, UTC milliseconds; none = there is none.
    pub set_at: Option<i64>,
    /// How many questions are open.
    pub open: i64,
    /// How many were given up.
    pub failed: i64,
    /// Why the newest of those that were put off is still open, for people.
    pub reason: Option<String>,
    /// When that one is asked for next, UTC milliseconds.
    pub due_at: Option<i64>,
}

/// How the token of a source stands.
///
/// # Errors
/// When the database cannot be read.
pub async fn token(pool: &Pool, source: &SourceId) -> Result<Token, sqlx::Error> {
    let found = sqlx::query_as(
        "SELECT CASE WHEN s.api_token_sealed IS NOT NULL THEN COALESCE(s.api_token_set_at, s.created_at) END AS set_at, \
         (SELECT count(*) FROM question f WHERE f.source_id = s.id AND f.state IN ('queued', 'asking')) AS open, \
         (SELECT count(*) FROM question f WHERE f.source_id = s.id AND f.state = 'failed') AS failed, \
         n.reason, n.due_at FROM source s LEFT JOIN question n ON n.id = (SELECT id FROM question f WHERE f.source_id = s.id \
         AND f.state IN ('queued', 'asking') AND f.reason IS NOT NULL ORDER BY f.id DESC LIMIT 1) WHERE s.id = $1",
    );
    Ok(found.bind(source).fetch_optional(pool).await?.unwrap_or_default())
}
