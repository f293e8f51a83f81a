//! Who wants no more of our mails, by the link in one of them. The wish goes into the list of opt-outs, where the gate
//! looks before every send, and which outlives the person as a hash.

use crate::base::ids::{BusinessId, MessageId};
use crate::db::{Conn, Pool};

/// The mail that a link was in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Mail {
    /// Whose it is.
    pub business_id: BusinessId,
    /// The shop, as customers know it.
    pub shop: String,
    /// Whether there is still somebody to be left alone: they are not forgotten, and have not said so before.
    pub is_open: bool,
}

/// The mail of that id, if it was one to a lead.
///
/// # Errors
/// When the database cannot be read.
pub async fn mail(pool: &Pool, id: &MessageId) -> Result<Option<Mail>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.business_id, b.name AS shop, o.recipient <> '' AND NOT EXISTS (SELECT 1 FROM opt_out x \
           WHERE x.business_id = o.business_id AND x.phone = o.recipient) AS is_open \
         FROM outbox o JOIN business b ON b.id = o.business_id \
         WHERE o.id = $1 AND o.channel = 'mail' AND o.purpose = 'follow_up'",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// Whoever got that mail gets no more of them from this business; what waits for them is called off. Pressed twice it is
/// done once. `why` is what the messages say.
///
/// # Errors
/// The database's.
pub async fn unsubscribe(conn: &mut Conn, id: &MessageId, why: &str, now: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO opt_out (business_id, phone, at, how) SELECT business_id, recipient, $2, 'unsubscribed' FROM outbox \
         WHERE id = $1 AND channel = 'mail' AND purpose = 'follow_up' AND recipient <> '' \
         ON CONFLICT (business_id, phone) DO NOTHING",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = $2 FROM (SELECT business_id, recipient FROM outbox WHERE id = $1) it \
         WHERE outbox.business_id = it.business_id AND outbox.recipient = it.recipient AND outbox.channel = 'mail' \
         AND outbox.state IN ('queued', 'held') AND outbox.purpose IN ('lead_reply', 'follow_up')",
    )
    .bind(id)
    .bind(why)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO event (business_id, lead_id, at, kind) SELECT business_id, lead_id, $2, 'unsubscribed' FROM outbox \
         WHERE id = $1 AND lead_id IS NOT NULL",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(true)
}
