//! Claiming: the last check before sending and the lease, in one transaction that is on disk before the bytes leave.
//!
//! A row that may not go now is moved, with its reason, and burns no try: too late is `expired`, opted out is
//! `cancelled`, over a cap is `held`. A row that may go becomes `sending` under a fresh lease, and its attempt is
//! written down before it is made, so that even a power cut cannot make us forget it.

use super::bundle;
use super::candidate::{Candidate, due};
use super::effects::{self, Effect};
use super::hooks;
use super::runs;
use super::second_way::SECOND_WAY_MS;
use super::verdict::Desk;
use crate::base::random::Random;
use crate::db::{Conn, Script};
use crate::outbox::bundle::Limits;
use crate::outbox::channel::{Medium, Outgoing};
use crate::outbox::gate::Verdict;
use crate::outbox::machine::Standing;
use crate::outbox::message::State;
use crate::outbox::pace::{self, Rule};
use sqlx::SqlitePool;
use std::collections::BTreeMap;

/// How long the lease of a text lasts: longer than any send may take.
pub const LEASE_MS: i64 = 20_000;
/// How long that of a mail lasts, before it is renewed.
pub const MAIL_LEASE_MS: i64 = 40_000;
/// The most rows of one claim, so that a lease never outlives its queue.
pub const MOST: usize = 16;

/// How to claim.
#[derive(Clone, Debug)]
pub struct Order {
    /// Which channel has room.
    pub medium: Medium,
    /// For how many.
    pub room: usize,
    /// How many may be looked at to find them; more than there is room for while many are set aside.
    pub net: usize,
    /// Now, UTC milliseconds.
    pub now: i64,
    /// Now, on the monotonic clock of this process.
    pub mono: i64,
    /// Which process this is.
    pub boot_id: String,
    /// Whether to take the oldest due of any class, so that nothing starves.
    pub oldest_first: bool,
    /// How many reports may go.
    pub reports: usize,
    /// How many segments the sender has left; none = as many as one likes.
    pub segments: Option<i64>,
    /// What holds messages back.
    pub limits: Limits,
}

impl Order {
    /// How many messages are looked at.
    pub(super) fn looks_at(&self) -> usize {
        if self.oldest_first { 1 } else { self.net }
    }

    fn has_room(&self, catch: &Catch) -> bool {
        catch.claimed.len() < self.room.min(MOST) && self.segments.is_none_or(|left| left > catch.segments)
    }
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
    /// How many segments leave.
    pub segments: i64,
    /// Whether more may be due than was looked at or had room.
    pub more: bool,
}

/// Claims up to `order.room` messages that are due.
///
/// # Errors
/// The database's.
pub async fn claim(conn: &mut Conn, order: &Order, random: &Random) -> Result<Catch, sqlx::Error> {
    let mut candidates = due(conn, order, random).await?;
    let mut desk = Desk::open(conn, &candidates, order).await?;
    if order.medium == Medium::Hook {
        desk.absent = hooks::address(conn, &mut candidates, order.now).await?;
    }
    let mut catch = Catch { more: candidates.len() >= order.looks_at(), ..Catch::default() };
    let mut crowds: BTreeMap<String, (i64, Candidate)> = BTreeMap::new();
    let mut asides: Vec<(Candidate, State, &'static str)> = Vec::new();
    for candidate in candidates {
        if !order.has_room(&catch) {
            catch.more = true;
            break;
        }
        match desk.verdict(&candidate, order) {
            Verdict::Go => go(conn, order, candidate, &mut catch).await?,
            Verdict::Aside(state, reason) => asides.push((candidate, state, reason)),
            Verdict::Wait(until, why) => {
                wait(conn, &candidate.id, until, why, order.medium).await?;
                catch.moved += 1;
            }
            Verdict::Together(due_at) => {
                let key = candidate.pace().map(|(_, key)| key).unwrap_or_default();
                crowds.entry(key).or_insert((due_at, candidate));
            }
        }
    }
    for (key, (due_at, first)) in crowds {
        let crowd = first.crowd(&key, due_at);
        match bundle::take_in(conn, &crowd, &mut desk.paces, order.now, random).await? {
            Some(taken) => catch.moved += taken,
            None if !order.has_room(&catch) => catch.more = true,
            None => {
                desk.paces.sent(&key, Rule::Alert, order.now);
                go(conn, order, first, &mut catch).await?;
            }
        }
    }
    catch.moved += asides.len();
    catch.more |= catch.moved > 0;
    set_aside(conn, &asides, order.now).await?;
    desk.purse.pay(conn).await?;
    desk.paces.store(conn).await?;
    lease(conn, order, &catch.claimed).await?;
    Ok(catch)
}

async fn go(conn: &mut Conn, order: &Order, candidate: Candidate, catch: &mut Catch) -> Result<(), sqlx::Error> {
    let mut claimed = candidate.claimed;
    if candidate.step == pace::BUNDLE && claimed.outgoing.body.is_empty() {
        bundle::close(conn, &mut claimed.outgoing, order.medium, &order.limits.wording).await?;
    }
    catch.segments += if order.medium == Medium::Sms { candidate.parts } else { 0 };
    catch.claimed.push(claimed);
    Ok(())
}

async fn set_aside(conn: &mut Conn, asides: &[(Candidate, State, &'static str)], now: i64) -> Result<(), sqlx::Error> {
    for (candidate, state, reason) in asides {
        sqlx::query("UPDATE outbox SET state = $1, reason = $2 WHERE id = $3 AND state = 'queued'")
            .bind(state.as_str())
            .bind(*reason)
            .bind(&candidate.id)
            .execute(&mut *conn)
            .await?;
    }
    let effects = asides.iter().map(|(candidate, state, _)| Effect {
        id: &candidate.id,
        business_id: &candidate.business_id,
        lead_id: candidate.lead_id.as_deref(),
        purpose: candidate.purpose,
        state: *state,
        at: now,
        opted_out: false,
    });
    effects::of(conn, effects).await
}

async fn wait(conn: &mut Conn, id: &str, until: i64, why: Option<String>, medium: Medium) -> Result<(), sqlx::Error> {
    let usual = match medium {
        Medium::Call => "Waits: the phone rang a moment ago.",
        Medium::Sms | Medium::Mail | Medium::Hook => "Waits a moment after the text before it.",
    };
    sqlx::query("UPDATE outbox SET due_at = $1, reason = $2 WHERE id = $3 AND state = 'queued'")
        .bind(until)
        .bind(why.as_deref().unwrap_or(usual))
        .bind(id)
        .execute(conn)
        .await
        .map(drop)
}

async fn lease(conn: &mut Conn, order: &Order, claimed: &[Claimed]) -> Result<(), sqlx::Error> {
    for run in runs(claimed) {
        let mut script = Script::together();
        let sql = script.statement("WITH v(id, token) AS (");
        sql.push_values(run, |mut row, c| {
            row.push_bind(c.outgoing.id.as_str()).push_bind(c.lease_token.as_str());
        });
        sql.push(") UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_token = v.token, sent_at = ");
        sql.push_bind(order.now).push(", lease_until = ").push_bind(order.mono + lease_ms(order.medium));
        sql.push(", boot_id = ").push_bind(order.boot_id.as_str());
        sql.push(" FROM v WHERE outbox.id = v.id");
        let sql = script.statement("INSERT INTO attempt (message_id, n, business_id, started_at) ");
        sql.push_values(run, |mut row, c| {
            row.push_bind(c.outgoing.id.as_str())
                .push_bind(i64::from(c.outgoing.attempt))
                .push_bind(c.outgoing.business_id.as_str())
                .push_bind(order.now);
        });
        script.run(conn).await?;
    }
    Ok(())
}

/// How long a lease lasts before it must be renewed.
pub fn lease_ms(medium: Medium) -> i64 {
    match medium {
        Medium::Sms | Medium::Hook | Medium::Call => LEASE_MS,
        Medium::Mail => MAIL_LEASE_MS,
    }
}

/// Renews the lease of a send that is still under way, if it still is that send's.
///
/// # Errors
/// The database's.
pub async fn renew(conn: &mut Conn, id: &str, lease_token: &str, until: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE outbox SET lease_until = $1 WHERE id = $2 AND lease_token = $3 AND state = 'sending'")
        .bind(until)
        .bind(id)
        .bind(lease_token)
        .execute(conn)
        .await
        .map(drop)
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

/// Whether a lease has ended, a waiting message is too old, or an alert needs its second way.
///
/// # Errors
/// The database's.
pub async fn anything_overdue(readers: &SqlitePool, now: i64, mono: i64, boot_id: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until < $1 AND boot_id = $2) \
         OR EXISTS (SELECT 1 FROM outbox WHERE state = 'queued' AND expires_at <= $3) \
         OR EXISTS (SELECT 1 FROM outbox o WHERE o.state IN ('queued', 'unknown') AND o.prio = 1 AND o.fallback_to IS NOT NULL \
           AND o.queued_at <= $4 AND NOT EXISTS (SELECT 1 FROM outbox m WHERE m.id = o.id || 'm'))",
    )
    .bind(mono)
    .bind(boot_id)
    .bind(now)
    .bind(now - SECOND_WAY_MS)
    .fetch_optional(readers)
    .await?;
    Ok(found.is_some())
}
