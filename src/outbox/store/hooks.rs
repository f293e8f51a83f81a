//! Messages to hooks: planning, the address at the last moment, the fuse of each hook, what became of them.
//!
//! A hook that fails five times in a row is left alone for a while, from a quarter of a minute up to two; then one
//! message tries it. Waiting costs no try. A hook that says 410 Gone is switched off.

use super::candidate::Candidate;
use super::settle::Settled;
use crate::base::clock::{DAY_MS, MINUTE_MS, SECOND_MS};
use crate::base::ids::{BusinessId, LeadId, MessageId};
use crate::db::{Conn, Pool};
use crate::outbox::channel::HookAddress;
use crate::outbox::message::Purpose;
use sqlx::Row;
use std::collections::HashMap;

/// So many failures in a row and a hook is left alone.
const FUSE: i64 = 5;
/// For how long at first, in milliseconds.
const PAUSE_MS: i64 = 15 * SECOND_MS;
/// For how long at most, in milliseconds.
const LONGEST_PAUSE_MS: i64 = 2 * MINUTE_MS;
/// The status that means: never again.
pub const GONE: i64 = 410;

/// A message to a hook. Its words are frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToHook {
    /// Its id, which the receiver gets with every try.
    pub id: MessageId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// The lead it is about.
    pub lead_id: Option<LeadId>,
    /// The hook.
    pub hook_id: String,
    /// Its host, to be shown as the recipient.
    pub host: String,
    /// The word of the event.
    pub event: String,
    /// What is sent.
    pub body: String,
    /// When it was planned (UTC milliseconds).
    pub at: i64,
}

/// Stores messages to hooks, in the transaction of whoever plans them.
///
/// # Errors
/// The database's.
pub async fn plan(conn: &mut Conn, messages: &[ToHook]) -> Result<(), sqlx::Error> {
    for m in messages {
        sqlx::query(
            "INSERT INTO outbox (id, business_id, lead_id, hook_id, purpose, step, channel, recipient, body, prio, \
             queued_at, due_at, expires_at, state) VALUES ($1, $2, $3, $4, 'hook', $5 || ':' || $1, 'hook', $6, $7, $8, $9, $9, $10, 'queued')",
        )
        .bind(m.id.as_str())
        .bind(&m.business_id)
        .bind(m.lead_id.as_ref())
        .bind(&m.hook_id)
        .bind(&m.event)
        .bind(&m.host)
        .bind(&m.body)
        .bind(Purpose::Hook.prio())
        .bind(m.at)
        .bind(m.at + Purpose::Hook.worth_ms())
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Why a hook takes nothing at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is switched off or removed.
    Gone,
    /// It failed too often and is left alone until this instant (UTC milliseconds).
    Until(i64),
}

/// Gives the candidates their addresses. Those whose hook takes nothing now come back with why.
pub(super) async fn address(
    conn: &mut Conn,
    candidates: &mut [Candidate],
    now: i64,
) -> Result<HashMap<String, Absent>, sqlx::Error> {
    let mut held = HashMap::new();
    let mut pauses: HashMap<String, i64> = HashMap::new();
    for candidate in candidates {
        let row = sqlx::query(
            "SELECT h.id, h.kind, h.url_sealed, h.secret_sealed, CASE WHEN h.old_until_at > $2 THEN h.old_secret_sealed END, \
             h.failures, h.paused_until FROM outbox o JOIN hook h ON h.id = o.hook_id AND h.is_on = 1 WHERE o.id = $1",
        )
        .bind(&candidate.id)
        .bind(now)
        .fetch_optional(&mut *conn)
        .await?;
        let Some(row) = row else {
            held.insert(candidate.id.clone(), Absent::Gone);
            continue;
        };
        let hook: String = row.try_get(0)?;
        let paused_until = pauses.get(&hook).copied().or(row.try_get(6)?);
        // A pause that ends later than any may was noted before the clock was set back.
        if let Some(until) = paused_until.filter(|until| (now + 1..=now + LONGEST_PAUSE_MS).contains(until)) {
            held.insert(candidate.id.clone(), Absent::Until(until));
            continue;
        }
        if row.try_get::<i64, _>(5)? >= FUSE {
            // This one tries it; the others wait for what comes of that.
            pause(conn, &hook, now + PAUSE_MS).await?;
            pauses.insert(hook, now + PAUSE_MS);
        }
        let secrets = [row.try_get::<Option<String>, _>(3)?, row.try_get(4)?];
        candidate.claimed.outgoing.hook = Some(HookAddress {
            kind: row.try_get(1)?,
            url_sealed: row.try_get(2)?,
            secrets_sealed: secrets.into_iter().flatten().collect(),
        });
    }
    Ok(held)
}

async fn pause(conn: &mut Conn, hook: &str, until: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE hook SET paused_until = $1 WHERE id = $2").bind(until).bind(hook).execute(conn).await.map(drop)
}

/// What tries mean for their hooks.
///
/// # Errors
/// The database's.
pub async fn heard(conn: &mut Conn, settled: &[&Settled]) -> Result<(), sqlx::Error> {
    for s in settled.iter().filter(|s| s.purpose == Purpose::Hook) {
        let query = match s.next.class {
            "accepted" => sqlx::query(
                "UPDATE hook SET failures = 0, paused_until = NULL WHERE id = (SELECT hook_id FROM outbox WHERE id = $1) \
                 AND (failures > 0 OR paused_until IS NOT NULL)",
            )
            .bind(s.id.as_str()),
            "rejected" if s.next.code == Some(GONE) => sqlx::query(
                "UPDATE hook SET is_on = 0, off_why = 'It answered 410 Gone, which means: never again.' \
                 WHERE id = (SELECT hook_id FROM outbox WHERE id = $1)",
            )
            .bind(s.id.as_str()),
            _ => sqlx::query(
                "UPDATE hook SET failures = failures + 1, paused_until = CASE WHEN failures + 1 >= $2 \
                   THEN $3 + min($4 << min(failures + 1 - $2, 8), $5) END \
                 WHERE id = (SELECT hook_id FROM outbox WHERE id = $1)",
            )
            .bind(s.id.as_str())
            .bind(FUSE)
            .bind(s.at)
            .bind(PAUSE_MS)
            .bind(LONGEST_PAUSE_MS),
        };
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// A message to a hook as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// Its hook.
    pub hook_id: String,
    /// The event and its id, as `event:id`.
    pub step: String,
    /// The lead it is about.
    pub lead_id: Option<String>,
    /// Where it stands.
    pub state: String,
    /// Why it is there, for people.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// UTC milliseconds.
    pub queued_at: i64,
    /// Not before this instant (UTC milliseconds).
    pub due_at: i64,
    /// Whether its words are still there.
    pub has_words: bool,
}

impl Delivery {
    /// The word of its event.
    pub fn event(&self) -> &str {
        self.step.split(':').next().unwrap_or_default()
    }
}

/// The newest messages to one hook.
///
/// # Errors
/// When the database cannot be read.
pub async fn deliveries(
    pool: &Pool,
    business: &BusinessId,
    hook: &str,
    most: i64,
) -> Result<Vec<Delivery>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, hook_id, step, lead_id, state, reason, attempts, queued_at, due_at, body <> '' AS has_words FROM outbox \
         WHERE hook_id = $1 AND business_id = $2 ORDER BY queued_at DESC, id DESC LIMIT $3",
    )
    .bind(hook)
    .bind(business)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Sends a message again that was given up or called off; it has all its tries once more. `false`: there is none such, or
/// its words are forgotten.
///
/// # Errors
/// The database's.
pub async fn again(
    conn: &mut Conn,
    business: &BusinessId,
    hook: &str,
    id: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'queued', reason = NULL, due_at = $1, expires_at = $2, checks = attempts, released = 1, \
         told_at = NULL WHERE id = $3 AND hook_id = $4 AND business_id = $5 AND state IN ('failed', 'expired', 'cancelled') AND body <> ''",
    )
    .bind(now)
    .bind(now + Purpose::Hook.worth_ms())
    .bind(id)
    .bind(hook)
    .bind(business)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A hook whose owner is to be told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Untold {
    /// The hook.
    pub hook_id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Its host.
    pub host: String,
    /// Why we switched it off, if we did.
    pub off_why: Option<String>,
}

/// Hooks with messages that were given up and of which nobody was told, where nobody was told of that hook for a day; a
/// hook that was switched off is told whatever was told before.
///
/// # Errors
/// When the database cannot be read.
pub async fn untold(pool: &Pool, now: i64) -> Result<Vec<Untold>, sqlx::Error> {
    sqlx::query_as(
        "SELECT h.id AS hook_id, h.business_id, h.host, h.off_why FROM hook h \
         WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.hook_id = h.id AND o.told_at IS NULL AND o.state IN ('failed', 'expired')) \
         AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.business_id = h.business_id AND n.queued_at > $1 \
           AND n.purpose = 'notice' AND n.step = 'hook:' || CASE WHEN h.off_why IS NULL THEN '' ELSE 'off:' END || h.id) LIMIT 50",
    )
    .bind(now - DAY_MS)
    .fetch_all(pool)
    .await
}

/// Marks them told; how many there were, and the newest reason.
///
/// # Errors
/// The database's.
pub async fn mark_told(conn: &mut Conn, hook: &str, now: i64) -> Result<(i64, Option<String>), sqlx::Error> {
    let rows: Vec<Option<String>> = sqlx::query_scalar(
        "UPDATE outbox SET told_at = $1 WHERE hook_id = $2 AND state IN ('failed', 'expired') AND told_at IS NULL \
         RETURNING reason",
    )
    .bind(now)
    .bind(hook)
    .fetch_all(conn)
    .await?;
    Ok((i64::try_from(rows.len()).unwrap_or(i64::MAX), rows.into_iter().flatten().next_back()))
}
