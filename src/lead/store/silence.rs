//! Forgotten numbers that asked for silence: kept as a hash that only this installation's key file can make.
//!
//! A number that comes back (a form, a payment, a text) stands in the clear again anyway, so its wish moves back into
//! the list of opt-outs, where every check looks. The last check before sending asks for the hash as well. While nobody
//! is forgotten both cost one look at an empty table.

use crate::base::keys::Keys;
use crate::db::Conn;

/// The role of the hash among the tags of a key file.
const LABEL: &str = "opt-out";

/// Whether there is any such number at all.
///
/// # Errors
/// The database's.
pub async fn any(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM opt_out_hash LIMIT 1").fetch_optional(conn).await?;
    Ok(found.is_some())
}

/// The number is forgotten: if it asked for silence, only the hash of it remains.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut Conn, keys: &Keys, business: &str, phone: &str) -> Result<(), sqlx::Error> {
    let asked_at: Option<i64> = sqlx::query_scalar("SELECT at FROM opt_out WHERE business_id = $1 AND phone = $2")
        .bind(business)
        .bind(phone)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(at) = asked_at else { return Ok(()) };
    sqlx::query(
        "INSERT INTO opt_out_hash (business_id, phone_hash, at) VALUES ($1, $2, $3) \
         ON CONFLICT (business_id, phone_hash) DO NOTHING",
    )
    .bind(business)
    .bind(keys.tag(LABEL, phone))
    .bind(at)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM opt_out WHERE business_id = $1 AND phone = $2")
        .bind(business)
        .bind(phone)
        .execute(conn)
        .await
        .map(drop)
}

/// These numbers are back: what they asked for is in force again, in every business that it was asked of.
///
/// # Errors
/// The database's.
pub async fn recall<'a>(
    conn: &mut Conn,
    keys: &Keys,
    phones: impl Iterator<Item = &'a str> + Send,
) -> Result<(), sqlx::Error> {
    if !any(conn).await? {
        return Ok(());
    }
    for phone in phones {
        let hash = keys.tag(LABEL, phone);
        sqlx::query(
            "INSERT INTO opt_out (business_id, phone, at, how) SELECT business_id, $1, at, 'before it was forgotten' \
             FROM opt_out_hash WHERE phone_hash = $2 ON CONFLICT (business_id, phone) DO NOTHING",
        )
        .bind(phone)
        .bind(&hash)
        .execute(&mut *conn)
        .await?;
        sqlx::query("DELETE FROM opt_out_hash WHERE phone_hash = $1").bind(&hash).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Whether this business was asked for silence by a number that it has forgotten.
///
/// # Errors
/// The database's.
pub async fn is_asked(conn: &mut Conn, keys: &Keys, business: &str, phone: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM opt_out_hash WHERE business_id = $1 AND phone_hash = $2")
            .bind(business)
            .bind(keys.tag(LABEL, phone))
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    async fn rows(db: &Db) -> (Vec<(String, String)>, Vec<(String, String)>) {
        let plain = sqlx::query_as("SELECT business_id, phone FROM opt_out ORDER BY 1").fetch_all(db.read());
        let hashed = sqlx::query_as("SELECT business_id, phone_hash FROM opt_out_hash ORDER BY 1").fetch_all(db.read());
        (plain.await.unwrap(), hashed.await.unwrap())
    }

    #[tokio::test]
    async fn a_forgotten_number_is_a_hash_until_it_comes_back_and_means_the_same_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("t.db")).await.unwrap();
        let keys = Keys::new([9; 32]);
        let (mine, other, phone) = (keys.clone(), Keys::new([8; 32]), "+15125550142");

        let asked = db
            .write(move |c| {
                Box::pin(async move {
                    for business in ["a", "b"] {
                        sqlx::query("INSERT INTO opt_out (business_id, phone, at, how) VALUES ($1, $2, 5, 'STOP')")
                            .bind(business)
                            .bind(phone)
                            .execute(&mut *c)
                            .await?;
                    }
                    keep(c, &mine, "a", phone).await?;
                    keep(c, &mine, "c", phone).await?;
                    Ok([
                        is_asked(c, &mine, "a", phone).await?,
                        is_asked(c, &mine, "b", phone).await?,
                        is_asked(c, &mine, "a", "+15125550143").await?,
                        is_asked(c, &other, "a", phone).await?,
                    ])
                })
            })
            .await
            .unwrap();

        assert_eq!(asked, [true, false, false, false]);
        let (plain, hashed) = rows(&db).await;
        assert_eq!(plain, [("b".to_owned(), phone.to_owned())]);
        assert_eq!(hashed.len(), 1, "c was never asked");
        assert!(!hashed[0].1.contains("5550142"), "{hashed:?}");

        let mine = keys.clone();
        let back = ["+15125550143", phone];
        db.write(move |c| Box::pin(async move { recall(c, &mine, back.into_iter()).await })).await.unwrap();

        let (plain, hashed) = rows(&db).await;
        assert_eq!(plain.len(), 2);
        assert_eq!(hashed, []);
    }
}
