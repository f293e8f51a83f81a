//! Which weeks were reported, in SQL.

use super::Reported;
use crate::base::ids::BusinessId;
use crate::db::{Conn, Pool};

/// All shops with somebody who has an address.
///
/// # Errors
/// What the database says.
pub async fn readers(pool: &Pool) -> Result<Vec<Reported>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.id, b.timezone, b.created_at, b.reported_week FROM business b \
         WHERE EXISTS (SELECT 1 FROM person p WHERE p.business_id = b.id AND p.email IS NOT NULL) ORDER BY b.created_at, b.id",
    )
    .fetch_all(pool)
    .await
}

/// Notes that this week is reported. False when it was, or a later one.
///
/// # Errors
/// What the database says.
pub async fn mark(conn: &mut Conn, business: &BusinessId, week: &str) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query(
        "UPDATE business SET reported_week = $2 WHERE id = $1 AND (reported_week IS NULL OR reported_week < $2)",
    )
    .bind(business)
    .bind(week)
    .execute(conn)
    .await?;
    Ok(marked.rows_affected() > 0)
}
