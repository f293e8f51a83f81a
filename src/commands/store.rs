//! What the commands read from the database, in SQL: tables to export, and the signs of health.

use crate::base::instant::rfc3339;
use crate::db::{Pool, Row};
use crate::lead::store::payments;
use serde_json::{Map, Value};
use sqlx::Row as _;

/// The columns of exported leads.
pub const LEAD_COLUMNS: &[&str] = &[
    "id",
    "business",
    "source",
    "kind",
    "test",
    "spam",
    "name",
    "email",
    "phone",
    "message",
    "fields",
    "state",
    "outcome",
    "received_at",
    "first_text_at",
    "delivered_at",
    "alerted_at",
    "taken_at",
    "taken_by",
    "person_at",
    "reached_at",
    "replied_at",
    "closed_at",
    "paid",
];

/// The columns of exported receipts.
pub const RECEIPT_COLUMNS: &[&str] = &[
    "id",
    "business",
    "source",
    "state",
    "problem",
    "received_at",
    "content_type",
    "body",
    "reading",
    "files",
    "repeats",
    "lead",
];

/// The columns of exported messages.
pub const MESSAGE_COLUMNS: &[&str] = &[
    "id",
    "business",
    "lead",
    "purpose",
    "channel",
    "to",
    "body",
    "state",
    "reason",
    "vendor_id",
    "attempts",
    "queued_at",
    "accepted_at",
    "delivered_at",
];

/// The next leads after the one with this id, at most 500, oldest first.
///
/// # Errors
/// What the database says.
pub async fn leads(pool: &Pool, business: Option<&str>, after: &str) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT l.id, b.slug AS business, coalesce(s.name, l.source_id) AS source, l.kind, l.is_test AS test, \
         l.is_spam AS spam, l.name, l.email, coalesce(l.phone, l.phone_given) AS phone, l.message, l.fields, l.state, \
         l.outcome, l.received_at, l.first_text_at, l.delivered_at, l.alerted_at, l.taken_at, \
         coalesce(p.name, l.taken_by) AS taken_by, l.person_at, l.reached_at, l.replied_at, l.closed_at \
         FROM lead l JOIN business b ON b.id = l.business_id LEFT JOIN source s ON s.id = l.source_id \
         LEFT JOIN person p ON p.id = l.taken_by \
         WHERE l.id > $1 AND ($2 IS NULL OR l.business_id = $2) ORDER BY l.id LIMIT 500",
    )
    .bind(after)
    .bind(business)
    .fetch_all(pool)
    .await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?;
    let sums = payments::sums(pool, &ids).await?;
    let (paid, others) = LEAD_COLUMNS.split_last().map_or(("", LEAD_COLUMNS), |(last, others)| (*last, others));
    let with_paid = |row: &Row| {
        let mut lead = document(row, others)?;
        let sums = sums.get(row.try_get::<&str, _>("id")?);
        lead.insert(paid.to_owned(), Value::String(payments::cell(sums)));
        Ok(lead)
    };
    rows.iter().map(with_paid).collect()
}

/// The next receipts after the one with this id, at most 500, oldest first.
///
/// # Errors
/// What the database says.
pub async fn receipts(
    pool: &Pool,
    business: Option<&str>,
    after: &str,
) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT r.id, b.slug AS business, coalesce(s.name, r.source_id) AS source, r.state, r.problem, r.received_at, \
         r.content_type, r.body, r.reading, r.files, r.repeats, r.lead_id AS lead \
         FROM receipt r JOIN business b ON b.id = r.business_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE r.id > $1 AND ($2 IS NULL OR r.business_id = $2) ORDER BY r.id LIMIT 500",
    )
    .bind(after)
    .bind(business)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| document(row, RECEIPT_COLUMNS)).collect()
}

/// The next messages after the one with this id, at most 500, oldest first.
///
/// # Errors
/// What the database says.
pub async fn messages(
    pool: &Pool,
    business: Option<&str>,
    after: &str,
) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT m.id, b.slug AS business, m.lead_id AS lead, m.purpose, m.channel, m.recipient AS \"to\", m.body, \
         m.state, m.reason, m.vendor_id, m.attempts, m.queued_at, m.accepted_at, m.delivered_at \
         FROM outbox m JOIN business b ON b.id = m.business_id \
         WHERE m.id > $1 AND ($2 IS NULL OR m.business_id = $2) ORDER BY m.id LIMIT 500",
    )
    .bind(after)
    .bind(business)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| document(row, MESSAGE_COLUMNS)).collect()
}

/// A message on its way to an owner, as `send-test` watches it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Watched {
    /// `owner_alert` and kin.
    pub purpose: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// `queued`, `sending`, `accepted` and so on.
    pub state: String,
    /// Why it is where it is.
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub accepted_at: Option<i64>,
    /// UTC milliseconds.
    pub delivered_at: Option<i64>,
}

/// When a submission was stored (UTC milliseconds).
///
/// # Errors
/// What the database says.
pub async fn received_at(pool: &Pool, receipt: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("SELECT received_at FROM receipt WHERE id = $1").bind(receipt).fetch_optional(pool).await
}

/// The messages of a lead that were planned from `since` (UTC milliseconds) on.
///
/// # Errors
/// What the database says.
pub async fn watched(pool: &Pool, lead: &str, since: i64) -> Result<Vec<Watched>, sqlx::Error> {
    sqlx::query_as(
        "SELECT purpose, channel, state, reason, accepted_at, delivered_at FROM outbox \
         WHERE lead_id = $1 AND queued_at >= $2 ORDER BY prio, id",
    )
    .bind(lead)
    .bind(since)
    .fetch_all(pool)
    .await
}

fn document(row: &Row, columns: &[&'static str]) -> Result<Map<String, Value>, sqlx::Error> {
    columns.iter().map(|name| Ok(((*name).to_owned(), value(row, name)?))).collect()
}

/// One cell as the API writes it: instants as RFC 3339, flags as true and false, stored JSON as JSON.
fn value(row: &Row, name: &str) -> Result<Value, sqlx::Error> {
    Ok(match name {
        "test" | "spam" => Value::Bool(row.try_get(name)?),
        "attempts" | "files" | "repeats" => row.try_get::<i64, _>(name)?.into(),
        "body" => match row.try_get::<Option<String>, _>(name) {
            Ok(text) => text.map_or(Value::Null, Value::String),
            Err(_) => Value::String(String::from_utf8_lossy(row.try_get(name)?).into_owned()),
        },
        "fields" | "reading" => {
            let text: Option<String> = row.try_get(name)?;
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
        }
        name if name.ends_with("_at") => row.try_get::<Option<i64>, _>(name)?.map(rfc3339).into(),
        _ => row.try_get::<Option<String>, _>(name)?.into(),
    })
}
