//! Texts that came in, who they came from, and the numbers that asked for silence.

use crate::base::clock::DAY_MS;
use crate::base::ids::LeadId;
use crate::db::Conn;
use crate::lead::wording::store::call_off;
use sqlx::Row;

/// A text as it came in.
#[derive(Clone, Debug)]
pub struct NewInbound<'a> {
    /// The vendor's id.
    pub vendor_id: &'a str,
    /// Whose number it came to.
    pub business_id: Option<&'a str>,
    /// The lead it belongs to.
    pub lead_id: Option<&'a str>,
    /// One of us, if it came from one.
    pub person_id: Option<&'a str>,
    /// E.164, or whatever the vendor gave.
    pub sender: &'a str,
    /// Our number.
    pub recipient: &'a str,
    /// The words.
    pub body: &'a str,
    /// How many pictures came along.
    pub media: i64,
    /// stop start help.
    pub keyword: Option<&'a str>,
    /// UTC milliseconds.
    pub at: i64,
}

/// Stores a text once; says whether it is new.
///
/// # Errors
/// The database's.
pub async fn insert(conn: &mut Conn, t: &NewInbound<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO inbound (vendor_id, business_id, lead_id, person_id, sender, recipient, body, media, keyword, received_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (vendor_id) DO NOTHING",
    )
    .bind(t.vendor_id)
    .bind(t.business_id)
    .bind(t.lead_id)
    .bind(t.person_id)
    .bind(t.sender)
    .bind(t.recipient)
    .bind(t.body)
    .bind(t.media)
    .bind(t.keyword)
    .bind(t.at)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// One of us, by number (person, business, name), in the business that wrote to that number last; `within` one business
/// only, if that is known.
///
/// # Errors
/// The database's.
pub async fn person_by_phone(
    conn: &mut Conn,
    phone: &str,
    within: Option<&str>,
) -> Result<Option<(String, String, String)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT p.id, p.business_id, p.name FROM person p WHERE p.phone = $1 \
         AND p.business_id = COALESCE($2, p.business_id) ORDER BY (SELECT max(created_at) FROM alert_link a WHERE a.person_id = p.id) DESC LIMIT 1",
    )
    .bind(phone)
    .bind(within)
    .fetch_optional(conn)
    .await?;
    row.map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?))).transpose()
}

/// The newest lead of a number (lead, business); `within` one business only, if that is known.
///
/// # Errors
/// The database's.
pub async fn lead_by_phone(
    conn: &mut Conn,
    phone: &str,
    within: Option<&str>,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, business_id FROM lead WHERE phone = $1 AND is_spam = 0 AND business_id IN (SELECT id FROM business) \
         AND business_id = COALESCE($2, business_id) ORDER BY state = 'closed', received_at DESC LIMIT 1",
    )
    .bind(phone)
    .bind(within)
    .fetch_optional(conn)
    .await?;
    row.map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).transpose()
}

/// The lead that this person takes with this digit.
///
/// # Errors
/// The database's.
pub async fn lead_by_digit(conn: &mut Conn, person: &str, digit: i64, now: i64) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT a.lead_id FROM alert_link a JOIN lead l ON l.id = a.lead_id WHERE a.person_id = $1 AND a.digit = $2 \
         AND a.created_at > $3 AND l.state <> 'closed' ORDER BY l.state = 'waiting' DESC, a.created_at DESC LIMIT 1",
    )
    .bind(person)
    .bind(digit)
    .bind(now - DAY_MS)
    .fetch_optional(conn)
    .await
}

/// Whether this person has sent this digit alone before, at or after `since`, in another text than `this`.
///
/// # Errors
/// The database's.
pub async fn sent_digit_since(
    conn: &mut Conn,
    person: &str,
    digit: i64,
    since: i64,
    this: &str,
) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM inbound WHERE person_id = $1 AND replace(trim(body), ' ', '') = CAST($2 AS TEXT) \
         AND received_at >= $3 AND vendor_id <> $4 LIMIT 1",
    )
    .bind(person)
    .bind(digit)
    .bind(since)
    .bind(this)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Who waits and can be taken by a digit of this person (digit, name).
///
/// # Errors
/// The database's.
pub async fn waiting_digits(conn: &mut Conn, person: &str, now: i64) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.digit, COALESCE(l.name, l.phone, l.email, 'someone') FROM alert_link a JOIN lead l ON l.id = a.lead_id \
         WHERE a.person_id = $1 AND a.digit IS NOT NULL AND a.created_at > $2 AND l.state = 'waiting' ORDER BY a.digit LIMIT 9",
    )
    .bind(person)
    .bind(now - DAY_MS)
    .fetch_all(conn)
    .await
}

/// Remembers that a number asked for silence, in every business that has it as a lead's, and in the one whose number it
/// wrote to, if that is known.
///
/// # Errors
/// The database's.
pub async fn opt_out(
    conn: &mut Conn,
    phone: &str,
    within: Option<&str>,
    how: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    if let Some(business) = within {
        sqlx::query(
            "INSERT INTO opt_out (business_id, phone, at, how) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (business_id, phone) DO NOTHING",
        )
        .bind(business)
        .bind(phone)
        .bind(now)
        .bind(how)
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query(
        "INSERT INTO opt_out (business_id, phone, at, how) SELECT DISTINCT business_id, phone, $1, $2 FROM lead WHERE phone = $3 \
         ON CONFLICT (business_id, phone) DO NOTHING",
    )
    .bind(now)
    .bind(how)
    .bind(phone)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'They asked us not to text. You can still call.' \
         WHERE recipient = $1 AND channel = 'sms' AND state IN ('queued', 'held') AND purpose IN ('lead_reply', 'follow_up', 'relay')",
    )
    .bind(phone)
    .execute(conn)
    .await
    .map(drop)
}

/// The number may be texted again. Says whether it had opted out.
///
/// # Errors
/// The database's.
pub async fn opt_in(conn: &mut Conn, phone: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM opt_out WHERE phone = $1").bind(phone).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a number has opted out anywhere.
///
/// # Errors
/// The database's.
pub async fn is_opted_out(conn: &mut Conn, phone: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM opt_out WHERE phone = $1 LIMIT 1").bind(phone).fetch_optional(conn).await?;
    Ok(found.is_some())
}

/// The lead has written back: its clock, once.
///
/// # Errors
/// The database's.
pub async fn replied(conn: &mut Conn, lead: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE lead SET replied_at = COALESCE(replied_at, $1) WHERE id = $2")
        .bind(now)
        .bind(lead)
        .execute(&mut *conn)
        .await?;
    call_off(conn, &LeadId::from(lead), "They wrote back.").await
}

/// Name, number, address of a lead and the slug, name and country of its shop.
///
/// # Errors
/// The database's.
pub async fn who(
    conn: &mut Conn,
    lead: &str,
) -> Result<Option<(Option<String>, Option<String>, Option<String>)>, sqlx::Error> {
    sqlx::query_as("SELECT name, phone, email FROM lead WHERE id = $1").bind(lead).fetch_optional(conn).await
}
