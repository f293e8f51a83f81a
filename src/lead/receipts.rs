//! Receipts read back: what came in, as it came, and what was made of it. Writing them is the road's affair.

use crate::base::ids::{BusinessId, LeadId, ReceiptId, SourceId};
use crate::base::keyset::{Place, page};
use crate::db::Pool;
use std::collections::HashMap;

/// One submission, without its body.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Where it came in.
    pub source_id: SourceId,
    /// `accepted`, `test`, `ignored`, `kept`, `spam` or `refused`.
    pub state: String,
    /// Why it is not simply accepted, for people.
    pub problem: Option<String>,
    /// UTC milliseconds.
    pub received_at: i64,
    /// As the sender declared it.
    pub content_type: Option<String>,
    /// The query string, without its question mark.
    pub query: String,
    /// How many files came along; they are not kept.
    pub files: i64,
    /// The network it came from (/24 or /48).
    pub remote: Option<String>,
    /// How often the same delivery came again.
    pub repeats: i64,
    /// The lead it became, or joined.
    pub lead_id: Option<LeadId>,
    /// How many bytes of body are kept.
    pub size: i64,
    /// When body, headers and address were removed, since they were kept long enough or the person was forgotten; UTC
    /// milliseconds.
    pub blanked_at: Option<i64>,
}

/// One submission with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Whole {
    /// The rest.
    #[sqlx(flatten)]
    pub receipt: Receipt,
    /// Headers that matter, as a JSON list of pairs.
    pub headers: String,
    /// The raw body.
    pub body: Vec<u8>,
    /// What was read from it, as JSON.
    pub reading: Option<String>,
}

/// Which receipts to list; an empty text or `None` keeps all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this source's (its id).
    pub source: String,
    /// Only those in this state.
    pub state: String,
}

/// The columns of [`Receipt`].
macro_rules! columns {
    () => {
        "id, business_id, source_id, state, problem, received_at, content_type, query, files, remote, repeats, lead_id, \
         length(body) AS size, blanked_at"
    };
}

/// One page, the newest first, of one business or, with `None`, of all; and where the next page begins.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(
    pool: &Pool,
    within: Option<&BusinessId>,
    filter: &Filter,
    from: Option<&Place>,
    limit: usize,
) -> Result<(Vec<Receipt>, Option<Place>), sqlx::Error> {
    macro_rules! list {
        ($whose:literal) => {
            concat!(
                "SELECT ",
                columns!(),
                " FROM receipt WHERE ",
                $whose,
                " AND (received_at < $2 OR (received_at = $2 AND id < $3)) AND ($4 = '' OR source_id = $4) \
                   AND ($5 = '' OR state = $5) ORDER BY received_at DESC, id DESC LIMIT $6"
            )
        };
    }
    let sql = if within.is_some() { list!("business_id = $1") } else { list!("$1 = ''") };
    let (at, id) = from.map_or((i64::MAX, ""), |place| (place.at, place.id.as_str()));
    let rows = sqlx::query_as(sql)
        .bind(within.map_or("", |b| b.as_str()))
        .bind(at)
        .bind(id)
        .bind(&filter.source)
        .bind(&filter.state)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
        .fetch_all(pool)
        .await?;
    Ok(page(rows, limit, |r: &Receipt| Place { at: r.received_at, id: r.id.to_string() }))
}

/// What became of the newest submission since `since` (UTC milliseconds) of each source whose business `within` allows
/// (`None` allows all), by the source's id. Per source no more is read than lies between now and its last submission.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest_states(
    pool: &Pool,
    within: Option<&BusinessId>,
    since: i64,
) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT s.id, (SELECT r.state FROM receipt r WHERE r.business_id = s.business_id \
           AND r.received_at >= max(coalesce(s.last_at, 0), $2) AND r.source_id = s.id \
           ORDER BY r.received_at DESC LIMIT 1) FROM source s WHERE $1 IS NULL OR s.business_id = $1",
    )
    .bind(within)
    .bind(since)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|(source, state)| Some((source, state?))).collect())
}

/// One receipt, if `within` allows its business; `None` allows all.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(pool: &Pool, within: Option<&BusinessId>, id: &ReceiptId) -> Result<Option<Whole>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", headers, body, reading FROM receipt WHERE id = $1 AND ($2 IS NULL OR business_id = $2)"
    );
    sqlx::query_as(SQL).bind(id).bind(within).fetch_optional(pool).await
}

/// The newest submissions of a source that were somebody's or could not be read, with their bodies; none longer than
/// `bytes`.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest(
    pool: &Pool,
    business: &BusinessId,
    source: &SourceId,
    bytes: i64,
    limit: i64,
) -> Result<Vec<Whole>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", headers, body, reading FROM receipt WHERE business_id = $1 AND source_id = $2 \
          AND state IN ('accepted', 'kept', 'test') AND blanked_at IS NULL AND length(body) <= $3 ORDER BY received_at DESC, id DESC LIMIT $4"
    );
    sqlx::query_as(SQL).bind(business).bind(source).bind(bytes).bind(limit).fetch_all(pool).await
}

/// How many submissions came to addresses that nobody has, since a day (counted from 1970, UTC).
///
/// # Errors
/// When the database cannot be read.
pub async fn wrong_hits(pool: &Pool, since_day: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT coalesce(sum(hits), 0) FROM wrong_address WHERE day >= $1")
        .bind(since_day)
        .fetch_one(pool)
        .await
}

/// The submissions that one lead holds, oldest first, at most 100.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Whole>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", headers, body, reading FROM receipt WHERE lead_id = $1 AND business_id = $2 ORDER BY received_at, id LIMIT 100"
    );
    sqlx::query_as(SQL).bind(lead).bind(business).fetch_all(pool).await
}

/// Counts a post to an address that nobody has, per day since 1970 (UTC).
///
/// # Errors
/// The database's.
pub async fn count_wrong_address(conn: &mut crate::db::Conn, day: i64, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO wrong_address (day, hits, last_at) VALUES ($1, 1, $2) \
         ON CONFLICT (day) DO UPDATE SET hits = wrong_address.hits + 1, last_at = excluded.last_at",
    )
    .bind(day)
    .bind(now_ms)
    .execute(conn)
    .await
    .map(drop)
}
