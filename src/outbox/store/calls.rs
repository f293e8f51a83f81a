//! Calls to one of us, as whoever picks up hears them: what they are about, and which lead a key is for.

use crate::base::clock::HOUR_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Call {
    /// The message.
    pub id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// The lead it is about; none for a test, and for many in one.
    pub lead_id: Option<LeadId>,
    /// Who of us is rung.
    pub person_id: Option<PersonId>,
    /// Which of its purpose.
    pub step: String,
    /// What is said to whoever has pressed a key.
    pub body: String,
    /// The vendor's id, once it is known.
    pub vendor_id: Option<String>,
    /// When it was last tried (UTC milliseconds).
    pub sent_at: Option<i64>,
}

/// One call.
///
/// # Errors
/// The database's.
pub async fn one(conn: &mut Conn, id: &str) -> Result<Option<Call>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, business_id, lead_id, person_id, step, body, vendor_id, sent_at FROM outbox \
         WHERE id = $1 AND channel = 'call'",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// The oldest lead of a call about many that still waits.
///
/// # Errors
/// The database's.
pub async fn first_of_many(conn: &mut Conn, id: &str) -> Result<Option<LeadId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT m.lead_id FROM outbox m JOIN lead l ON l.id = m.lead_id WHERE m.bundle_id = $1 AND l.state = 'waiting' \
         ORDER BY m.queued_at, l.id LIMIT 1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// A first alert by text that the carriers did not let through.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Blocked {
    /// Whose lead it is.
    pub business_id: BusinessId,
    /// The lead.
    pub lead_id: LeadId,
    /// Who of us was to read it.
    pub person_id: PersonId,
    /// Their number.
    pub recipient: String,
    /// The lead's name.
    pub name: Option<String>,
    /// What they want.
    pub message: Option<String>,
    /// It is a test.
    pub is_test: bool,
}

/// The alert that the vendor knows by this id, if it is the first one of a lead that still waits and came lately.
///
/// # Errors
/// The database's.
pub async fn blocked_alert(conn: &mut Conn, vendor_id: &str, now: i64) -> Result<Option<Blocked>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.business_id, o.lead_id, o.person_id, o.recipient, l.name, l.message, l.is_test \
         FROM outbox o JOIN lead l ON l.id = o.lead_id WHERE o.vendor_id = $1 AND o.purpose = 'owner_alert' \
         AND o.channel = 'sms' AND o.person_id IS NOT NULL AND o.step NOT LIKE 'again:%' AND o.queued_at > $2 \
         AND l.state = 'waiting'",
    )
    .bind(vendor_id)
    .bind(now - HOUR_MS)
    .fetch_optional(conn)
    .await
}
