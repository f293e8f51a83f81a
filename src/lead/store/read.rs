//! Leads, read. Every query names its business, so that an id from elsewhere finds nothing.
//!
//! In goes a business and what is asked for; out come [`Lead`]s with the name of whoever has them. Lists that people
//! search and leaf through are in `search`.

use super::row::{LeadRow, lead_columns};
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::{Conn, Pool};
use crate::lead::contact::{Email, Phone};
use crate::lead::record::{Event, Lead};

/// One lead of this business.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(db: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Option<Lead>, sqlx::Error> {
    const SQL: &str = concat!("SELECT ", lead_columns!(), " FROM lead WHERE id = $1 AND business_id = $2");
    let rows = sqlx::query_as(SQL).bind(lead).bind(business).fetch_all(db).await?;
    Ok(leads(rows)?.pop())
}

/// One lead of this business, inside a transaction.
///
/// # Errors
/// When the database cannot be read.
pub async fn one_in(conn: &mut Conn, business: &BusinessId, lead: &LeadId) -> Result<Option<Lead>, sqlx::Error> {
    const SQL: &str = concat!("SELECT ", lead_columns!(), " FROM lead WHERE id = $1 AND business_id = $2");
    let rows = sqlx::query_as(SQL).bind(lead).bind(business).fetch_all(conn).await?;
    Ok(leads(rows)?.pop())
}

/// One lead, if `within` allows its business; `None` allows all.
///
/// # Errors
/// When the database cannot be read.
pub async fn one_within(db: &Pool, within: Option<&BusinessId>, lead: &LeadId) -> Result<Option<Lead>, sqlx::Error> {
    const SQL: &str =
        concat!("SELECT ", lead_columns!(), " FROM lead WHERE id = $1 AND ($2 IS NULL OR business_id = $2)");
    let rows = sqlx::query_as(SQL).bind(lead).bind(within).fetch_all(db).await?;
    Ok(leads(rows)?.pop())
}

/// The newest thing that a person did with a lead, or that the lead wrote, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn last_deed(conn: &mut Conn, business: &BusinessId, lead: &LeadId) -> Result<Option<Event>, sqlx::Error> {
    let row: Option<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT at, kind, by, detail FROM event WHERE lead_id = $1 AND business_id = $2 \
         AND kind IN ('person', 'reached', 'replied') ORDER BY at DESC, seq DESC LIMIT 1",
    )
    .bind(lead)
    .bind(business)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(at, kind, by, detail)| Event { at, kind, by, detail }))
}

/// Whether the owner of a number has asked this business not to text, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn has_opted_out_in(conn: &mut Conn, business: &BusinessId, phone: &str) -> Result<bool, sqlx::Error> {
    let rows: Vec<i64> = sqlx::query_scalar("SELECT 1 FROM opt_out WHERE business_id = $1 AND phone = $2")
        .bind(business)
        .bind(phone)
        .fetch_all(conn)
        .await?;
    Ok(!rows.is_empty())
}

/// Whether the owner of a number has asked this business not to text.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_opted_out(db: &Pool, business: &BusinessId, phone: &Phone) -> Result<bool, sqlx::Error> {
    let rows: Vec<i64> = sqlx::query_scalar("SELECT 1 FROM opt_out WHERE business_id = $1 AND phone = $2")
        .bind(business)
        .bind(phone.as_str())
        .fetch_all(db)
        .await?;
    Ok(!rows.is_empty())
}

/// Whether somebody wants no more mails from this business.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_unsubscribed(db: &Pool, business: &BusinessId, email: &Email) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM opt_out WHERE business_id = $1 AND phone = $2")
        .bind(business)
        .bind(email.as_str())
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// The leads that wait for a person, the longest wait first: real or test, never spam. At most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(db: &Pool, business: &BusinessId, limit: i64) -> Result<Vec<Lead>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        lead_columns!(),
        " FROM lead WHERE business_id = $1 AND state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0 \
         ORDER BY received_at, id LIMIT $2"
    );
    let rows = sqlx::query_as(SQL).bind(business).bind(limit).fetch_all(db).await?;
    leads(rows)
}

/// How many leads wait for a person.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting_count(db: &Pool, business: &BusinessId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT count(*) FROM lead WHERE business_id = $1 AND state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0",
    )
    .bind(business)
    .fetch_one(db)
    .await
}

/// How many leads wait for a person, and since when the longest of them does (UTC milliseconds), of every business
/// that `within` allows (`None` allows all); without those where nobody waits.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting_everywhere(
    db: &Pool,
    within: Option<&BusinessId>,
) -> Result<Vec<(BusinessId, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT business_id, count(*), min(received_at) FROM lead \
         WHERE state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0 AND ($1 IS NULL OR business_id = $1) \
         GROUP BY business_id",
    )
    .bind(within)
    .fetch_all(db)
    .await
}

/// The newest leads, tests among them, spam not. At most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(db: &Pool, business: &BusinessId, limit: i64) -> Result<Vec<Lead>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        lead_columns!(),
        " FROM lead WHERE business_id = $1 AND is_spam = 0 ORDER BY received_at DESC, id DESC LIMIT $2"
    );
    let rows = sqlx::query_as(SQL).bind(business).bind(limit).fetch_all(db).await?;
    leads(rows)
}

/// When the newest lead came, tests among them, spam not.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_arrival(db: &Pool, business: &BusinessId) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT received_at FROM lead WHERE business_id = $1 AND is_spam = 0 ORDER BY received_at DESC LIMIT 1",
    )
    .bind(business)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(at,)| at))
}

/// When the newest lead of all businesses came, tests among them, spam not. One look per business.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_arrival_anywhere(db: &Pool) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT max((SELECT l.received_at FROM lead l WHERE l.business_id = b.id AND l.is_spam = 0 \
         ORDER BY l.received_at DESC LIMIT 1)) FROM business b",
    )
    .fetch_one(db)
    .await
}

/// What happened to a lead, in order.
///
/// # Errors
/// When the database cannot be read.
pub async fn events(db: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Event>, sqlx::Error> {
    let mut conn = db.acquire().await?;
    events_in(&mut conn, business, lead).await
}

/// The same inside a transaction.
///
/// # Errors
/// When the database cannot be read.
pub async fn events_in(conn: &mut Conn, business: &BusinessId, lead: &LeadId) -> Result<Vec<Event>, sqlx::Error> {
    let rows: Vec<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT at, kind, by, detail FROM event WHERE lead_id = $1 AND business_id = $2 ORDER BY at, seq LIMIT 1000",
    )
    .bind(lead)
    .bind(business)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(at, kind, by, detail)| Event { at, kind, by, detail }).collect())
}

/// What a link in an alert leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerted {
    /// The lead.
    pub lead: Lead,
    /// Who was told.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// From when on the link shows nothing.
    pub expires_at: i64,
}

/// The lead and the person behind the code of an alert, whether expired or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_code(db: &Pool, code: &str) -> Result<Option<Alerted>, sqlx::Error> {
    let link: Option<(BusinessId, LeadId, PersonId, String, i64)> = sqlx::query_as(
        "SELECT l.business_id, l.lead_id, l.person_id, p.name, l.expires_at FROM alert_link l \
         JOIN person p ON p.id = l.person_id AND p.business_id = l.business_id WHERE l.code = $1",
    )
    .bind(code)
    .fetch_optional(db)
    .await?;
    let Some((business, lead, person, person_name, expires_at)) = link else { return Ok(None) };
    Ok(one(db, &business, &lead).await?.map(|lead| Alerted { lead, person, person_name, expires_at }))
}

/// The next rows of an export, in order of arrival: those after `after` (instant and id of the last row had).
/// Short reads instead of one long one, so that an export never holds the database's log open.
///
/// # Errors
/// When the database cannot be read.
pub async fn page_for_export(
    db: &Pool,
    business: &BusinessId,
    after: Option<(i64, &LeadId)>,
    limit: i64,
) -> Result<Vec<Lead>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        lead_columns!(),
        " FROM lead WHERE business_id = $1 AND received_at >= $2 AND (received_at > $2 OR id > $3) \
         ORDER BY received_at, id LIMIT $4"
    );
    let (at, id) = after.map_or((i64::MIN, ""), |(at, id)| (at, id.as_str()));
    let rows = sqlx::query_as(SQL).bind(business).bind(at).bind(id).bind(limit).fetch_all(db).await?;
    leads(rows)
}

/// Rows as leads, in the same order.
pub(super) fn leads(rows: Vec<LeadRow>) -> Result<Vec<Lead>, sqlx::Error> {
    rows.into_iter().map(LeadRow::into_lead).collect()
}
