//! What is kept for how long, and what has been kept long enough.
//!
//! A business remembers up to which instant it has swept, so that a sweep looks only at what became old since.

use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::db::sweep::STEP;
use crate::db::{Conn, Db, Pool, WriteError};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// For how long a business keeps what people sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Keep {
    /// Raw submissions, in days, 1 to 3650.
    #[sqlx(rename = "keep_raw_days")]
    pub raw_days: i64,
    /// Leads, in months, 1 to 240.
    #[sqlx(rename = "keep_lead_months")]
    pub lead_months: i64,
}

/// What a business keeps.
///
/// # Errors
/// When the database cannot be read.
pub async fn keep_of(pool: &Pool, business: &BusinessId) -> Result<Keep, sqlx::Error> {
    sqlx::query_as("SELECT keep_raw_days, keep_lead_months FROM business WHERE id = $1")
        .bind(business)
        .fetch_one(pool)
        .await
}

/// Changes what a business keeps.
///
/// # Errors
/// The database's.
pub async fn set_keep(conn: &mut Conn, business: &BusinessId, keep: Keep) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE business SET keep_raw_days = $2, keep_lead_months = $3 WHERE id = $1")
        .bind(business)
        .bind(keep.raw_days)
        .bind(keep.lead_months)
        .execute(conn)
        .await
        .map(drop)
}

/// One step of blanking raw submissions that were kept long enough: body, headers, address. What was read in them stays
/// where it became a lead. Returns how many.
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn blank_old_bodies(db: &Db, now: i64) -> Result<usize, WriteError> {
    let shops: Vec<(String, i64, i64)> =
        read(sqlx::query_as("SELECT id, keep_raw_days, raw_kept_from FROM business").fetch_all(db.read()).await)?;
    let mut left = STEP;
    for (business, days, from) in shops {
        let limit = now - days * DAY_MS;
        if limit <= from || left == 0 {
            continue;
        }
        let found: Vec<(String, i64)> = read(
            sqlx::query_as(
                "SELECT id, received_at FROM receipt WHERE business_id = $1 AND received_at > $2 AND received_at <= $3 \
                 AND blanked_at IS NULL ORDER BY received_at LIMIT $4",
            )
            .bind(&business)
            .bind(from)
            .bind(limit)
            .bind(i64::try_from(left).unwrap_or(1))
            .fetch_all(db.read())
            .await,
        )?;
        // All that came in the last one's instant may not have been in this step.
        let reached = if found.len() < left { limit } else { found.last().map_or(limit, |(_, at)| at - 1) };
        left -= found.len();
        db.write(move |c| Box::pin(async move { blank_bodies(c, &business, &found, reached.max(from), now).await }))
            .await?;
    }
    Ok(STEP - left)
}

async fn blank_bodies(
    conn: &mut Conn,
    business: &str,
    receipts: &[(String, i64)],
    reached: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    for (receipt, _) in receipts {
        sqlx::query(
            "UPDATE receipt SET body = X'', headers = '[]', query = '', remote = NULL, blanked_at = $2, \
             reading = CASE WHEN lead_id IS NULL THEN NULL ELSE reading END WHERE id = $1 AND blanked_at IS NULL",
        )
        .bind(receipt)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query("UPDATE business SET raw_kept_from = $2 WHERE id = $1 AND raw_kept_from < $2")
        .bind(business)
        .bind(reached)
        .execute(conn)
        .await
        .map(drop)
}

/// A few leads of one business that were kept long enough: business, its country, their ids, and up to which instant
/// nothing is left once they are forgotten. None when there is nothing to forget anywhere.
///
/// # Errors
/// When the database cannot be read.
pub async fn old_leads(
    pool: &Pool,
    now: i64,
    most: usize,
) -> Result<Option<(BusinessId, String, Vec<String>, i64)>, sqlx::Error> {
    let shops: Vec<(BusinessId, String, i64, i64)> =
        sqlx::query_as("SELECT id, country, keep_lead_months, leads_kept_from FROM business").fetch_all(pool).await?;
    for (business, country, months, from) in shops {
        let limit = months_before(now, months);
        if limit <= from {
            continue;
        }
        let found: Vec<(String, i64)> = sqlx::query_as(
            "SELECT id, received_at FROM lead WHERE business_id = $1 AND received_at > $2 AND received_at <= $3 \
             AND forgotten_at IS NULL ORDER BY received_at LIMIT $4",
        )
        .bind(&business)
        .bind(from)
        .bind(limit)
        .bind(i64::try_from(most).unwrap_or(1))
        .fetch_all(pool)
        .await?;
        if let Some((_, last)) = found.last() {
            let reached = if found.len() < most { limit } else { last - 1 };
            let reached = reached.max(from);
            return Ok(Some((business, country, found.into_iter().map(|(id, _)| id).collect(), reached)));
        }
    }
    Ok(None)
}

/// Remembers up to where a business's leads are forgotten.
///
/// # Errors
/// The database's.
pub async fn leads_were_forgotten(conn: &mut Conn, business: &BusinessId, up_to: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE business SET leads_kept_from = $2 WHERE id = $1 AND leads_kept_from < $2")
        .bind(business)
        .bind(up_to)
        .execute(conn)
        .await
        .map(drop)
}

/// The same day and time so many months ago (UTC); the last of a shorter month.
fn months_before(now: i64, months: i64) -> i64 {
    let then = Timestamp::from_millisecond(now)
        .ok()
        .and_then(|now| now.to_zoned(TimeZone::UTC).checked_sub(months.months()).ok());
    then.map_or(i64::MIN, |then| then.timestamp().as_millisecond())
}

fn read<T>(found: Result<T, sqlx::Error>) -> Result<T, WriteError> {
    found.map_err(|error| WriteError::Unavailable(error.to_string().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();

        assert_eq!(months_before(at("2026-11-24T11:00:00Z"), 24), at("2024-11-24T11:00:00Z"));
        assert_eq!(months_before(at("2026-03-31T11:00:00Z"), 1), at("2026-02-28T11:00:00Z"));
    }
}
