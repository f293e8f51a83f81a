//! A person is forgotten: what was written to them, and about them to us, loses its words. Rows stay, with their kinds,
//! states, instants and parts.
//!
//! What still waits is cancelled. What is under way is left to end, since its words have left the house already; it is
//! marked, gets no second try, and is blanked by the round that finds it ended. Words that speak of others too (a bundle
//! of alerts, a notice) go on their way as they are and are blanked once they have arrived; a bundle that did not get
//! through is worded anew.

use crate::base::keys::Keys;
use crate::db::Conn;
use crate::lead::store::forget::Traces;
use crate::lead::store::silence;
use crate::outbox::pace::BUNDLE;
use sqlx::SqlitePool;

/// Why a message of theirs ended.
const FORGOTTEN: &str = "This person was forgotten.";

/// What became of their messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// Theirs and those about them, blanked or marked.
    pub all: u64,
    /// Of these, still on their way out: blanked when they have ended.
    pub under_way: i64,
}

/// Cancels what waits and blanks what has ended; marks what is under way.
///
/// # Errors
/// The database's.
pub async fn blank(conn: &mut Conn, keys: &Keys, traces: &Traces) -> Result<Messages, sqlx::Error> {
    let business = traces.business.as_str();
    let mut all = 0;
    for lead in &traces.leads {
        all +=
            bound(conn, "UPDATE outbox SET forget = 1 WHERE business_id = $1 AND lead_id = $2", business, lead).await?;
        let bundles = "UPDATE outbox SET forget = 2 WHERE business_id = $1 AND forget = 0 \
                       AND id IN (SELECT bundle_id FROM outbox WHERE lead_id = $2)";
        all += bound(conn, bundles, business, lead).await?;
    }
    for contact in &traces.contacts {
        let theirs = "UPDATE outbox SET forget = 1 WHERE business_id = $1 AND recipient = $2 AND forget = 0 \
                      AND person_id IS NULL";
        all += bound(conn, theirs, business, contact).await?;
    }
    for word in &traces.words {
        let named = "UPDATE outbox SET forget = 2 WHERE business_id = $1 AND lead_id IS NULL AND forget = 0 \
                     AND instr(subject || ' ' || body || ' ' || COALESCE(html, '') || ' ' || COALESCE(fallback_body, ''), $2) > 0";
        all += bound(conn, named, business, word).await?;
    }
    settle(conn, keys).await?;
    let under_way = "SELECT count(*) FROM outbox WHERE forget > 0 AND business_id = $1";
    let under_way = sqlx::query_scalar(under_way).bind(business).fetch_one(conn).await?;
    Ok(Messages { all, under_way })
}

/// The same for leads that were kept long enough. What was written to us without naming one lead, up to `up_to` and since
/// the last time, goes too, whomever it named.
///
/// # Errors
/// The database's.
pub async fn blank_old(conn: &mut Conn, keys: &Keys, traces: &Traces, up_to: i64) -> Result<Messages, sqlx::Error> {
    sqlx::query(
        "UPDATE outbox SET forget = 2 WHERE business_id = $1 AND lead_id IS NULL AND forget = 0 AND body <> '' \
         AND queued_at <= $2 AND queued_at > (SELECT leads_kept_from FROM business WHERE id = $1)",
    )
    .bind(&traces.business)
    .bind(up_to)
    .execute(&mut *conn)
    .await?;
    // Looking through all messages for each of them would hold up those who come in.
    let leads_only = Traces { leads: traces.leads.clone(), ..Traces::of(traces.business.clone()) };
    blank(conn, keys, &leads_only).await
}

async fn bound(conn: &mut Conn, sql: &'static str, business: &str, text: &str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(sql).bind(business).bind(text).execute(conn).await?.rows_affected())
}

/// Whether something that was marked is under way no more.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_due(readers: &SqlitePool) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE forget > 0 AND state <> 'sending' \
         AND (forget = 1 OR state NOT IN ('queued', 'unknown') OR (state = 'queued' AND step = $1)) LIMIT 1",
    )
    .bind(BUNDLE)
    .fetch_optional(readers)
    .await?;
    Ok(found.is_some())
}

/// Blanks what was marked and is under way no more.
///
/// # Errors
/// The database's.
pub async fn settle(conn: &mut Conn, keys: &Keys) -> Result<(), sqlx::Error> {
    // While it was under way its number may have turned out to be one that asked for silence.
    let numbers: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT business_id, recipient FROM outbox WHERE forget = 1 AND state <> 'sending' AND channel = 'sms' \
         AND person_id IS NULL AND recipient NOT IN (SELECT phone FROM lead l WHERE l.business_id = outbox.business_id \
           AND l.phone IS NOT NULL)",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (business, number) in numbers {
        silence::keep(conn, keys, &business, &number).await?;
    }
    sqlx::query("UPDATE attempt SET reason = NULL WHERE message_id IN (SELECT id FROM outbox WHERE forget = 1 AND state <> 'sending')")
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "UPDATE outbox SET forget = 0, recipient = CASE WHEN person_id IS NULL THEN '' ELSE recipient END, subject = '', \
         body = '', html = NULL, remote = NULL, fallback_to = NULL, fallback_subject = NULL, fallback_body = NULL, \
         next_check_at = NULL, told_at = COALESCE(told_at, queued_at), \
         reason = CASE WHEN state IN ('accepted', 'delivered') THEN NULL ELSE $1 END, \
         state = CASE WHEN state IN ('queued', 'held', 'unknown') THEN 'cancelled' ELSE state END \
         WHERE forget = 1 AND state <> 'sending'",
    )
    .bind(FORGOTTEN)
    .execute(&mut *conn)
    .await?;
    // No second try, and nothing is said by mail instead.
    sqlx::query(
        "UPDATE outbox SET expires_at = 0, fallback_to = NULL, fallback_subject = NULL, fallback_body = NULL \
         WHERE forget = 1 AND state = 'sending'",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET forget = 0, subject = '', body = '', html = NULL, fallback_to = NULL, fallback_subject = NULL, \
         fallback_body = NULL WHERE forget = 2 AND (state NOT IN ('queued', 'sending', 'unknown') OR (state = 'queued' AND step = $1))",
    )
    .bind(BUNDLE)
    .execute(conn)
    .await
    .map(drop)
}
