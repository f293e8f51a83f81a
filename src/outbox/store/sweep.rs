//! What the outbox no longer needs.

use crate::base::clock::DAY_MS;
use crate::db::{Db, WriteError};

/// How long a vendor's news of a message is kept. Vendors repeat theirs for hours, not for months.
pub const NEWS_KEPT_MS: i64 = 90 * DAY_MS;

/// One step of removing counters whose window is over; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn budgets(db: &Db, now: i64) -> Result<usize, WriteError> {
    let find = "SELECT DISTINCT key FROM budget WHERE expires_at <= $1 LIMIT $2";
    db.sweep(find, "DELETE FROM budget WHERE key = $1 AND expires_at <= $2", now).await
}

/// One step of removing old news of messages; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn news(db: &Db, now: i64) -> Result<usize, WriteError> {
    let find = "SELECT DISTINCT vendor_id FROM callback WHERE at <= $1 LIMIT $2";
    db.sweep(find, "DELETE FROM callback WHERE vendor_id = $1 AND at <= $2", now - NEWS_KEPT_MS).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn counters_and_news_go_when_their_time_is_over_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("t.db")).await.unwrap();
        let now = 100 * DAY_MS;
        db.write(move |c| {
            Box::pin(async move {
                for (key, ends) in [("sms:day:b:1", now), ("sms:day:b:1", now + 1), ("sms:day:b:2", now - 1)] {
                    sqlx::query("INSERT INTO budget (key, starts_at, used, expires_at) VALUES ($1, $2, 1, $2)")
                        .bind(key)
                        .bind(ends)
                        .execute(&mut *c)
                        .await?;
                }
                for (id, status, at) in [("SM1", "sent", 10 * DAY_MS), ("SM1", "delivered", 11 * DAY_MS)] {
                    sqlx::query("INSERT INTO callback (vendor_id, status, at) VALUES ($1, $2, $3)")
                        .bind(id)
                        .bind(status)
                        .bind(at)
                        .execute(&mut *c)
                        .await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();

        let swept = (budgets(&db, now).await.unwrap(), news(&db, now).await.unwrap());

        assert_eq!(swept, (2, 1));
        let counters: Vec<(String, i64)> =
            sqlx::query_as("SELECT key, expires_at FROM budget").fetch_all(db.read()).await.unwrap();
        assert_eq!(counters, [("sms:day:b:1".to_owned(), now + 1)]);
        let kept: Vec<String> = sqlx::query_scalar("SELECT status FROM callback").fetch_all(db.read()).await.unwrap();
        assert_eq!(kept, ["delivered"]);
    }
}
