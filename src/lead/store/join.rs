//! A further submission joins a lead that is there.

use crate::db::Conn;
use crate::lead::reading::{Consent, Reading};

/// What joins a lead that is there: what was missing is filled in, nothing is overwritten. Only what the person permits
/// follows them: a box for texts that is left unticked holds from then on, and of a box for offers the newest word counts.
#[derive(Clone, Copy, Debug)]
pub struct Join<'a> {
    /// The lead.
    pub lead_id: &'a str,
    /// What came.
    pub reading: &'a Reading,
    /// The person wrote once more; false for further news of something that is counted already.
    pub is_write: bool,
    /// When it came.
    pub at: i64,
}

/// A further submission joins a lead.
///
/// # Errors
/// The database's.
pub async fn join(conn: &mut Conn, j: &Join<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE lead SET writes = writes + $9, last_write_at = $1, name = COALESCE(name, $2), first_name = COALESCE(first_name, $3), \
         phone = COALESCE(phone, $4), phone_given = COALESCE(phone_given, $5), email = COALESCE(email, $6), \
         message = COALESCE(message, $7), consent = CASE WHEN $10 THEN $11 ELSE COALESCE(consent, $11) END, \
         marketing = COALESCE($12, marketing) WHERE id = $8",
    )
    .bind(j.at)
    .bind(j.reading.name.as_deref())
    .bind(j.reading.first_name.as_deref())
    .bind(j.reading.phone.as_ref().map(|p| p.as_str()))
    .bind(j.reading.phone_as_given.as_deref())
    .bind(j.reading.email.as_ref().map(|e| e.as_str()))
    .bind(j.reading.message.as_deref())
    .bind(j.lead_id)
    .bind(i64::from(j.is_write))
    .bind(j.reading.consent.as_ref().is_some_and(|box_| !box_.given))
    .bind(stored(j.reading.consent.as_ref()))
    .bind(stored(j.reading.marketing.as_ref()))
    .execute(conn)
    .await
    .map(drop)
}

fn stored(box_: Option<&Consent>) -> Option<String> {
    box_.and_then(|box_| serde_json::to_string(box_).ok())
}
