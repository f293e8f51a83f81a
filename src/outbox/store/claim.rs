//! Claiming: the last check before sending and the lease, in one transaction that is on disk before the bytes leave.
//!
//! A row that may not go now is moved, with its reason, and burns no try: too late is `expired`, opted out is
//! `cancelled`, over a cap is `held`. A row that may go becomes `sending` under a fresh lease, and its attempt is
//! written down before it is made, so that even a power cut cannot make us forget it.

use super::runs;
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::db::Conn;
use crate::outbox::channel::{Medium, Outgoing};
use crate::outbox::limits::{self, Cap, Subject};
use crate::outbox::machine::Standing;
use crate::outbox::message::{Purpose, State};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};
use std::collections::HashMap;

/// How long a lease lasts: longer than any send may take.
pub const LEASE_MS: i64 = 20_000;
/// The most rows of one claim, so that a lease never outlives its queue.
pub const MOST: usize = 16;

/// How to claim.
#[derive(Clone, Debug)]
pub struct Order {
    /// Which channel has room.
    pub medium: Medium,
    /// For how many.
    pub room: usize,
    /// Now, UTC milliseconds.
    pub now: i64,
    /// Now, on the monotonic clock of this process.
    pub mono: i64,
    /// Which process this is.
    pub boot_id: String,
    /// Whether to take the oldest due of any class, so that nothing starves.
    pub oldest_first: bool,
    /// Whether the caps hold.
    pub caps: bool,
}

/// A message under lease.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What the channel gets.
    pub outgoing: Outgoing,
    /// What the machine must know.
    pub standing: Standing,
    /// The fence.
    pub lease_token: String,
    /// The lead it is about.
    pub lead_id: Option<String>,
}

/// What a claim did.
#[derive(Debug, Default)]
pub struct Catch {
    /// To be sent now.
    pub claimed: Vec<Claimed>,
    /// How many rows were moved elsewhere instead.
    pub moved: usize,
}

const COLUMNS: &str = "SELECT o.id, o.business_id, o.lead_id, o.source_id, o.purpose, o.recipient, o.subject, o.body, o.html, o.parts, \
     o.remote, o.queued_at, o.expires_at, o.attempts, o.checks, o.released, b.name, s.created_at AS source_since, \
     (SELECT 1 FROM opt_out x WHERE x.business_id = o.business_id AND x.phone = o.recipient) AS opted_out, \
     (SELECT p.email FROM person p WHERE p.business_id = o.business_id AND p.email IS NOT NULL ORDER BY p.position LIMIT 1) AS reply_to \
     FROM outbox o JOIN business b ON b.id = o.business_id LEFT JOIN source s ON s.id = o.source_id ";

struct Candidate {
    id: String,
    business_id: String,
    lead_id: Option<String>,
    source_id: Option<String>,
    source_since: Option<i64>,
    purpose: Purpose,
    recipient: String,
    parts: i64,
    remote: Option<String>,
    released: bool,
    opted_out: bool,
    expires_at: i64,
    claimed: Claimed,
}

/// Claims up to `order.room` messages that are due.
///
/// # Errors
/// The database's.
pub async fn claim(conn: &mut Conn, order: &Order, random: &Random) -> Result<Catch, sqlx::Error> {
    let candidates = due(conn, order, random).await?;
    let mut purse = Purse::open(conn, &candidates, order).await?;
    let mut catch = Catch::default();
    let mut moves: Vec<(String, State, &'static str)> = Vec::new();
    for candidate in candidates {
        match verdict(&candidate, order, &mut purse) {
            Ok(()) => catch.claimed.push(candidate.claimed),
            Err((state, reason)) => moves.push((candidate.id, state, reason)),
        }
    }
    catch.moved = moves.len();
    set_aside(conn, &moves).await?;
    purse.pay(conn).await?;
    lease(conn, order, &catch.claimed).await?;
    Ok(catch)
}

async fn due(conn: &mut Conn, order: &Order, random: &Random) -> Result<Vec<Candidate>, sqlx::Error> {
    let mut found = Vec::new();
    let mut room = order.room.min(MOST);
    let medium = order.medium.as_str();
    if order.oldest_first {
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        sql.push("WHERE o.state = 'queued' AND o.channel = ").push_bind(medium);
        sql.push(" AND o.due_at <= ").push_bind(order.now);
        sql.push(" ORDER BY o.due_at, o.id LIMIT ").push_bind(1i64);
        found = read(conn, sql, order, random).await?;
        return Ok(found);
    }
    for prio in 0..=3i64 {
        if room == 0 {
            break;
        }
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        sql.push("WHERE o.state = 'queued' AND o.channel = ").push_bind(medium);
        sql.push(" AND o.prio = ").push_bind(prio);
        sql.push(" AND o.due_at <= ").push_bind(order.now);
        sql.push(" ORDER BY o.due_at, o.id LIMIT ").push_bind(i64::try_from(room).unwrap_or(1));
        let rows = read(conn, sql, order, random).await?;
        room -= rows.len().min(room);
        found.extend(rows);
    }
    Ok(found)
}

async fn read(
    conn: &mut Conn,
    mut sql: QueryBuilder<Sqlite>,
    order: &Order,
    random: &Random,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows = sql.build().persistent(true).fetch_all(conn).await?;
    rows.iter().map(|row| candidate(row, order, random)).collect()
}

fn candidate(row: &sqlx::sqlite::SqliteRow, order: &Order, random: &Random) -> Result<Candidate, sqlx::Error> {
    let word: String = row.try_get("purpose")?;
    let purpose = Purpose::parse(&word).ok_or_else(|| sqlx::Error::Decode(format!("purpose {word}").into()))?;
    let id: String = row.try_get("id")?;
    let attempts: i64 = row.try_get::<i64, _>("attempts")? + 1;
    let expires_at: i64 = row.try_get("expires_at")?;
    let valid_for_secs = u32::try_from(((expires_at - order.now) / 1_000).clamp(1, 4 * 3_600)).unwrap_or(1);
    let recipient: String = row.try_get("recipient")?;
    let business_id: String = row.try_get("business_id")?;
    let lead_id: Option<String> = row.try_get("lead_id")?;
    let claimed = Claimed {
        outgoing: Outgoing {
            id: MessageId::from(id.as_str()),
            business_id: business_id.as_str().into(),
            attempt: u32::try_from(attempts).unwrap_or(u32::MAX),
            to: recipient.clone(),
            from_name: row.try_get("name")?,
            reply_to: if purpose.is_for_lead() { row.try_get("reply_to")? } else { None },
            subject: row.try_get("subject")?,
            body: row.try_get("body")?,
            html: row.try_get("html")?,
            valid_for_secs,
            auto_reply: purpose == Purpose::LeadReply,
        },
        standing: Standing {
            purpose,
            medium: order.medium,
            attempts,
            queued_at: row.try_get("queued_at")?,
            expires_at,
            sent_at: order.now,
            checks: row.try_get("checks")?,
        },
        lease_token: crate::base::ids::new_code(random),
        lead_id: lead_id.clone(),
    };
    Ok(Candidate {
        id,
        business_id,
        lead_id,
        source_id: row.try_get("source_id")?,
        source_since: row.try_get("source_since")?,
        purpose,
        recipient,
        parts: row.try_get("parts")?,
        remote: row.try_get("remote")?,
        released: row.try_get::<i64, _>("released")? != 0,
        opted_out: row.try_get::<Option<i64>, _>("opted_out")?.is_some(),
        expires_at,
        claimed,
    })
}

/// The last question before sending: may it still go?
fn verdict(c: &Candidate, order: &Order, purse: &mut Purse) -> Result<(), (State, &'static str)> {
    if c.expires_at <= order.now {
        return Err((State::Expired, "Too late to be of use; not sent."));
    }
    if c.opted_out && c.purpose.is_for_lead() {
        return Err((State::Cancelled, "They asked us not to text. You can still call."));
    }
    if !order.caps || c.released || c.lead_id.is_none() || c.claimed.standing.attempts > 1 {
        return Ok(());
    }
    purse.reserve(c, order).map_err(|reason| (State::Held, reason))
}

/// The counters behind the caps, read once and written once for a whole claim.
#[derive(Default)]
struct Purse {
    used: HashMap<(String, i64), i64>,
    spent: HashMap<(String, i64), (i64, i64)>,
}

impl Purse {
    async fn open(conn: &mut Conn, candidates: &[Candidate], order: &Order) -> Result<Self, sqlx::Error> {
        let mut purse = Self::default();
        if !order.caps {
            return Ok(purse);
        }
        let mut keys: Vec<(String, i64)> = candidates
            .iter()
            .flat_map(|c| limits::caps(&c.subject(order.medium), order.now))
            .map(|cap| (cap.starts_at(order.now), cap.key))
            .map(|(starts_at, key)| (key, starts_at))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for run in runs(&keys) {
            let mut sql =
                QueryBuilder::<Sqlite>::new("SELECT key, starts_at, used FROM budget WHERE (key, starts_at) IN (");
            sql.push_values(run, |mut row, (key, starts_at)| {
                row.push_bind(key.as_str()).push_bind(*starts_at);
            });
            sql.push(")");
            for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
                purse.used.insert((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?);
            }
        }
        Ok(purse)
    }

    fn reserve(&mut self, c: &Candidate, order: &Order) -> Result<(), &'static str> {
        let caps = limits::caps(&c.subject(order.medium), order.now);
        for cap in &caps {
            if self.used(cap, order.now) + cap.takes > cap.most {
                return Err(cap.reason);
            }
        }
        for cap in caps {
            let starts_at = cap.starts_at(order.now);
            *self.used.entry((cap.key.clone(), starts_at)).or_default() += cap.takes;
            let spent = self.spent.entry((cap.key, starts_at)).or_insert((0, starts_at + cap.window_ms));
            spent.0 += cap.takes;
        }
        Ok(())
    }

    fn used(&self, cap: &Cap, now: i64) -> i64 {
        self.used.get(&(cap.key.clone(), cap.starts_at(now))).copied().unwrap_or(0)
    }

    async fn pay(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        let spent: Vec<_> = self.spent.into_iter().collect();
        for run in runs(&spent) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO budget (key, starts_at, used, expires_at) ");
            sql.push_values(run, |mut row, ((key, starts_at), (used, expires_at))| {
                row.push_bind(key.as_str()).push_bind(*starts_at).push_bind(*used).push_bind(*expires_at);
            });
            sql.push(" ON CONFLICT (key, starts_at) DO UPDATE SET used = budget.used + excluded.used");
            sql.build().persistent(true).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

impl Candidate {
    fn subject(&self, medium: Medium) -> Subject<'_> {
        Subject {
            business_id: &self.business_id,
            source_id: self.source_id.as_deref(),
            source_since: self.source_since,
            purpose: self.purpose,
            medium,
            recipient: &self.recipient,
            remote: self.remote.as_deref(),
            parts: self.parts,
        }
    }
}

async fn set_aside(conn: &mut Conn, moves: &[(String, State, &'static str)]) -> Result<(), sqlx::Error> {
    for (id, state, reason) in moves {
        sqlx::query("UPDATE outbox SET state = $1, reason = $2 WHERE id = $3 AND state = 'queued'")
            .bind(state.as_str())
            .bind(*reason)
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

async fn lease(conn: &mut Conn, order: &Order, claimed: &[Claimed]) -> Result<(), sqlx::Error> {
    for run in runs(claimed) {
        let mut sql = QueryBuilder::<Sqlite>::new("WITH v(id, token) AS (");
        sql.push_values(run, |mut row, c| {
            row.push_bind(c.outgoing.id.as_str()).push_bind(c.lease_token.as_str());
        });
        sql.push(") UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_token = v.token, sent_at = ");
        sql.push_bind(order.now).push(", lease_until = ").push_bind(order.mono + LEASE_MS);
        sql.push(", boot_id = ").push_bind(order.boot_id.as_str());
        sql.push(" FROM v WHERE outbox.id = v.id");
        sql.build().persistent(true).execute(&mut *conn).await?;
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO attempt (message_id, n, business_id, started_at) ");
        sql.push_values(run, |mut row, c| {
            row.push_bind(c.outgoing.id.as_str())
                .push_bind(i64::from(c.outgoing.attempt))
                .push_bind(c.outgoing.business_id.as_str())
                .push_bind(order.now);
        });
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Whether any message of a channel is due, by a look at the index alone.
///
/// # Errors
/// The database's.
pub async fn anything_due(readers: &SqlitePool, medium: Medium, now: i64) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT 1 FROM (SELECT 0 AS p UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) prios \
         JOIN outbox o ON o.state = 'queued' AND o.channel = $1 AND o.prio = prios.p AND o.due_at <= $2 LIMIT 1",
    )
    .bind(medium.as_str())
    .bind(now)
    .fetch_optional(readers)
    .await
}

/// Whether a lease has ended or a waiting message is too old.
///
/// # Errors
/// The database's.
pub async fn anything_overdue(readers: &SqlitePool, now: i64, mono: i64, boot_id: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until < $1 AND boot_id = $2) \
         OR EXISTS (SELECT 1 FROM outbox WHERE state = 'queued' AND expires_at <= $3)",
    )
    .bind(mono)
    .bind(boot_id)
    .bind(now)
    .fetch_optional(readers)
    .await?;
    Ok(found.is_some())
}
