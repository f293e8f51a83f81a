//! A shop's words and follow-ups in SQL.

use super::{FollowMail, FollowUp, Kind, Wording};
use crate::base::ids::{BusinessId, LeadId};
use crate::db::{Conn, Pool};

/// The words of a shop.
///
/// # Errors
/// When the database cannot be read.
pub async fn read(pool: &Pool, business: &BusinessId) -> Result<Wording, sqlx::Error> {
    let own: Vec<(String, String)> =
        sqlx::query_as("SELECT kind, body FROM wording WHERE business_id = $1").bind(business).fetch_all(pool).await?;
    let own = own.into_iter().filter_map(|(kind, body)| Some((Kind::parse(&kind)?, body))).collect();
    let follow_ups = sqlx::query_as(
        "SELECT id, business_id, source_id, after_ms, body, is_on, is_marketing FROM follow_up WHERE business_id = $1 \
         ORDER BY after_ms, created_at, id",
    )
    .bind(business)
    .fetch_all(pool)
    .await?;
    let mail = sqlx::query_as("SELECT postal, is_on FROM follow_mail WHERE business_id = $1");
    let mail: Option<FollowMail> = mail.bind(business).fetch_optional(pool).await?;
    Ok(Wording::new(own, follow_ups, mail.unwrap_or_default()))
}

/// Stores how follow-ups go by mail.
///
/// # Errors
/// The database's.
pub async fn set_mail(conn: &mut Conn, business: &BusinessId, mail: &FollowMail) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO follow_mail (business_id, postal, is_on) VALUES ($1, $2, $3) \
         ON CONFLICT (business_id) DO UPDATE SET postal = excluded.postal, is_on = excluded.is_on",
    )
    .bind(business)
    .bind(&mail.postal)
    .bind(mail.is_on)
    .execute(conn)
    .await
    .map(drop)
}

/// Puts a text in these words; none = in the usual ones.
///
/// # Errors
/// The database's.
pub async fn set(
    conn: &mut Conn,
    business: &BusinessId,
    kind: Kind,
    body: Option<&str>,
    now: i64,
) -> Result<(), sqlx::Error> {
    let Some(body) = body else {
        return sqlx::query("DELETE FROM wording WHERE business_id = $1 AND kind = $2")
            .bind(business)
            .bind(kind.as_str())
            .execute(conn)
            .await
            .map(drop);
    };
    sqlx::query(
        "INSERT INTO wording (business_id, kind, body, changed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (business_id, kind) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at",
    )
    .bind(business)
    .bind(kind.as_str())
    .bind(body)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Stores a follow-up; one of that id and shop is changed.
///
/// # Errors
/// The database's.
pub async fn save(conn: &mut Conn, step: &FollowUp, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO follow_up (id, business_id, source_id, after_ms, body, is_on, created_at, is_marketing) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET source_id = excluded.source_id, \
         after_ms = excluded.after_ms, body = excluded.body, is_on = excluded.is_on, is_marketing = excluded.is_marketing WHERE follow_up.business_id = excluded.business_id",
    )
    .bind(&step.id)
    .bind(&step.business_id)
    .bind(&step.source_id)
    .bind(step.after_ms)
    .bind(&step.body)
    .bind(step.is_on)
    .bind(now)
    .bind(step.is_marketing)
    .execute(conn)
    .await
    .map(drop)
}

/// Removes a follow-up; what it planned already is called off.
///
/// # Errors
/// The database's.
pub async fn remove(conn: &mut Conn, business: &BusinessId, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM follow_up WHERE id = $2 AND business_id = $1")
        .bind(business)
        .bind(id)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'This follow-up was removed.' WHERE business_id = $1 \
         AND purpose = 'follow_up' AND state IN ('queued', 'held') \
         AND step IN ('follow:' || $2, 'follow:' || $2 || ':mail', 'offer:' || $2, 'offer:' || $2 || ':mail')",
    )
    .bind(business)
    .bind(id)
    .execute(conn)
    .await
    .map(drop)
}

/// Calls off what would follow a lead: somebody has it, answered it, heard from it, was paid, or closed it.
///
/// # Errors
/// The database's.
pub async fn call_off(conn: &mut Conn, lead: &LeadId, why: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = $2 WHERE lead_id = $1 AND purpose = 'follow_up' \
         AND state IN ('queued', 'held')",
    )
    .bind(lead)
    .bind(why)
    .execute(conn)
    .await
    .map(drop)
}
