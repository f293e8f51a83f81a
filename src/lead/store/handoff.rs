//! Leads that still need attention: one row each, looked at when it is due. Written with the lead and by every deed that
//! changes whose it is; what to do about it is decided elsewhere.

use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::{Conn, Pool, Script, runs};

/// After being passed on by hand a lead is left with the one who was told for so long, in milliseconds.
const PASSED_MS: i64 = 3 * crate::base::clock::MINUTE_MS;

/// A row as the road writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHandoff {
    /// The ladder counts from here (UTC milliseconds).
    pub since_at: i64,
    /// The first step not taken yet.
    pub next: usize,
    /// People who need not be told at their step.
    pub ahead: Vec<PersonId>,
    /// People who are told at once.
    pub told: Vec<PersonId>,
    /// When to look at it next (UTC milliseconds).
    pub due_at: i64,
}

/// Stores rows of new leads: lead, business, row, when.
pub fn insert(script: &mut Script, rows: &[(&str, &str, &NewHandoff, i64)]) {
    for run in runs(rows) {
        let sql = script.statement(
            "INSERT INTO handoff (lead_id, business_id, kind, since_at, next, ahead, told, planned_at, due_at) ",
        );
        sql.push_values(run, |mut row, (lead, business, h, now)| {
            row.push_bind(*lead)
                .push_bind(*business)
                .push_bind("waiting")
                .push_bind(h.since_at)
                .push_bind(i64::try_from(h.next).unwrap_or(0))
                .push_bind(joined(&h.ahead))
                .push_bind(joined(&h.told))
                .push_bind(*now)
                .push_bind(h.due_at);
        });
        sql.push(" ON CONFLICT DO NOTHING");
    }
}

fn joined(people: &[PersonId]) -> String {
    people.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ")
}

/// Why a lead is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody has it.
    Waiting,
    /// Somebody has it and has not answered.
    Taken,
}

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The lead.
    pub lead_id: LeadId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Why it is looked after.
    pub kind: Kind,
    /// The ladder counts from here; for a taken lead, when it was taken (UTC milliseconds).
    pub since_at: i64,
    /// The first step not taken yet; for a taken lead, 1 once the taker was asked.
    pub next: usize,
    /// People who need not be told at their step.
    pub ahead: Vec<PersonId>,
    /// People who were told since it waits.
    pub told: Vec<PersonId>,
    /// Who had it and gave no answer, until the next one is told.
    pub had_by: Option<String>,
    /// It was said that nobody is on duty.
    pub noted: bool,
}

type Stored = (LeadId, BusinessId, String, i64, i64, String, String, Option<String>, bool);

/// Leads whose time has come, the longest due first.
///
/// # Errors
/// When the database cannot be read.
pub async fn due(pool: &Pool, now: i64, limit: i64) -> Result<Vec<LeadId>, sqlx::Error> {
    sqlx::query_scalar("SELECT lead_id FROM handoff WHERE due_at <= $1 ORDER BY due_at LIMIT $2")
        .bind(now)
        .bind(limit)
        .fetch_all(pool)
        .await
}

/// The row of a lead, if it still is due.
///
/// # Errors
/// The database's.
pub async fn due_row(conn: &mut Conn, lead: &LeadId, now: i64) -> Result<Option<Row>, sqlx::Error> {
    let row: Option<Stored> = sqlx::query_as(
        "SELECT lead_id, business_id, kind, since_at, next, ahead, told, had_by, noted FROM handoff WHERE lead_id = $1 AND due_at <= $2",
    )
    .bind(lead)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(lead_id, business_id, kind, since_at, next, ahead, told, had_by, noted)| Row {
        lead_id,
        business_id,
        kind: if kind == "taken" { Kind::Taken } else { Kind::Waiting },
        since_at,
        next: usize::try_from(next).unwrap_or(0),
        ahead: ahead.split_whitespace().map(PersonId::from).collect(),
        told: told.split_whitespace().map(PersonId::from).collect(),
        had_by,
        noted,
    }))
}

/// Keeps a row until `due_at`.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut Conn, row: &Row, due_at: i64, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE handoff SET kind = $2, since_at = $3, next = $4, ahead = $5, told = $6, had_by = $7, noted = $8, planned_at = $9, due_at = $10 \
         WHERE lead_id = $1",
    )
    .bind(&row.lead_id)
    .bind(word(row.kind))
    .bind(row.since_at)
    .bind(i64::try_from(row.next).unwrap_or(0))
    .bind(joined(&row.ahead))
    .bind(joined(&row.told))
    .bind(&row.had_by)
    .bind(row.noted)
    .bind(now)
    .bind(due_at)
    .execute(conn)
    .await
    .map(drop)
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Waiting => "waiting",
        Kind::Taken => "taken",
    }
}

/// The lead needs no attention any more.
///
/// # Errors
/// The database's.
pub async fn drop_row(conn: &mut Conn, lead: &LeadId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM handoff WHERE lead_id = $1").bind(lead).execute(conn).await.map(drop)
}

/// A deed changed whose the lead is: it is looked after anew from now on, unless a person has answered it. `ahead` need
/// not be told first.
pub(super) async fn begin(
    conn: &mut Conn,
    lead: &LeadId,
    kind: Kind,
    ahead: &[PersonId],
    now: i64,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO handoff (lead_id, business_id, kind, since_at, next, ahead, planned_at, due_at) \
         SELECT id, business_id, $2, $3, 0, $4, $3, $5 FROM lead WHERE id = $1 AND person_at IS NULL AND state IN ('waiting', 'taken') \
         AND is_test = 0 AND is_spam = 0 \
         ON CONFLICT (lead_id) DO UPDATE SET kind = excluded.kind, since_at = excluded.since_at, next = 0, ahead = excluded.ahead, told = '', \
         had_by = NULL, noted = 0, planned_at = excluded.planned_at, due_at = excluded.due_at",
    )
    .bind(lead)
    .bind(word(kind))
    .bind(now)
    .bind(joined(ahead))
    .bind(due_at)
    .execute(conn)
    .await
    .map(drop)
}

/// A lead that nobody has was passed on by hand, to the person of that name: they have a moment before the ladder goes on.
pub(super) async fn passed_on(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    from: Option<&PersonId>,
    to: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    let is_held: Option<i64> = sqlx::query_scalar("SELECT 1 FROM lead WHERE id = $1 AND taken_at IS NOT NULL")
        .bind(lead)
        .fetch_optional(&mut *conn)
        .await?;
    if is_held.is_some() {
        return Ok(());
    }
    let mut ahead: Vec<PersonId> = sqlx::query_scalar("SELECT id FROM person WHERE business_id = $1 AND name = $2")
        .bind(business)
        .bind(to)
        .fetch_all(&mut *conn)
        .await?;
    ahead.extend(from.cloned());
    begin(conn, lead, Kind::Waiting, &ahead, now, now + PASSED_MS).await
}

/// The newest link of a person to a lead, made after `since`: its code and digit.
///
/// # Errors
/// The database's.
pub async fn link(
    conn: &mut Conn,
    lead: &LeadId,
    person: &PersonId,
    since: i64,
) -> Result<Option<(String, Option<i64>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT code, digit FROM alert_link WHERE lead_id = $1 AND person_id = $2 AND created_at > $3 \
         ORDER BY created_at DESC, code LIMIT 1",
    )
    .bind(lead)
    .bind(person)
    .bind(since)
    .fetch_optional(conn)
    .await
}

/// The digits that a person has in use for other leads that wait.
///
/// # Errors
/// The database's.
pub async fn other_digits(
    conn: &mut Conn,
    lead: &LeadId,
    person: &PersonId,
    since: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT a.digit FROM alert_link a JOIN lead l ON l.id = a.lead_id WHERE a.person_id = $2 AND a.digit IS NOT NULL \
         AND a.created_at > $3 AND l.state = 'waiting' AND a.lead_id <> $1",
    )
    .bind(lead)
    .bind(person)
    .bind(since)
    .fetch_all(conn)
    .await
}
