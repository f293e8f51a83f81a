//! Texts that came in, who they came from, and the numbers that asked for silence.

use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::base::ids::LeadId;
use crate::db::Conn;
use crate::lead::wording::store as wording;
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

/// How long a text still belongs to a lead that was closed, in milliseconds. Later it is a new enquiry, which waits for
/// somebody as the old one does not.
pub const THANKS_FOR_MS: i64 = 7 * DAY_MS;

/// The newest lead of a number (lead, business), open or closed since an instant (UTC milliseconds); `within` one business
/// only, if that is known.
///
/// # Errors
/// The database's.
pub async fn lead_by_phone(
    conn: &mut Conn,
    phone: &str,
    within: Option<&str>,
    closed_since: i64,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, business_id FROM lead WHERE phone = $1 AND is_spam = 0 AND business_id IN (SELECT id FROM business) \
         AND business_id = COALESCE($2, business_id) AND (state <> 'closed' OR closed_at > $3) \
         ORDER BY state = 'closed', received_at DESC LIMIT 1",
    )
    .bind(phone)
    .bind(within)
    .bind(closed_since)
    .fetch_optional(conn)
    .await?;
    row.map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).transpose()
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
    .execute(&mut *conn)
    .await?;
    // What would follow by itself does not come by another way either.
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'They asked us to stop. You can still write yourself.' \
         WHERE lead_id IN (SELECT id FROM lead WHERE phone = $1) AND state IN ('queued', 'held') AND purpose = 'follow_up'",
    )
    .bind(phone)
    .execute(conn)
    .await
    .map(drop)
}

/// The number may be texted again: by the shop whose own number it wrote to, or by all where that is no shop's own. Says
/// whether it had asked for silence there.
///
/// # Errors
/// The database's.
pub async fn opt_in(conn: &mut Conn, phone: &str, by: Option<&str>) -> Result<bool, sqlx::Error> {
    let mut lifted = 0;
    for sql in [
        "DELETE FROM opt_out WHERE phone = $1 AND business_id = COALESCE($2, business_id)",
        "DELETE FROM silence WHERE phone = $1 AND business_id = COALESCE($2, business_id)",
    ] {
        lifted += sqlx::query(sql).bind(phone).bind(by).execute(&mut *conn).await?.rows_affected();
    }
    Ok(lifted > 0)
}

/// The one shop whose own number this is, where there are several shops.
///
/// # Errors
/// The database's.
pub async fn owner_of(conn: &mut Conn, number: &str) -> Result<Option<String>, sqlx::Error> {
    let found: Vec<String> =
        sqlx::query_scalar("SELECT id FROM business WHERE phone = $1 LIMIT 2").bind(number).fetch_all(conn).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    })
}

/// Somebody asked for silence in words of their own: nothing goes to the number by itself until it says START.
///
/// # Errors
/// The database's.
pub async fn pause(conn: &mut Conn, business: &str, phone: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO silence (business_id, phone, at) VALUES ($1, $2, $3) ON CONFLICT (business_id, phone) DO NOTHING",
    )
    .bind(business)
    .bind(phone)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Whether a number has opted out of this shop, or of any.
///
/// # Errors
/// The database's.
pub async fn is_opted_out(conn: &mut Conn, phone: &str, by: Option<&str>) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM opt_out WHERE phone = $1 AND business_id = COALESCE($2, business_id) LIMIT 1",
    )
    .bind(phone)
    .bind(by)
    .fetch_optional(conn)
    .await?;
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
    wording::call_off(conn, &LeadId::from(lead), "They wrote back.").await
}

/// Name, number and address of a lead.
///
/// # Errors
/// The database's.
pub async fn who(
    conn: &mut Conn,
    lead: &str,
) -> Result<Option<(Option<String>, Option<String>, Option<String>)>, sqlx::Error> {
    sqlx::query_as("SELECT name, phone, email FROM lead WHERE id = $1").bind(lead).fetch_optional(conn).await
}

/// The words of a text that came in, by the vendor's id.
///
/// # Errors
/// The database's.
pub async fn words(conn: &mut Conn, vendor_id: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT body FROM inbound WHERE vendor_id = $1").bind(vendor_id).fetch_optional(conn).await
}

/// A text that was stored before anybody knew whose it is belongs to this lead.
///
/// # Errors
/// The database's.
pub async fn belongs(conn: &mut Conn, vendor_id: &str, lead: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inbound SET lead_id = $2 WHERE vendor_id = $1 AND lead_id IS NULL")
        .bind(vendor_id)
        .bind(lead)
        .execute(conn)
        .await
        .map(drop)
}

/// Whose number it is that a text came to: the shop with that number, else the only shop there is.
///
/// # Errors
/// The database's.
pub async fn home(conn: &mut Conn, number: &str) -> Result<Option<BusinessId>, sqlx::Error> {
    let rows: Vec<(BusinessId, bool)> = sqlx::query_as(
        "SELECT id, COALESCE(phone = $1, 0) FROM business ORDER BY phone = $1 DESC, created_at, id LIMIT 2",
    )
    .bind(number)
    .fetch_all(conn)
    .await?;
    Ok(match rows.as_slice() {
        [(id, true), ..] | [(id, _)] => Some(id.clone()),
        _ => None,
    })
}

/// Whether a number is one that a shop of ours calls from.
///
/// # Errors
/// The database's.
pub async fn is_a_shops(conn: &mut Conn, number: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM business WHERE phone = $1 LIMIT 1").bind(number).fetch_optional(conn).await?;
    Ok(found.is_some())
}

/// Whether this happened to a lead since an instant (UTC milliseconds).
///
/// # Errors
/// The database's.
pub async fn happened_since(conn: &mut Conn, lead: &str, kind: &str, since: i64) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM event WHERE lead_id = $1 AND kind = $2 AND at > $3 LIMIT 1")
            .bind(lead)
            .bind(kind)
            .bind(since)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// What would be sent to a number by itself is called off, in one business; a person's own words are not. Returns how many.
///
/// # Errors
/// The database's.
pub async fn call_off(conn: &mut Conn, business: &str, phone: &str, why: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = $3 WHERE business_id = $1 AND state IN ('queued', 'held') \
         AND purpose IN ('lead_reply', 'follow_up') AND (recipient = $2 OR lead_id IN (SELECT id FROM lead WHERE business_id = $1 AND phone = $2))",
    )
    .bind(business)
    .bind(phone)
    .bind(why)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
