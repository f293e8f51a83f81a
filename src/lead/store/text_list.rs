//! How far a vendor's list of inbound texts has been read. Durable, so that nothing is missed across a restart, however
//! long it took.

use crate::base::clock::MINUTE_MS;
use crate::db::{Conn, Pool};

/// How far behind the newest look the next one begins: what was on its way shows late in the list.
const OVERLAP_MS: i64 = 10 * MINUTE_MS;

/// From when on the list is to be read (UTC milliseconds); from now on, if it never was. What came before the first look
/// came to somebody else.
///
/// # Errors
/// When the database cannot be read.
pub async fn read_from(db: &Pool, account: &str, now: i64) -> Result<i64, sqlx::Error> {
    let known: Option<(i64, i64)> = sqlx::query_as("SELECT began_at, read_at FROM text_list WHERE account = $1")
        .bind(account)
        .fetch_optional(db)
        .await?;
    Ok(known.map_or(now, |(began_at, read_at)| began_at.max(read_at.min(now) - OVERLAP_MS)))
}

/// The list was read to its end at `now`. A clock that was put back moves nothing forward.
///
/// # Errors
/// When the database refuses.
pub async fn was_read(conn: &mut Conn, account: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO text_list (account, began_at, read_at) VALUES ($1, $2, $2) \
         ON CONFLICT (account) DO UPDATE SET read_at = excluded.read_at",
    )
    .bind(account)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Whether a text is in already, by its vendor's id.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_in(db: &Pool, vendor_id: &str) -> Result<bool, sqlx::Error> {
    let rows: Vec<i64> =
        sqlx::query_scalar("SELECT 1 FROM inbound WHERE vendor_id = $1").bind(vendor_id).fetch_all(db).await?;
    Ok(!rows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::HOUR_MS;
    use crate::lead::store::sample;

    #[tokio::test]
    async fn the_list_is_read_from_ten_minutes_before_the_newest_look_and_never_from_before_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let db = sample::open(dir.path()).await;
        let reads = async |now: i64| {
            db.write(move |c| Box::pin(async move { was_read(c, "AC +1", now).await })).await.unwrap();
        };
        let from = async |now: i64| read_from(db.read(), "AC +1", now).await.unwrap();

        assert_eq!(from(HOUR_MS).await, HOUR_MS);
        reads(HOUR_MS).await;
        assert_eq!(from(HOUR_MS + 1).await, HOUR_MS, "nothing from before the first look");
        reads(3 * HOUR_MS).await;
        assert_eq!(from(9 * HOUR_MS).await, 3 * HOUR_MS - OVERLAP_MS);
        assert_eq!(read_from(db.read(), "AC +2", 9 * HOUR_MS).await.unwrap(), 9 * HOUR_MS, "another number");
        db.close().await;
    }
}
