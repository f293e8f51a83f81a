//! What is neither waiting nor done: sends cut off by a crash, leases that ran out, unknown outcomes, the too late.

use super::effects::{self, Effect};
use crate::base::clock::HOUR_MS;
use crate::base::ids::MessageId;
use crate::db::Conn;
use crate::outbox::channel::{Medium, Outgoing};
use crate::outbox::machine::{self, Next, Standing};
use crate::outbox::message::{Purpose, State};
use sqlx::{Row, SqlitePool};

/// Which sends have nobody any more.
#[derive(Clone, Copy, Debug)]
pub enum Orphans<'a> {
    /// Those of an earlier process: at start.
    OfOtherBoots(&'a str),
    /// Those of this process whose lease has ended on the monotonic clock.
    LeaseEnded {
        /// This process.
        boot_id: &'a str,
        /// The monotonic clock.
        mono: i64,
    },
}

/// Sends that were cut off become unknown, never queued: they may have been sent. Returns how many.
///
/// # Errors
/// The database's.
pub async fn orphans(conn: &mut Conn, which: Orphans<'_>, now: i64) -> Result<usize, sqlx::Error> {
    let rows = match which {
        Orphans::OfOtherBoots(boot) => {
            let sql = "SELECT id, purpose, channel, attempts, checks, queued_at, expires_at, sent_at FROM outbox \
                       WHERE state = 'sending' AND (boot_id IS NULL OR boot_id <> $1)";
            sqlx::query(sql).bind(boot.to_owned()).fetch_all(&mut *conn).await?
        }
        Orphans::LeaseEnded { boot_id, mono } => {
            let sql = "SELECT id, purpose, channel, attempts, checks, queued_at, expires_at, sent_at FROM outbox \
                       WHERE state = 'sending' AND lease_until < $2 AND boot_id = $1";
            sqlx::query(sql).bind(boot_id.to_owned()).bind(mono).fetch_all(&mut *conn).await?
        }
    };
    for row in &rows {
        let id: String = row.try_get("id")?;
        let next = machine::unknown(&standing(row)?, now);
        sqlx::query(
            "UPDATE outbox SET state = $1, reason = $2, next_check_at = $3, checks = $4, last_class = 'unknown', \
             lease_token = NULL, lease_until = NULL WHERE id = $5",
        )
        .bind(next.state.as_str())
        .bind(next.reason.as_deref().unwrap_or("Cut off while it was being sent; asking the vendor."))
        .bind(next.next_check_at)
        .bind(next.checks)
        .bind(&id)
        .execute(&mut *conn)
        .await?;
        sqlx::query("UPDATE attempt SET ended_at = $1, class = 'unknown', reason = 'Cut off.' WHERE message_id = $2 AND ended_at IS NULL")
            .bind(now)
            .bind(&id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(rows.len())
}

/// An unknown message whose time to be looked up has come.
#[derive(Clone, Debug)]
pub struct Doubtful {
    /// As it was sent.
    pub outgoing: Outgoing,
    /// What the machine must know.
    pub standing: Standing,
    /// The vendor has it from then on, if at all: the start of the attempt as it was written down, or as the clock that
    /// was set since has it, whichever is earlier.
    pub since: i64,
}

/// Unknown messages that are due for a look, oldest first.
///
/// # Errors
/// The database's.
pub async fn doubtful(readers: &SqlitePool, now: i64, most: i64) -> Result<Vec<Doubtful>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, business_id, purpose, channel, attempts, checks, queued_at, expires_at, sent_at, recipient, body, \
         (SELECT started_at FROM attempt a WHERE a.message_id = outbox.id AND a.n = outbox.attempts) AS started_at \
         FROM outbox WHERE state = 'unknown' AND next_check_at <= $1 ORDER BY next_check_at LIMIT $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(readers)
    .await?;
    rows.iter()
        .map(|row| {
            let standing = standing(row)?;
            let outgoing = Outgoing {
                id: row.try_get::<String, _>("id")?.into(),
                business_id: row.try_get::<String, _>("business_id")?.into(),
                attempt: u32::try_from(standing.attempts).unwrap_or(u32::MAX),
                to: row.try_get("recipient")?,
                from_name: String::new(),
                reply_to: None,
                subject: String::new(),
                body: row.try_get("body")?,
                html: None,
                valid_for_secs: 1,
                auto_reply: false,
                unsubscribe: None,
                hook: None,
            };
            let started: Option<i64> = row.try_get("started_at")?;
            let since = started.unwrap_or(standing.sent_at).min(standing.sent_at);
            Ok(Doubtful { outgoing, standing, since })
        })
        .collect()
}

/// Which of these vendor ids no other message has, oldest first.
///
/// # Errors
/// The database's.
pub async fn first_free(readers: &SqlitePool, vendor_ids: &[String]) -> Result<Option<String>, sqlx::Error> {
    for vendor_id in vendor_ids {
        let taken: Option<i64> = sqlx::query_scalar("SELECT 1 FROM outbox WHERE vendor_id = $1")
            .bind(vendor_id)
            .fetch_optional(readers)
            .await?;
        if taken.is_none() {
            return Ok(Some(vendor_id.clone()));
        }
    }
    Ok(None)
}

/// Writes down what a look-up led to, unless a callback was faster.
///
/// # Errors
/// The database's.
pub async fn looked(conn: &mut Conn, id: &MessageId, next: &Next, now: i64) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE outbox SET state = $1, reason = $2, due_at = COALESCE($3, due_at), next_check_at = $4, checks = $5, \
         vendor_id = COALESCE($6, vendor_id), accepted_at = CASE WHEN $1 = 'accepted' THEN COALESCE(accepted_at, sent_at) ELSE accepted_at END, \
         body = CASE WHEN $1 = 'queued' AND purpose IN ('owner_alert', 'escalation') AND channel = 'sms' AND body NOT LIKE 'Repeat: %' \
           THEN 'Repeat: ' || body ELSE body END \
         WHERE id = $7 AND state = 'unknown' RETURNING business_id, lead_id, purpose, accepted_at",
    )
    .bind(next.state.as_str())
    .bind(next.reason.as_deref())
    .bind(next.due_at)
    .bind(next.next_check_at)
    .bind(next.checks)
    .bind(next.vendor_id.as_deref())
    .bind(id.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let Some(row) = row.first() else { return Ok(false) };
    let business_id: String = row.try_get(0)?;
    let lead_id: Option<String> = row.try_get(1)?;
    let purpose = Purpose::parse(&row.try_get::<String, _>(2)?).unwrap_or(Purpose::Notice);
    let at = if next.state == State::Accepted { row.try_get::<Option<i64>, _>(3)?.unwrap_or(now) } else { now };
    let effect = Effect {
        id,
        business_id: &business_id,
        lead_id: lead_id.as_deref(),
        purpose,
        state: next.state,
        at,
        opted_out: false,
    };
    effects::of(conn, std::iter::once(effect)).await?;
    Ok(true)
}

/// What waited past its time is expired, and said by mail where words for that were frozen. Returns how many.
///
/// # Errors
/// The database's.
pub async fn expire(conn: &mut Conn, now: i64) -> Result<usize, sqlx::Error> {
    let rows = sqlx::query(
        "UPDATE outbox SET state = CASE WHEN prio > 0 AND attempts > 0 THEN 'failed' ELSE 'expired' END, \
         reason = COALESCE(reason || ' ', '') || CASE WHEN prio > 0 AND attempts > 0 THEN 'Gave up: too late to be of use.' \
           ELSE 'Too late to be of use; not sent.' END \
         WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND expires_at <= $1 LIMIT 200) \
         RETURNING id, business_id, lead_id, purpose, state",
    )
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    for row in &rows {
        let (id, business_id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let lead_id: Option<String> = row.try_get(2)?;
        let purpose = Purpose::parse(&row.try_get::<String, _>(3)?).unwrap_or(Purpose::Notice);
        let effect = Effect {
            id: &id,
            business_id: &business_id,
            lead_id: lead_id.as_deref(),
            purpose,
            state: State::parse(&row.try_get::<String, _>(4)?).unwrap_or(State::Expired),
            at: now,
            opted_out: false,
        };
        effects::of(conn, std::iter::once(effect)).await?;
    }
    Ok(rows.len())
}

/// The wall clock was set by `by` milliseconds while we ran: what is under way or soon due keeps its distance to now.
/// Without this a clock set back would leave messages waiting for as long, and one set ahead would let them expire.
/// What waits for a time of day (later than an hour from `then`, the old now) stays where it is, and so does what was
/// planned since the clock was last looked at, `unseen_ms` ago: it was planned by the new time.
///
/// # Errors
/// The database's.
pub async fn clock_was_set(conn: &mut Conn, by: i64, then: i64, unseen_ms: i64) -> Result<u64, sqlx::Error> {
    let now = then + by;
    let done = sqlx::query(
        "UPDATE outbox SET due_at = due_at + $1, expires_at = expires_at + $1, next_check_at = next_check_at + $1, \
         sent_at = sent_at + $1, queued_at = queued_at + $1 \
         WHERE state IN ('queued', 'unknown', 'sending') AND (state <> 'queued' OR due_at <= $2) \
         AND NOT (queued_at BETWEEN $3 AND $4)",
    )
    .bind(by)
    .bind(then + HOUR_MS)
    .bind(now - unseen_ms)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE handoff SET due_at = due_at + $1, since_at = since_at + $1, planned_at = planned_at + $1 \
         WHERE due_at <= $2 AND NOT (planned_at BETWEEN $3 AND $4)",
    )
    .bind(by)
    .bind(then + HOUR_MS)
    .bind(now - unseen_ms)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// At start: what was planned at a time that is still to come was planned before the wall clock was set back.
///
/// # Errors
/// The database's.
pub async fn from_the_future(conn: &mut Conn, now: i64) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE outbox SET due_at = due_at - queued_at + $1, next_check_at = CASE WHEN next_check_at IS NULL THEN NULL ELSE $1 END, \
         expires_at = expires_at - queued_at + $1, sent_at = CASE WHEN sent_at > $1 THEN $1 ELSE sent_at END, queued_at = $1 \
         WHERE state IN ('queued', 'unknown') AND queued_at > $1 + 60000",
    )
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE handoff SET due_at = $1, since_at = CASE WHEN since_at > $1 THEN $1 ELSE since_at END, planned_at = $1 \
         WHERE planned_at > $1 + 60000",
    )
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The owner says: send it all the same. Only what is held, failed or expired moves; caps no longer hold it.
///
/// # Errors
/// The database's.
pub async fn release(conn: &mut Conn, business_id: &str, id: &str, now: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'queued', reason = NULL, due_at = $1, released = 1, checks = 0, told_at = NULL, status_rank = -1, \
         expires_at = CASE WHEN expires_at < $1 + 3600000 THEN $1 + 3600000 ELSE expires_at END \
         WHERE id = $2 AND business_id = $3 AND state IN ('held', 'failed', 'expired')",
    )
    .bind(now)
    .bind(id)
    .bind(business_id)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

fn standing(row: &sqlx::sqlite::SqliteRow) -> Result<Standing, sqlx::Error> {
    let (purpose, medium): (String, String) = (row.try_get("purpose")?, row.try_get("channel")?);
    let unreadable = |word: &str| sqlx::Error::Decode(format!("a stored word is not ours: {word}").into());
    Ok(Standing {
        purpose: Purpose::parse(&purpose).ok_or_else(|| unreadable(&purpose))?,
        medium: Medium::parse(&medium).ok_or_else(|| unreadable(&medium))?,
        attempts: row.try_get("attempts")?,
        queued_at: row.try_get("queued_at")?,
        expires_at: row.try_get("expires_at")?,
        sent_at: row.try_get::<Option<i64>, _>("sent_at")?.unwrap_or(0),
        checks: row.try_get("checks")?,
    })
}
