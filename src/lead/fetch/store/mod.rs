//! Questions in SQL: planned with the event that names something, claimed under a lease, settled with the answer.
//!
//! A question whose source has no token is not claimed, so nothing has to be moved when one is set. A lease that has run
//! out, or that an earlier process held, is simply claimed again.

mod read;
#[cfg(test)]
mod tests;

pub use read::{Asked, Token, of_lead, token};

use super::machine::{AGAIN_AFTER_MS, LEASE_MS, LONGEST_WAIT_MS, Next, Standing, WORTH_MS};
use crate::base::ids::{BusinessId, ReceiptId, SourceId};
use crate::db::{Conn, Db, Pool, WriteError};

/// A question to be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Whose vendor is asked.
    pub source_id: SourceId,
    /// The event that named it.
    pub receipt_id: ReceiptId,
    /// What is asked for.
    pub what: String,
    /// Its number there.
    pub reference: String,
    /// The event was a test.
    pub is_test: bool,
    /// When the event came, UTC milliseconds.
    pub at: i64,
}

/// Plans questions. One that waits for its turn already is not planned again.
///
/// # Errors
/// The database's.
pub async fn plan(conn: &mut Conn, questions: &[Question]) -> Result<(), sqlx::Error> {
    for question in questions {
        insert(conn, question, question.at).await?;
    }
    Ok(())
}

async fn insert(conn: &mut Conn, q: &Question, due_at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO question (id, business_id, source_id, receipt_id, what, ref, is_test, state, created_at, due_at, expires_at) \
         SELECT $1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $10 WHERE NOT EXISTS \
         (SELECT 1 FROM question WHERE source_id = $3 AND what = $5 AND ref = $6 AND state = 'queued')",
    )
    .bind(&q.id)
    .bind(&q.business_id)
    .bind(&q.source_id)
    .bind(&q.receipt_id)
    .bind(&q.what)
    .bind(&q.reference)
    .bind(q.is_test)
    .bind(q.at)
    .bind(due_at)
    .bind(q.at + WORTH_MS)
    .execute(conn)
    .await
    .map(drop)
}

/// The event came again for something that may have changed: its question is asked once more, in a moment, however often
/// the event comes until then.
///
/// # Errors
/// The database's.
pub async fn ask_again(conn: &mut Conn, question: &Question) -> Result<(), sqlx::Error> {
    let due_at = question.at + AGAIN_AFTER_MS;
    let requeued = sqlx::query(
        "UPDATE question SET state = 'queued', due_at = $4, attempts = 0, began_at = NULL, reason = NULL, class = NULL, \
         expires_at = $5 WHERE id = (SELECT id FROM question WHERE source_id = $1 AND what = $2 AND ref = $3 \
         AND state IN ('done', 'failed') ORDER BY id DESC LIMIT 1) AND NOT EXISTS \
         (SELECT 1 FROM question WHERE source_id = $1 AND what = $2 AND ref = $3 AND state = 'queued')",
    )
    .bind(&question.source_id)
    .bind(&question.what)
    .bind(&question.reference)
    .bind(due_at)
    .bind(question.at + WORTH_MS)
    .execute(&mut *conn)
    .await?;
    if requeued.rows_affected() == 0 {
        // It is being asked at this moment, and the answer may be a moment too old.
        insert(conn, question, due_at).await?;
    }
    Ok(())
}

/// A question whose turn it is.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Whose vendor is asked.
    pub source_id: SourceId,
    /// What is asked for.
    pub what: String,
    /// Its number there.
    #[sqlx(rename = "ref")]
    pub reference: String,
    /// The event was a test.
    pub is_test: bool,
    /// Tries with this token, this one included.
    pub attempts: i64,
    /// When the first of them began, UTC milliseconds.
    pub began_at: i64,
    /// Fences late answers.
    pub lease_token: String,
    /// The token, sealed with the key file.
    pub token_sealed: String,
}

impl std::fmt::Debug for Claimed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Claimed({} {} {})", self.id, self.what, self.attempts)
    }
}

impl Claimed {
    /// As the machine sees it.
    pub fn standing(&self) -> Standing {
        Standing { attempts: self.attempts, began_at: self.began_at }
    }
}

/// Who claims, and when.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Which process this is.
    pub boot_id: String,
    /// UTC milliseconds.
    pub now: i64,
    /// The monotonic clock of this process.
    pub mono: i64,
}

/// Most questions of one source that are open at once, so that a slow vendor is in nobody else's way.
const AT_ONCE_OF_ONE: i64 = 2;

/// What can be asked now: due, or cut off, with a token, of a vendor that does not want to be left alone. `$1` now, `$2` the
/// end of any honest wait (what lies behind it is the work of a clock that jumped), `$3` and `$4` the process and its clock.
macro_rules! askable {
    () => {
        "source s JOIN question f ON f.source_id = s.id AND f.state IN ('queued', 'asking') \
         WHERE s.api_token_sealed IS NOT NULL AND (s.ask_after IS NULL OR s.ask_after <= $1 OR s.ask_after > $2) \
         AND ((f.state = 'queued' AND (f.due_at <= $1 OR f.due_at > $2)) \
         OR (f.state = 'asking' AND (f.boot_id <> $3 OR f.lease_until <= $4)))"
    };
}

/// Whether anything can be asked, by a look that writes nothing.
///
/// # Errors
/// When the database cannot be read.
pub async fn anything_due(pool: &Pool, turn: &Turn) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(concat!("SELECT 1 FROM ", askable!(), " LIMIT 1"))
        .bind(turn.now)
        .bind(turn.now + 2 * LONGEST_WAIT_MS)
        .bind(&turn.boot_id)
        .bind(turn.mono)
        .fetch_optional(pool)
        .await?;
    Ok(found.is_some())
}

/// Claims up to `room` questions, the longest due first, each source in its turn. `lease_token` is a fresh one.
///
/// # Errors
/// The database's.
pub async fn claim(conn: &mut Conn, turn: &Turn, room: usize, lease_token: &str) -> Result<Vec<Claimed>, sqlx::Error> {
    sqlx::query_as(concat!(
        "UPDATE question SET state = 'asking', attempts = attempts + 1, began_at = COALESCE(began_at, $1), lease_token = $5, \
         lease_until = $6, boot_id = $3 WHERE id IN (SELECT id FROM (SELECT f.id, f.due_at, \
         row_number() OVER (PARTITION BY f.source_id ORDER BY f.due_at, f.id) + (SELECT count(*) FROM question b \
         WHERE b.source_id = s.id AND b.state = 'asking' AND b.boot_id = $3 AND b.lease_until > $4) AS turn FROM ",
        askable!(),
        ") waiting WHERE turn <= $8 ORDER BY turn, due_at, id LIMIT $7) RETURNING id, business_id, source_id, what, ref, is_test, attempts, began_at, lease_token, \
         (SELECT api_token_sealed FROM source WHERE source.id = question.source_id) AS token_sealed"
    ))
    .bind(turn.now)
    .bind(turn.now + 2 * LONGEST_WAIT_MS)
    .bind(&turn.boot_id)
    .bind(turn.mono)
    .bind(lease_token)
    .bind(turn.mono + LEASE_MS)
    .bind(i64::try_from(room).unwrap_or(1))
    .bind(AT_ONCE_OF_ONE)
    .fetch_all(conn)
    .await
}

/// The answer is stored with this transaction.
///
/// # Errors
/// The database's.
pub async fn done(conn: &mut Conn, id: &str, lease_token: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE question SET state = 'done', reason = NULL, class = 'got', done_at = $3, lease_token = NULL \
         WHERE id = $1 AND lease_token = $2 AND state = 'asking'",
    )
    .bind(id)
    .bind(lease_token)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// No answer came. A token that was changed meanwhile is tried at once. What is given up is written into the timeline of
/// its lead. Says whether this try still had the lease.
///
/// # Errors
/// The database's.
pub async fn put_off(conn: &mut Conn, claimed: &Claimed, next: &Next, now: i64) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query(
        "UPDATE question SET state = CASE WHEN $3 IS NULL \
         AND (SELECT api_token_sealed FROM source WHERE id = question.source_id) IS NOT DISTINCT FROM $7 THEN 'failed' ELSE 'queued' END, \
         due_at = CASE WHEN (SELECT api_token_sealed FROM source WHERE id = question.source_id) IS NOT DISTINCT FROM $7 \
         THEN COALESCE($3, due_at) ELSE $6 END, reason = $4, class = $5, lease_token = NULL \
         WHERE id = $1 AND lease_token = $2 AND state = 'asking'",
    )
    .bind(&claimed.id)
    .bind(&claimed.lease_token)
    .bind(next.due_at)
    .bind(&next.reason)
    .bind(next.class)
    .bind(now)
    .bind(&claimed.token_sealed)
    .execute(&mut *conn)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    if let Some(due_at) = next.due_at.filter(|_| next.all_wait) {
        sqlx::query("UPDATE source SET ask_after = $2 WHERE id = $1 AND api_token_sealed = $3")
            .bind(&claimed.source_id)
            .bind(due_at)
            .bind(&claimed.token_sealed)
            .execute(&mut *conn)
            .await?;
    }
    if next.due_at.is_none() {
        sqlx::query(
            "INSERT INTO event (business_id, lead_id, at, kind, detail) \
             SELECT r.business_id, r.lead_id, $2, 'note', f.reason FROM question f JOIN receipt r ON r.id = f.receipt_id \
             WHERE f.id = $1 AND f.state = 'failed' AND r.lead_id IS NOT NULL",
        )
        .bind(&claimed.id)
        .bind(now)
        .execute(conn)
        .await?;
    }
    Ok(true)
}

/// Sets or removes the token of a source. With a new one, whatever was not answered yet is asked for at once.
///
/// # Errors
/// The database's.
pub async fn set_token(conn: &mut Conn, source: &SourceId, sealed: Option<&str>, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE source SET api_token_sealed = $2, api_token_set_at = $3, ask_after = NULL WHERE id = $1")
        .bind(source)
        .bind(sealed)
        .bind(sealed.map(|_| now))
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "UPDATE question SET state = 'queued', due_at = $2, attempts = 0, began_at = NULL, reason = NULL, class = NULL \
         WHERE source_id = $1 AND state IN ('queued', 'failed') AND expires_at > $2",
    )
    .bind(source)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// One step of giving up what no token came for in time; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn too_late(db: &Db, now: i64) -> Result<usize, WriteError> {
    let find = "SELECT id FROM question WHERE state = 'queued' AND expires_at <= $1 LIMIT $2";
    let give_up = "UPDATE question SET state = 'failed', class = 'expired', reason = 'It waited for 90 days; vendors keep it no longer.' \
                   WHERE id = $1 AND state = 'queued' AND expires_at <= $2";
    db.sweep(find, give_up, now).await
}
