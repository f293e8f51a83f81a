//! What people do with a lead, written down: the clock it sets, the state it leads to, the line in the timeline.
//!
//! In goes a connection inside the writer's transaction ([`crate::db::Db::write`]), the business, the lead and who
//! did it; out comes what there is to tell them. `None` means that this business has no such lead. Everything here
//! may be repeated: a double tap writes nothing twice. A take is not an answer and an automatic text is not a person;
//! `person_at` is set by a human's call or words alone, and only ever moves to an earlier instant.

use super::handoff::{self, Kind};
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;
pub use crate::lead::deed::{How, OUTCOMES, Reached, Taken, Who};
use crate::lead::state::{Act, State, after};
use crate::lead::wording::store::call_off;

/// The same act by the same person within this many milliseconds is one act: a double tap, a repeated request.
const DOUBLE_TAP_MS: i64 = MINUTE_MS;

/// "I've got it", and with `anyway` also when someone else has it. The first take sets `taken_at`; a take from
/// someone else changes whose it is and leaves the clock alone, since the lead was never without an owner.
///
/// # Errors
/// When the database refuses.
pub async fn take(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    anyway: bool,
    now: i64,
) -> Result<Option<Taken>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if found.state == State::Closed {
        return Ok(Some(Taken::Closed));
    }
    if let Some(taken_at) = found.taken_at {
        if found.is_held_by(who) {
            return Ok(Some(Taken::You));
        }
        if !anyway {
            let name = found.held_by.unwrap_or_else(|| "Someone".to_owned());
            return Ok(Some(Taken::AlreadyBy { name, at: found.held_since.unwrap_or(taken_at) }));
        }
    }
    sqlx::query("UPDATE lead SET taken_at = coalesce(taken_at, $2), taken_by = $3, state = $4 WHERE id = $1")
        .bind(lead)
        .bind(now)
        .bind(&who.person)
        .bind(after(found.state, Act::Take).as_str())
        .execute(&mut *conn)
        .await?;
    call_off(conn, lead, "Somebody has it.").await?;
    note(conn, business, lead, now, "taken", who, None).await?;
    handoff::begin(conn, lead, Kind::Taken, &[], now, now).await?;
    Ok(Some(Taken::You))
}

/// "Not me after all": the lead is nobody's again and, unless a person has answered, waits again. Its `taken_at` is
/// cleared, so that the time it lay between two takes counts as waiting for one. `false`: it was not theirs.
///
/// # Errors
/// When the database refuses.
pub async fn hand_back(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    now: i64,
) -> Result<Option<bool>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if !found.is_held_by(who) || found.state == State::Closed {
        return Ok(Some(false));
    }
    sqlx::query("UPDATE lead SET taken_at = NULL, taken_by = NULL, state = $2 WHERE id = $1")
        .bind(lead)
        .bind(after(found.state, Act::HandBack).as_str())
        .execute(&mut *conn)
        .await?;
    note(conn, business, lead, now, "handed_back", who, None).await?;
    waits_again(conn, lead, who, now).await?;
    Ok(Some(true))
}

/// The ladder begins anew, and `who` need not be told first.
async fn waits_again(conn: &mut Conn, lead: &LeadId, who: &Who, now: i64) -> Result<(), sqlx::Error> {
    handoff::begin(conn, lead, Kind::Waiting, who.person.as_slice(), now, now).await
}

/// Whoever has the lead has given no answer for too long: it waits again, as if it had been handed back. The timeline
/// says whose it was. Answers with their name, and who it is, if it is one of those who are told; `None`: nobody has it.
///
/// # Errors
/// When the database refuses.
pub async fn give_back(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    now: i64,
) -> Result<Option<Who>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if found.state != State::Taken || found.taken_at.is_none() {
        return Ok(None);
    }
    sqlx::query("UPDATE lead SET taken_at = NULL, taken_by = NULL, state = $2 WHERE id = $1")
        .bind(lead)
        .bind(after(found.state, Act::HandBack).as_str())
        .execute(&mut *conn)
        .await?;
    let name = found.held_by.unwrap_or_else(|| "Someone".to_owned());
    sqlx::query("INSERT INTO event (business_id, lead_id, at, kind, detail) VALUES ($1, $2, $3, 'returned', $4)")
        .bind(business)
        .bind(lead)
        .bind(now)
        .bind(&name)
        .execute(conn)
        .await?;
    Ok(Some(Who { name, person: found.taken_by }))
}

/// "Pass it on to Ana": whoever had it has it no longer, and the timeline says to whom it went. `false`: nothing new,
/// since the lead is closed or was passed on to the same person a moment ago.
///
/// # Errors
/// When the database refuses.
pub async fn pass_on(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    to: &str,
    now: i64,
) -> Result<Option<bool>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if found.state == State::Closed {
        return Ok(Some(false));
    }
    hand_back(conn, business, lead, who, now).await?;
    if noted_just_now(conn, lead, now, "passed_on", who, to).await? {
        return Ok(Some(false));
    }
    note(conn, business, lead, now, "passed_on", who, Some(to)).await?;
    handoff::passed_on(conn, business, lead, who.person.as_ref(), to, now).await?;
    Ok(Some(true))
}

/// A person called or wrote at `at`, which is brought between the lead's arrival and `now`. Answers with the instant
/// kept as the first one.
///
/// # Errors
/// When the database refuses.
pub async fn person(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    how: How,
    at: i64,
    now: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    let at = at.min(now).max(found.received_at);
    let first = found.person_at.is_none_or(|earlier| at < earlier);
    if first {
        sqlx::query("UPDATE lead SET person_at = $2, person_how = $3, state = $4 WHERE id = $1")
            .bind(lead)
            .bind(at)
            .bind(how.as_str())
            .bind(after(found.state, Act::Person).as_str())
            .execute(&mut *conn)
            .await?;
        call_off(conn, lead, "A person has answered.").await?;
    }
    if !noted_just_now(conn, lead, at, "person", who, how.as_str()).await? {
        note(conn, business, lead, at, "person", who, Some(how.as_str())).await?;
    }
    Ok(Some(if first { at } else { found.person_at.unwrap_or(at) }))
}

/// What came of a call. Whoever says so has called, so a lead without a person's answer gets one now; talk sets
/// `reached_at` the first time.
///
/// # Errors
/// When the database refuses.
pub async fn reached(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    result: Reached,
    now: i64,
) -> Result<Option<()>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if found.person_at.is_none() {
        person(conn, business, lead, who, How::Said, now, now).await?;
    }
    if result == Reached::Talked {
        sqlx::query("UPDATE lead SET reached_at = coalesce(reached_at, $2) WHERE id = $1")
            .bind(lead)
            .bind(now)
            .execute(&mut *conn)
            .await?;
    }
    if !noted_just_now(conn, lead, now, "reached", who, result.as_str()).await? {
        note(conn, business, lead, now, "reached", who, Some(result.as_str())).await?;
    }
    Ok(Some(()))
}

/// How it ended, one of [`OUTCOMES`] (`false`: none of them, nothing was changed). Closes the lead; a lead that is
/// closed already keeps its `closed_at` and takes the new outcome.
///
/// # Errors
/// When the database refuses.
pub async fn outcome(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    outcome: &str,
    who: &Who,
    now: i64,
) -> Result<Option<bool>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if !OUTCOMES.contains(&outcome) {
        return Ok(Some(false));
    }
    if found.outcome.as_deref() == Some(outcome) {
        return Ok(Some(true));
    }
    sqlx::query("UPDATE lead SET outcome = $2, closed_at = coalesce(closed_at, $3), state = $4 WHERE id = $1")
        .bind(lead)
        .bind(outcome)
        .bind(now)
        .bind(after(found.state, Act::Close).as_str())
        .execute(&mut *conn)
        .await?;
    call_off(conn, lead, "It is closed.").await?;
    note(conn, business, lead, now, "outcome", who, Some(outcome)).await?;
    Ok(Some(true))
}

/// Takes the outcome back; the lead stands again where its clocks say.
///
/// # Errors
/// When the database refuses.
pub async fn reopen(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    now: i64,
) -> Result<Option<()>, sqlx::Error> {
    let Some(found) = find(conn, business, lead).await? else { return Ok(None) };
    if found.state != State::Closed {
        return Ok(Some(()));
    }
    let act = Act::Reopen { answered: found.person_at.is_some(), taken: found.taken_at.is_some() };
    sqlx::query("UPDATE lead SET outcome = NULL, closed_at = NULL, state = $2 WHERE id = $1")
        .bind(lead)
        .bind(after(found.state, act).as_str())
        .execute(&mut *conn)
        .await?;
    note(conn, business, lead, now, "reopened", who, None).await?;
    if found.taken_at.is_some() {
        handoff::begin(conn, lead, Kind::Taken, &[], now, now).await?;
    } else {
        waits_again(conn, lead, who, now).await?;
    }
    Ok(Some(()))
}

/// A lead that was taken for spam is one after all, and counts from now on.
///
/// # Errors
/// When the database refuses.
pub async fn not_spam(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    who: &Who,
    now: i64,
) -> Result<Option<()>, sqlx::Error> {
    if find(conn, business, lead).await?.is_none() {
        return Ok(None);
    }
    let changed = sqlx::query("UPDATE lead SET is_spam = 0 WHERE id = $1 AND is_spam = 1")
        .bind(lead)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    if changed > 0 {
        note(conn, business, lead, now, "not_spam", who, None).await?;
        handoff::begin(conn, lead, Kind::Waiting, &[], now, now).await?;
    }
    Ok(Some(()))
}

/// What an act needs to know of the lead it changes.
struct Found {
    state: State,
    received_at: i64,
    taken_at: Option<i64>,
    taken_by: Option<PersonId>,
    held_by: Option<String>,
    held_since: Option<i64>,
    person_at: Option<i64>,
    outcome: Option<String>,
}

impl Found {
    /// Whether `who` has it. People are told apart by id, sign-ins by name.
    fn is_held_by(&self, who: &Who) -> bool {
        self.taken_at.is_some()
            && match (&self.taken_by, &who.person) {
                (Some(holder), Some(person)) => holder == person,
                (None, None) => self.held_by.as_deref() == Some(&who.name),
                _ => false,
            }
    }
}

type FoundRow = (String, i64, Option<i64>, Option<PersonId>, Option<i64>, Option<String>);

async fn find(conn: &mut Conn, business: &BusinessId, lead: &LeadId) -> Result<Option<Found>, sqlx::Error> {
    let row: Option<FoundRow> = sqlx::query_as(
        "SELECT state, received_at, taken_at, taken_by, person_at, outcome FROM lead WHERE id = $1 AND business_id = $2",
    )
    .bind(lead)
    .bind(business)
    .fetch_optional(&mut *conn)
    .await?;
    let Some((state, received_at, taken_at, taken_by, person_at, outcome)) = row else { return Ok(None) };
    let newest_take: Option<(Option<String>, i64)> = sqlx::query_as(
        "SELECT by, at FROM event WHERE lead_id = $1 AND kind = 'taken' ORDER BY at DESC, seq DESC LIMIT 1",
    )
    .bind(lead)
    .fetch_optional(conn)
    .await?;
    let (held_by, held_since) = newest_take.map_or((None, None), |(name, at)| (name, Some(at)));
    let state = State::parse(&state).ok_or_else(|| super::row::unreadable("state", &state))?;
    Ok(Some(Found { state, received_at, taken_at, taken_by, held_by, held_since, person_at, outcome }))
}

/// Whether the same person did the same thing a moment before or after `at`.
async fn noted_just_now(
    conn: &mut Conn,
    lead: &LeadId,
    at: i64,
    kind: &str,
    who: &Who,
    detail: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<(i64,)> = sqlx::query_as(
        "SELECT at FROM event WHERE lead_id = $1 AND kind = $2 AND by = $3 AND detail = $4 AND at BETWEEN $5 AND $6 LIMIT 1",
    )
    .bind(lead)
    .bind(kind)
    .bind(&who.name)
    .bind(detail)
    .bind(at - DOUBLE_TAP_MS)
    .bind(at + DOUBLE_TAP_MS)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

async fn note(
    conn: &mut Conn,
    business: &BusinessId,
    lead: &LeadId,
    at: i64,
    kind: &str,
    who: &Who,
    detail: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO event (business_id, lead_id, at, kind, by, detail) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(business)
        .bind(lead)
        .bind(at)
        .bind(kind)
        .bind(&who.name)
        .bind(detail)
        .execute(conn)
        .await
        .map(drop)
}
