//! Leads that began with an event that only named something: found again by what it named, filled in with what was found.

use super::payments::{Buyer, buyer};
use crate::db::{Conn, runs};
use crate::lead::reading::{Kind, Reading, with_new};
use sqlx::{QueryBuilder, Row, Sqlite};

/// A lead that is known by what a vendor's event named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The lead, as the road looks at it.
    pub buyer: Buyer,
    /// When it came, UTC milliseconds.
    pub received_at: i64,
    /// An alert of it is out, or on its way for good.
    pub is_told: bool,
}

/// What events name: source, what, number.
pub type Name<'a> = (&'a str, &'a str, &'a str);

/// The newest lead behind each of these names, where there is one.
///
/// # Errors
/// The database's.
pub async fn known(conn: &mut Conn, names: &[Name<'_>]) -> Result<Vec<(usize, Named)>, sqlx::Error> {
    let mut found = Vec::new();
    let numbered: Vec<(usize, &Name<'_>)> = names.iter().enumerate().collect();
    for run in runs(&numbered) {
        let mut sql = QueryBuilder::<Sqlite>::new("WITH v(n, source, what, ref) AS (");
        sql.push_values(run, |mut row, (n, (source, what, reference))| {
            row.push_bind(i64::try_from(*n).unwrap_or(0)).push_bind(*source).push_bind(*what).push_bind(*reference);
        });
        sql.push(
            ") SELECT v.n, l.id, l.name, l.first_name, l.phone, l.email, l.state AS lead_state, l.consent, l.received_at, \
             EXISTS (SELECT 1 FROM opt_out x WHERE x.business_id = l.business_id AND x.phone = l.phone) AS opted_out, \
             (SELECT max(m.at) FROM first_message m WHERE m.business_id = l.business_id \
               AND m.contact IN (l.phone, l.email)) AS answered_at, \
             EXISTS (SELECT 1 FROM outbox o WHERE o.lead_id = l.id AND o.purpose = 'owner_alert' AND (o.attempts > 0 \
               OR o.state NOT IN ('queued', 'cancelled') OR o.bundle_id IS NOT NULL)) AS is_told \
             FROM v JOIN question f ON f.source_id = v.source AND f.what = v.what AND f.ref = v.ref \
             JOIN receipt r ON r.id = f.receipt_id JOIN lead l ON l.id = r.lead_id ORDER BY l.id",
        );
        for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
            let named = Named {
                buyer: buyer(row.try_get("id")?, &row)?,
                received_at: row.try_get("received_at")?,
                is_told: row.try_get("is_told")?,
            };
            found.push((usize::try_from(row.try_get::<i64, _>("n")?).unwrap_or(0), named));
        }
    }
    Ok(found)
}

/// Fills in what a lead is missing beside the person: page, consent and the other answers, of which those that it has
/// already stay as they are. `is_own` says that the lead began with what was named: then it also shows now which kind of
/// lead it is, and whether it is a test.
///
/// # Errors
/// The database's.
pub async fn fill(conn: &mut Conn, lead: &str, reading: &Reading, is_own: bool) -> Result<(), sqlx::Error> {
    let stored: Option<String> =
        sqlx::query_scalar("SELECT fields FROM lead WHERE id = $1").bind(lead).fetch_optional(&mut *conn).await?;
    sqlx::query(
        "UPDATE lead SET kind = COALESCE($2, kind), is_test = CASE WHEN $3 THEN 1 ELSE is_test END, page = COALESCE(page, $4), consent = COALESCE(consent, $5), \
         fields = $6, marketing = COALESCE($7, marketing) WHERE id = $1",
    )
    .bind(lead)
    .bind(is_own.then(|| reading.about.kind()))
    .bind(is_own && reading.kind == Kind::Test)
    .bind(reading.page.as_deref())
    .bind(reading.consent.as_ref().and_then(|consent| serde_json::to_string(consent).ok()))
    .bind(with_new(stored.as_deref().unwrap_or("[]"), &reading.fields))
    .bind(reading.marketing.as_ref().and_then(|box_| serde_json::to_string(box_).ok()))
    .execute(conn)
    .await
    .map(drop)
}

/// The first word of a lead that says nothing yet is not needed any more: what was found is told instead.
///
/// # Errors
/// The database's.
pub async fn call_off_nameless(conn: &mut Conn, lead: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'The details came in time and are told instead.' \
         WHERE lead_id = $1 AND purpose = 'owner_alert' AND step >= 'new:nameless:' AND step < 'new:nameless;' \
         AND state = 'queued' AND attempts = 0",
    )
    .bind(lead)
    .execute(conn)
    .await
    .map(drop)
}
