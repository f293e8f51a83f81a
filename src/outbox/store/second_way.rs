//! The second way: what does not get through as a text is said by mail, with the words that were frozen for that.

use super::enqueue::enqueue;
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{MessageId, PersonId};
use crate::base::sms;
use crate::db::{Conn, Pool};
use crate::outbox::channel::Medium;
use crate::outbox::gate::waits_for;
use crate::outbox::message::{Draft, Purpose, State};
use sqlx::Row;

/// How long a text may fail before it is also said by mail, in milliseconds.
pub const SECOND_WAY_MS: i64 = MINUTE_MS;
/// How long nobody may know of the first answer to a lead whether it went out, before it is also said by mail. Most doubts
/// are settled by then (see [`crate::outbox::machine::LOOK_UPS_MS`]).
const IN_DOUBT_MS: i64 = 2 * MINUTE_MS;

/// Alerts whose text has not got through for a minute are said by mail as well, where words for that were frozen.
/// Returns how many.
///
/// # Errors
/// The database's.
pub async fn of_alerts(conn: &mut Conn, now: i64) -> Result<usize, sqlx::Error> {
    let late: Vec<String> = sqlx::query_scalar(
        "SELECT o.id FROM outbox o WHERE o.state IN ('queued', 'unknown') AND o.prio = 1 AND o.fallback_to IS NOT NULL \
         AND o.queued_at <= $1 AND NOT EXISTS (SELECT 1 FROM outbox m WHERE m.id = o.id || 'm') LIMIT 100",
    )
    .bind(now - SECOND_WAY_MS)
    .fetch_all(&mut *conn)
    .await?;
    for id in &late {
        say_by_mail(conn, id, now).await?;
    }
    Ok(late.len())
}

/// First answers whose text was tried, or could not be tried since the channel is down, and that have not got through for
/// a minute, or of which nobody knows for two. The text still goes once it can: as at night, mail comes first then.
///
/// # Errors
/// When the database cannot be read.
pub async fn late_answers(readers: &Pool, is_down: bool, now: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT o.id FROM (SELECT id FROM outbox WHERE state = 'queued' AND attempts > 0 AND prio = 0 AND queued_at <= $1 \
           UNION SELECT id FROM outbox WHERE state = 'queued' AND channel = 'sms' AND prio = 0 AND due_at <= $1 AND $3 \
           UNION SELECT u.id FROM outbox u JOIN attempt a ON a.message_id = u.id AND a.n = u.attempts \
             WHERE u.state = 'unknown' AND u.prio = 0 AND u.sent_at <= $2 AND a.ended_at <= $2) late \
         JOIN outbox o ON o.id = late.id WHERE o.fallback_to IS NOT NULL AND o.channel = 'sms' AND NOT EXISTS (SELECT 1 FROM \
           outbox m WHERE m.lead_id = o.lead_id AND m.purpose = o.purpose AND m.step = o.step || ':mail') LIMIT 100",
    )
    .bind(now - SECOND_WAY_MS)
    .bind(now - IN_DOUBT_MS)
    .bind(is_down)
    .fetch_all(readers)
    .await
}

/// A message that a channel which is down keeps waiting, of which that is not written down yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn waits_unsaid(readers: &Pool, medium: Medium, now: i64) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE state = 'queued' AND channel = $1 AND due_at <= $2 AND reason IS NULL LIMIT 1",
    )
    .bind(medium.as_str())
    .bind(now)
    .fetch_optional(readers)
    .await?;
    Ok(found.is_some())
}

/// What the gate says of everything on a channel that is down: it waits, and why. Nothing is claimed meanwhile, so it is
/// written down for all of them at once.
///
/// # Errors
/// The database's.
pub async fn waits(conn: &mut Conn, medium: Medium, why: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE outbox SET reason = $3 WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND channel = $1 \
         AND due_at <= $2 AND reason IS NULL LIMIT 500)",
    )
    .bind(medium.as_str())
    .bind(now)
    .bind(waits_for(why))
    .execute(conn)
    .await
    .map(drop)
}

/// What cannot be sent is said in the other way, with the words that were frozen for it: a text by mail, a call by text.
///
/// # Errors
/// The database's.
pub async fn say_by_mail(conn: &mut Conn, id: &str, now: i64) -> Result<(), sqlx::Error> {
    if let Some(draft) = in_its_place(conn, id, now).await? {
        enqueue(conn, &[draft]).await?;
        // What was said that way in time is no news any more when the text gives up.
        sqlx::query(
            "UPDATE outbox SET told_at = COALESCE(told_at, $2) WHERE id = $1 AND state = 'expired' \
             AND EXISTS (SELECT 1 FROM outbox m WHERE m.lead_id = outbox.lead_id AND m.purpose = outbox.purpose \
               AND m.step = outbox.step || ':mail' AND m.state IN ('accepted', 'delivered'))",
        )
        .bind(id)
        .bind(now)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// A call that will not ring, since it was one too many today, and the calls that went together in one that nobody heard:
/// each is said by text, where words for that were frozen.
///
/// # Errors
/// The database's.
pub async fn text_what_did_not_ring(conn: &mut Conn, id: &str, now: i64) -> Result<(), sqlx::Error> {
    let calls: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM outbox WHERE (id = $1 AND state = 'held' OR bundle_id = $1) AND channel = 'call' \
         AND fallback_to IS NOT NULL",
    )
    .bind(id)
    .fetch_all(&mut *conn)
    .await?;
    for call in &calls {
        say_by_mail(conn, call, now).await?;
    }
    Ok(())
}

/// The first text to a lead was refused: what would follow it as a text goes by mail, each at its time, where words for
/// that were frozen.
///
/// # Errors
/// The database's.
pub async fn follow_by_mail(conn: &mut Conn, lead: &str, now: i64) -> Result<(), sqlx::Error> {
    let texts: Vec<(String, i64)> = sqlx::query_as(
        "UPDATE outbox SET state = 'cancelled', reason = 'Goes by mail: the first text did not get through.' \
         WHERE lead_id = $1 AND purpose = 'follow_up' AND channel = 'sms' AND state = 'queued' AND fallback_to IS NOT NULL \
         RETURNING id, due_at",
    )
    .bind(lead)
    .fetch_all(&mut *conn)
    .await?;
    for (id, due_at) in texts {
        let Some(mut draft) = in_its_place(conn, &id, now).await? else { continue };
        draft.expires_at += due_at - draft.due_at;
        draft.due_at = due_at;
        enqueue(conn, &[draft]).await?;
    }
    Ok(())
}

/// What takes the place of what cannot be sent: a mail that of a text, a text that of a call.
async fn in_its_place(conn: &mut Conn, id: &str, now: i64) -> Result<Option<Draft>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT business_id, lead_id, source_id, person_id, purpose, step, fallback_to, fallback_subject, fallback_body \
         FROM outbox WHERE id = $1 AND fallback_to IS NOT NULL",
    )
    .bind(id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let word: String = row.try_get("purpose")?;
    let Some(purpose) = Purpose::parse(&word) else { return Ok(None) };
    let step: String = row.try_get("step")?;
    let lead_id: Option<String> = row.try_get("lead_id")?;
    let source_id: Option<String> = row.try_get("source_id")?;
    let to: String = row.try_get("fallback_to")?;
    let body: String = row.try_get("fallback_body")?;
    let (medium, parts) = match to.contains('@') {
        true => (Medium::Mail, 1),
        false => (Medium::Sms, i64::from(sms::parts(&body).segments)),
    };
    Ok(Some(Draft {
        id: mail_instead(id),
        business_id: row.try_get::<String, _>("business_id")?.into(),
        lead_id: lead_id.map(Into::into),
        // A text to one of us is theirs to answer; of a mail nobody asks that.
        person_id: row.try_get::<Option<PersonId>, _>("person_id")?.filter(|_| medium == Medium::Sms),
        source_id: source_id.map(Into::into),
        purpose,
        step: format!("{step}:{}", medium.as_str()),
        medium,
        recipient: to,
        subject: row.try_get("fallback_subject")?,
        body,
        html: None,
        parts,
        remote: None,
        queued_at: now,
        due_at: now,
        expires_at: now + purpose.worth_ms(),
        state: State::Queued,
        reason: None,
        fallback: None,
    }))
}

/// The id of the mail that takes the place of a text. Deterministic: the same failure heard twice plans one mail.
pub fn mail_instead(text: &str) -> MessageId {
    MessageId::from(format!("{text}m"))
}
