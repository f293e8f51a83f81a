//! What a vendor tells us later of a message: in any order, repeated, sometimes before its own answer reached us.
//!
//! Each piece of news is stored once under (vendor id, status, code). It moves the message only if its rank rises, so
//! old news changes nothing, and nothing follows a final state.

use super::blocked;
use super::effects::{self, Effect};
use crate::db::Conn;
use crate::outbox::channel::Medium;
use crate::outbox::machine::{HEARD, status_rank};
use crate::outbox::message::{Purpose, State};
use sqlx::Row;

/// What a failure says whose vendor gives no code.
const NO_REASON: &str = "The carrier did not deliver it and did not say why.";

/// One status callback.
#[derive(Clone, Debug)]
pub struct News {
    /// The message that our own tag on the callback address names, with its attempt.
    pub message: Option<(String, i64)>,
    /// The vendor's id.
    pub vendor_id: String,
    /// The vendor's word, as it is.
    pub status: String,
    /// The vendor's error code, 0 for none.
    pub code: i64,
    /// What the code means, in one sentence for the owner.
    pub reason: Option<String>,
    /// Whether the code says that the person has opted out.
    pub opted_out: bool,
    /// Nobody need be told if it failed: a telephone of ours that nobody picked up is no fault.
    pub quiet: bool,
    /// When we heard (UTC milliseconds).
    pub at: i64,
}

/// What the news did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Known already.
    Repeat,
    /// About a message that is not ours, or not known yet: kept.
    Nobody,
    /// Older than what we know.
    OldNews,
    /// The message of this business moved.
    Moved(String),
}

/// Takes the news in.
///
/// # Errors
/// The database's.
pub async fn hear(conn: &mut Conn, news: &News) -> Result<Heard, sqlx::Error> {
    let stored = sqlx::query(
        "INSERT INTO callback (vendor_id, status, code, at, message_id) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (vendor_id, status, code) DO NOTHING",
    )
    .bind(&news.vendor_id)
    .bind(&news.status)
    .bind(news.code)
    .bind(news.at)
    .bind(news.message.as_ref().map(|(id, _)| id.as_str()))
    .execute(&mut *conn)
    .await?;
    if stored.rows_affected() == 0 {
        return Ok(Heard::Repeat);
    }
    let row = sqlx::query(
        "SELECT id, business_id, lead_id, channel, purpose, state, status_rank, sent_at FROM outbox \
         WHERE vendor_id = $1 OR (id = $2 AND (vendor_id IS NULL OR attempts = $3)) ORDER BY vendor_id = $1 DESC LIMIT 1",
    )
    .bind(&news.vendor_id)
    .bind(news.message.as_ref().map(|(id, _)| id.as_str()))
    .bind(news.message.as_ref().map(|(_, attempt)| *attempt))
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(Heard::Nobody) };
    apply(conn, news, &row).await
}

async fn apply(conn: &mut Conn, news: &News, row: &sqlx::sqlite::SqliteRow) -> Result<Heard, sqlx::Error> {
    let (known, state): (i64, String) = (row.try_get("status_rank")?, row.try_get("state")?);
    let rank = status_rank(&news.status).unwrap_or(known);
    let settled = matches!(state.as_str(), "delivered" | "failed" | "cancelled") && known >= 4;
    if rank <= known || settled {
        return Ok(Heard::OldNews);
    }
    let next = match news.status.as_str() {
        "delivered" | "read" | HEARD => State::Delivered,
        // A call that is over without a key having been pressed was heard by nobody.
        "undelivered" | "failed" | "canceled" | "busy" | "no-answer" | "completed" => State::Failed,
        _ => State::Accepted,
    };
    let (id, business_id): (String, String) = (row.try_get("id")?, row.try_get("business_id")?);
    sqlx::query(
        "UPDATE outbox SET state = $1, vendor_id = $2, vendor_status = $3, status_rank = $4, reason = $5, \
         last_code = CASE WHEN $6 = 0 THEN last_code ELSE $6 END, accepted_at = COALESCE(accepted_at, $7), \
         delivered_at = CASE WHEN $1 = 'delivered' THEN COALESCE(delivered_at, $7) ELSE delivered_at END, \
         told_at = CASE WHEN $9 = 1 AND $1 = 'failed' AND lead_id IS NOT NULL THEN $7 ELSE told_at END, \
         lease_token = NULL, lease_until = NULL, next_check_at = NULL WHERE id = $8",
    )
    .bind(next.as_str())
    .bind(&news.vendor_id)
    .bind(&news.status)
    .bind(rank)
    .bind(news.reason.as_deref().or((next == State::Failed).then_some(NO_REASON)))
    .bind(news.code)
    .bind(news.at)
    .bind(&id)
    .bind(i64::from(news.quiet))
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE attempt SET ended_at = $1, class = 'accepted', vendor_id = $2 WHERE message_id = $3 AND ended_at IS NULL")
        .bind(news.at)
        .bind(&news.vendor_id)
        .bind(&id)
        .execute(&mut *conn)
        .await?;
    let lead_id: Option<String> = row.try_get("lead_id")?;
    let purpose = Purpose::parse(&row.try_get::<String, _>("purpose")?).unwrap_or(Purpose::Notice);
    let effect = Effect {
        id: &id,
        business_id: &business_id,
        lead_id: lead_id.as_deref(),
        purpose,
        state: next,
        at: news.at,
        opted_out: news.opted_out,
    };
    // A row that already was accepted needs no second "handed over" on its timeline.
    if next != State::Accepted || !matches!(state.as_str(), "accepted") {
        effects::of(conn, std::iter::once(effect)).await?;
    }
    // Only texts tell whether the carriers let texts through.
    if Medium::parse(&row.try_get::<String, _>("channel")?) == Some(Medium::Sms) {
        let sent_at = row.try_get::<Option<i64>, _>("sent_at")?.unwrap_or(0);
        match next {
            State::Failed => blocked::was_blocked(conn, &id, &business_id, news.code, sent_at, news.at).await?,
            State::Delivered => {
                blocked::got_through(conn, &business_id, purpose.is_for_lead(), sent_at).await?;
            }
            _ => {}
        }
    }
    Ok(Heard::Moved(business_id))
}
