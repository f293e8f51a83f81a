//! What is planned already, asked inside a transaction before more is planned.

use crate::base::ids::{BusinessId, LeadId, MessageId};
use crate::db::Conn;
use serde::Serialize;

/// A planned message, in the words of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Planned {
    /// Its id.
    #[serde(skip)]
    pub id: MessageId,
    /// `lead_reply`, `owner_alert` and so on.
    pub purpose: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// E.164 number or e-mail address.
    #[serde(rename = "to")]
    pub recipient: String,
    /// Subject of a mail; empty for a text.
    pub subject: String,
    /// The words.
    pub body: String,
    /// Where it stands.
    pub state: String,
    /// Why it is there, for people.
    pub reason: Option<String>,
}

/// The messages of a business that were planned at this moment (UTC milliseconds).
///
/// # Errors
/// The database's.
pub async fn at(conn: &mut Conn, business: &BusinessId, at: i64) -> Result<Vec<Planned>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, purpose, channel, recipient, subject, body, state, reason FROM outbox \
         WHERE business_id = $1 AND queued_at = $2 ORDER BY prio, id",
    )
    .bind(business)
    .bind(at)
    .fetch_all(conn)
    .await
}

/// Whether anything of this purpose was ever planned about a lead, whatever became of it.
///
/// # Errors
/// The database's.
pub async fn ever(conn: &mut Conn, lead: &LeadId, purpose: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM outbox WHERE lead_id = $1 AND purpose = $2 LIMIT 1")
        .bind(lead)
        .bind(purpose)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}
