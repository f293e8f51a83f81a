//! What one of us, or a lead, was asked or told before, so that a bare letter or digit in reply can be understood.

use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;

/// How long an answer to "Did you reach them?" is understood as one, in milliseconds.
const REACHED_FOR_MS: i64 = 12 * HOUR_MS;
/// How long an answer to "Which one is it for?" is understood as one, in milliseconds.
const WHICH_FOR_MS: i64 = HOUR_MS;

/// The lead of the newest "Did you reach them?" that went out to this person and that nobody has answered since.
///
/// # Errors
/// The database's.
pub async fn reached(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    now: i64,
) -> Result<Option<LeadId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT o.lead_id FROM outbox o WHERE o.business_id = $1 AND o.queued_at > $2 AND o.purpose = 'notice' \
         AND o.person_id = $3 AND o.step LIKE 'reach:%' AND o.lead_id IS NOT NULL AND o.state IN ('accepted', 'delivered') \
         AND COALESCE(o.accepted_at, o.queued_at) > $4 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.lead_id = o.lead_id \
           AND e.kind = 'reached' AND e.at >= COALESCE(o.accepted_at, o.queued_at)) ORDER BY o.queued_at DESC, o.id DESC LIMIT 1",
    )
    .bind(business)
    .bind(now - DAY_MS)
    .bind(person)
    .bind(now - REACHED_FOR_MS)
    .fetch_optional(conn)
    .await
}

/// The step of the newest reply to a text of this person, if it asks which lead that text is for.
///
/// # Errors
/// The database's.
pub async fn which(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    now: i64,
) -> Result<Option<String>, sqlx::Error> {
    let newest: Option<String> = sqlx::query_scalar(
        "SELECT step FROM outbox WHERE business_id = $1 AND queued_at > $2 AND person_id = $3 AND purpose = 'notice' \
         AND (step LIKE 'answer:%' OR step LIKE 'which:%') ORDER BY queued_at DESC, step LIKE 'which:%' DESC LIMIT 1",
    )
    .bind(business)
    .bind(now - WHICH_FOR_MS)
    .bind(person)
    .fetch_optional(conn)
    .await?;
    Ok(newest.filter(|step| step.starts_with("which:")))
}

/// Whether these words were passed on to any lead already.
///
/// # Errors
/// The database's.
pub async fn was_relayed(conn: &mut Conn, business: &BusinessId, step: &str, since: i64) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE business_id = $1 AND queued_at > $2 AND purpose = 'relay' AND step = $3 LIMIT 1",
    )
    .bind(business)
    .bind(since)
    .bind(step)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// How many answers to STATUS were planned for a number in the last day.
///
/// # Errors
/// The database's.
pub async fn states_told(conn: &mut Conn, business: &str, phone: &str, now: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT count(*) FROM outbox WHERE business_id = $1 AND queued_at > $2 AND recipient = $3 \
         AND purpose = 'lead_reply' AND step LIKE 'status:%'",
    )
    .bind(business)
    .bind(now - DAY_MS)
    .bind(phone)
    .fetch_one(conn)
    .await
}
