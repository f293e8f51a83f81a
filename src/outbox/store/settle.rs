//! Settling: the outcome of an attempt, behind its fence, with everything that follows from it in one transaction.
//!
//! A lane of the writer: the outcomes of many sends share one commit. A result whose lease is gone comes too late to
//! decide anything, except that a vendor's id still turns a would-be duplicate into a known message.

use super::{blocked, effects, hooks, runs};
use crate::base::Boxed;
use crate::base::ids::{BusinessId, MessageId};
use crate::db::{Conn, Lane};
use crate::outbox::machine::Next;
use crate::outbox::message::{Purpose, State};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashSet;
use std::sync::Arc;

/// How one attempt ended.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The message.
    pub id: MessageId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// The lead it is about.
    pub lead_id: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
    /// Which attempt.
    pub attempt: i64,
    /// The fence it was sent behind.
    pub lease_token: String,
    /// Where the message goes from here.
    pub next: Next,
    /// When the attempt began (UTC milliseconds).
    pub sent_at: i64,
    /// When it ended (UTC milliseconds).
    pub at: i64,
}

/// Who is told which businesses have changed.
pub type Told = Arc<dyn Fn(&[BusinessId]) + Send + Sync>;

/// The lane that settles. `told` is called after each commit with the businesses whose pages have changed.
pub struct SettleLane {
    told: Told,
    touched: Vec<BusinessId>,
}

impl SettleLane {
    /// A lane that tells `told` what changed.
    pub fn new(told: Told) -> Self {
        Self { told, touched: Vec::new() }
    }
}

impl Lane for SettleLane {
    type Item = Settled;
    type Answer = ();

    fn apply<'a>(&'a mut self, conn: &'a mut Conn, items: &'a [Settled]) -> Boxed<'a, Result<Vec<()>, sqlx::Error>> {
        Box::pin(async move {
            settle(conn, items).await?;
            self.touched.extend(items.iter().map(|s| s.business_id.clone()));
            Ok(vec![(); items.len()])
        })
    }

    fn undone(&mut self) {
        self.touched.clear();
    }

    fn committed(&mut self) {
        self.touched.sort_unstable();
        self.touched.dedup();
        (self.told)(&std::mem::take(&mut self.touched));
    }
}

/// Writes the outcomes down.
///
/// # Errors
/// The database's.
pub async fn settle(conn: &mut Conn, items: &[Settled]) -> Result<(), sqlx::Error> {
    let mut in_time = HashSet::new();
    for run in runs(items) {
        write(conn, run, &mut in_time).await?;
    }
    let (timely, late): (Vec<&Settled>, Vec<&Settled>) =
        items.iter().partition(|s| in_time.contains(&(s.id.to_string(), s.attempt)));
    effects::of(conn, timely.iter().map(|s| effects::Effect::of(s))).await?;
    hooks::heard(conn, &timely).await?;
    for s in &timely {
        if let Some(code) = s.next.code {
            blocked::was_blocked(conn, &s.id, &s.business_id, code, s.sent_at, s.at).await?;
        }
    }
    for settled in late {
        bind_late(conn, settled).await?;
    }
    Ok(())
}

/// Messages and attempts, in one text: the engine answers with the messages whose lease still held.
async fn write(conn: &mut Conn, run: &[Settled], in_time: &mut HashSet<(String, i64)>) -> Result<(), sqlx::Error> {
    let mut sql = QueryBuilder::<Sqlite>::new("");
    move_on(&mut sql, run);
    end_attempts(&mut sql, run);
    for row in sql.build().persistent(true).fetch_all(conn).await? {
        in_time.insert((row.try_get(0)?, row.try_get(1)?));
    }
    Ok(())
}

fn move_on(sql: &mut QueryBuilder<Sqlite>, run: &[Settled]) {
    sql.push(
        "WITH v(id, token, state, reason, due_at, next_check_at, checks, class, code, vendor_id, parts, accepted_at) AS (",
    );
    sql.push_values(run, |mut row, s| {
        row.push_bind(s.id.as_str())
            .push_bind(s.lease_token.as_str())
            .push_bind(s.next.state.as_str())
            .push_bind(s.next.reason.as_deref())
            .push_bind(s.next.due_at)
            .push_bind(s.next.next_check_at)
            .push_bind(s.next.checks)
            .push_bind(s.next.class)
            .push_bind(s.next.code)
            .push_bind(s.next.vendor_id.as_deref())
            .push_bind(s.next.parts)
            .push_bind(matches!(s.next.state, State::Accepted | State::Delivered).then_some(s.at));
    });
    sql.push(
        ") UPDATE outbox SET state = v.state, reason = v.reason, due_at = COALESCE(v.due_at, outbox.due_at), \
         next_check_at = v.next_check_at, checks = v.checks, last_class = v.class, last_code = v.code, \
         parts = COALESCE(v.parts, outbox.parts), accepted_at = COALESCE(outbox.accepted_at, v.accepted_at), \
         delivered_at = COALESCE(outbox.delivered_at, CASE v.state WHEN 'delivered' THEN v.accepted_at END), \
         vendor_id = CASE WHEN v.vendor_id IS NULL THEN outbox.vendor_id \
           WHEN EXISTS (SELECT 1 FROM outbox twin WHERE twin.vendor_id = v.vendor_id AND twin.id <> outbox.id) THEN NULL \
           ELSE v.vendor_id END, \
         lease_token = NULL, lease_until = NULL \
         FROM v WHERE outbox.id = v.id AND outbox.lease_token = v.token RETURNING outbox.id, outbox.attempts; ",
    );
}

fn end_attempts(sql: &mut QueryBuilder<Sqlite>, run: &[Settled]) {
    sql.push("WITH v(id, n, ended_at, class, code, vendor_id, reason) AS (");
    sql.push_values(run, |mut row, s| {
        row.push_bind(s.id.as_str())
            .push_bind(s.attempt)
            .push_bind(s.at)
            .push_bind(s.next.class)
            .push_bind(s.next.code)
            .push_bind(s.next.vendor_id.as_deref())
            .push_bind(s.next.reason.as_deref());
    });
    sql.push(
        ") UPDATE attempt SET ended_at = v.ended_at, class = v.class, code = v.code, vendor_id = v.vendor_id, \
         reason = v.reason FROM v WHERE attempt.message_id = v.id AND attempt.n = v.n",
    );
}

/// A result behind a lost lease. Only "the vendor has it" still matters, and only while nothing else was decided.
async fn bind_late(conn: &mut Conn, settled: &Settled) -> Result<(), sqlx::Error> {
    tracing::warn!(message = %settled.id, attempt = settled.attempt, class = settled.next.class, "a result came after its lease had ended");
    if settled.next.state != State::Accepted {
        return Ok(());
    }
    let bound = sqlx::query(
        "UPDATE outbox SET state = 'accepted', reason = NULL, vendor_id = $1, accepted_at = COALESCE(accepted_at, $2), \
         next_check_at = NULL WHERE id = $3 AND attempts = $4 AND state IN ('unknown', 'queued', 'held') \
         AND NOT EXISTS (SELECT 1 FROM outbox twin WHERE twin.vendor_id = $1 AND twin.id <> $3)",
    )
    .bind(settled.next.vendor_id.as_deref())
    .bind(settled.at)
    .bind(settled.id.as_str())
    .bind(settled.attempt)
    .execute(&mut *conn)
    .await?;
    if bound.rows_affected() > 0 {
        effects::of(conn, std::iter::once(effects::Effect::of(settled))).await?;
    }
    Ok(())
}
