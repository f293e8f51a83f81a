//! Alerts above what one of us is sent singly: taken into one message while it waits for its minute, and worded when
//! it leaves.
//!
//! An alert that was taken in is `cancelled` and names the message that says it; that message is an alert like any
//! other, tried for a day and visible when it fails. All of it happens in the claim's own transaction.

use super::enqueue::enqueue;
use super::pace::Paces;
use crate::base::clock::HOUR_MS;
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::base::sms;
use crate::db::Conn;
use crate::outbox::bundle::{Bundle, NAMED, Named, Wording};
use crate::outbox::channel::{Medium, Outgoing};
use crate::outbox::message::{Draft, Purpose, State};
use crate::outbox::pace::BUNDLE;
use sqlx::Row;

/// How many alerts one claim takes in at most, so that a flood never holds the writer for long.
const AT_ONCE: i64 = 256;

/// Whose alerts are too many, and when the next message to them may go.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// Under which their pace is stored.
    pub key: String,
    /// Whose leads they are.
    pub business_id: String,
    /// Number or address.
    pub recipient: String,
    /// How they are told.
    pub medium: Medium,
    /// Not before (UTC milliseconds).
    pub due_at: i64,
}

/// Takes a crowd's due alerts into its open bundle, or a new one. `None`: only one waits and its turn has come, so it
/// goes as it is.
///
/// # Errors
/// The database's.
pub async fn take_in(
    conn: &mut Conn,
    crowd: &Crowd,
    paces: &mut Paces,
    now: i64,
    random: &Random,
) -> Result<Option<usize>, sqlx::Error> {
    let bundle = match paces.of(&crowd.key).bundle.clone() {
        Some(bundle) => bundle,
        None if crowd.due_at <= now && waiting(conn, crowd, now).await? == 1 => return Ok(None),
        None => {
            let draft = draft(crowd, now, random);
            enqueue(conn, std::slice::from_ref(&draft)).await?;
            paces.opened(&crowd.key, draft.id.to_string());
            draft.id.to_string()
        }
    };
    let done = sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'Bundled into one message with others.', bundle_id = $1 \
         WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND channel = $2 AND prio = 1 AND due_at <= $3 \
           AND business_id = $4 AND recipient = $5 AND (purpose = 'owner_alert' OR (purpose = 'escalation' AND step LIKE 'wait:%')) AND lead_id IS NOT NULL AND attempts = 0 \
           AND released = 0 ORDER BY due_at, id LIMIT $6)",
    )
    .bind(bundle)
    .bind(crowd.medium.as_str())
    .bind(now)
    .bind(&crowd.business_id)
    .bind(&crowd.recipient)
    .bind(AT_ONCE)
    .execute(conn)
    .await?;
    Ok(Some(usize::try_from(done.rows_affected()).unwrap_or(0)))
}

async fn waiting(conn: &mut Conn, crowd: &Crowd, now: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'queued' AND channel = $1 AND prio = 1 AND due_at <= $2 \
         AND business_id = $3 AND recipient = $4 AND (purpose = 'owner_alert' OR (purpose = 'escalation' AND step LIKE 'wait:%')) AND lead_id IS NOT NULL AND attempts = 0 \
         AND released = 0 LIMIT 2)",
    )
    .bind(crowd.medium.as_str())
    .bind(now)
    .bind(&crowd.business_id)
    .bind(&crowd.recipient)
    .fetch_one(conn)
    .await
}

/// A bundle has no words until it leaves, because until then it still takes alerts in.
fn draft(crowd: &Crowd, now: i64, random: &Random) -> Draft {
    Draft {
        id: MessageId::new(random, now),
        business_id: crowd.business_id.as_str().into(),
        lead_id: None,
        person_id: None,
        source_id: None,
        purpose: Purpose::OwnerAlert,
        step: BUNDLE.to_owned(),
        medium: crowd.medium,
        recipient: crowd.recipient.clone(),
        subject: String::new(),
        body: String::new(),
        html: None,
        parts: 1,
        remote: None,
        queued_at: now,
        due_at: crowd.due_at,
        // A telephone does not ring for what is hours old.
        expires_at: now + if crowd.medium == Medium::Call { HOUR_MS } else { Purpose::OwnerAlert.worth_ms() },
        state: State::Queued,
        reason: None,
        fallback: None,
    }
}

/// The bundle leaves: its words are made and frozen, and each alert in it says with how many others it went.
///
/// # Errors
/// The database's.
pub async fn close(
    conn: &mut Conn,
    outgoing: &mut Outgoing,
    medium: Medium,
    wording: &Wording,
) -> Result<(), sqlx::Error> {
    let bundle = facts(conn, outgoing, medium).await?;
    let words = wording(&bundle);
    let parts = if medium == Medium::Sms { i64::from(sms::parts(&words.body).segments) } else { 1 };
    sqlx::query(
        "UPDATE outbox SET subject = $1, body = $2, parts = $3, person_id = \
         (SELECT m.person_id FROM outbox m WHERE m.bundle_id = $4 LIMIT 1) WHERE id = $4",
    )
    .bind(&words.subject)
    .bind(&words.body)
    .bind(parts)
    .bind(outgoing.id.as_str())
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET reason = 'Bundled into one message with ' || CASE $1 WHEN 0 THEN 'no other' WHEN 1 THEN 'one other' \
         ELSE $1 || ' others' END || '.' WHERE bundle_id = $2",
    )
    .bind(alerts_in(conn, outgoing).await? - 1)
    .bind(outgoing.id.as_str())
    .execute(conn)
    .await?;
    outgoing.subject = words.subject;
    outgoing.body = words.body;
    Ok(())
}

async fn alerts_in(conn: &mut Conn, outgoing: &Outgoing) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM outbox WHERE bundle_id = $1")
        .bind(outgoing.id.as_str())
        .fetch_one(conn)
        .await
}

async fn facts(conn: &mut Conn, outgoing: &Outgoing, medium: Medium) -> Result<Bundle, sqlx::Error> {
    let row = sqlx::query(
        "SELECT b.slug, b.timezone, b.country, count(DISTINCT m.lead_id), COALESCE(min(m.queued_at), 0), \
         COALESCE(min(m.step LIKE 'new:%'), 1) FROM business b LEFT JOIN outbox m ON m.bundle_id = $1 WHERE b.id = $2",
    )
    .bind(outgoing.id.as_str())
    .bind(outgoing.business_id.as_str())
    .fetch_one(&mut *conn)
    .await?;
    let named = sqlx::query(
        "SELECT l.name, COALESCE(l.phone, l.phone_given, l.email), l.is_test FROM outbox m JOIN lead l ON l.id = m.lead_id \
         WHERE m.bundle_id = $1 GROUP BY l.id ORDER BY min(m.queued_at), l.id LIMIT $2",
    )
    .bind(outgoing.id.as_str())
    .bind(i64::try_from(NAMED).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    Ok(Bundle {
        business_id: outgoing.business_id.clone(),
        slug: row.try_get(0)?,
        timezone: row.try_get(1)?,
        country: row.try_get(2)?,
        medium,
        leads: row.try_get(3)?,
        all_new: row.try_get::<i64, _>(5)? != 0,
        since: row.try_get(4)?,
        named: named
            .iter()
            .map(|row| Ok(Named { name: row.try_get(0)?, contact: row.try_get(1)?, is_test: row.try_get(2)? }))
            .collect::<Result<_, sqlx::Error>>()?,
    })
}
