//! Own forms in SQL.

use super::OwnForm;
use crate::base::ids::BusinessId;
use crate::db::{Conn, Pool};
use crate::lead::shop::{Source, store as shops};

/// The form of a business; the usual one where nothing was settled.
///
/// # Errors
/// What the database says.
pub async fn of(pool: &Pool, business: &BusinessId) -> Result<OwnForm, sqlx::Error> {
    let found: Option<OwnForm> =
        sqlx::query_as("SELECT * FROM own_form WHERE business_id = $1").bind(business).fetch_optional(pool).await?;
    Ok(found.unwrap_or_else(|| OwnForm::usual(business.clone())))
}

/// The form's source: the one that it has, else `fresh`, which is stored with it. Of two at once, the first stays.
///
/// # Errors
/// What the database says.
pub async fn source_or(conn: &mut Conn, fresh: Source) -> Result<Source, sqlx::Error> {
    let known: Option<Source> =
        sqlx::query_as("SELECT s.* FROM own_form f JOIN source s ON s.id = f.source_id WHERE f.business_id = $1")
            .bind(&fresh.business_id)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some(known) = known {
        return Ok(known);
    }
    shops::add_source(&mut *conn, &fresh).await?;
    sqlx::query(
        "INSERT INTO own_form (business_id, source_id) VALUES ($1, $2) \
         ON CONFLICT (business_id) DO UPDATE SET source_id = excluded.source_id",
    )
    .bind(&fresh.business_id)
    .bind(&fresh.id)
    .execute(conn)
    .await?;
    Ok(fresh)
}

/// Settles the words beside the box; `None` = the usual ones.
///
/// # Errors
/// What the database says.
pub async fn set_words(conn: &mut Conn, business: &BusinessId, words: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO own_form (business_id, consent) VALUES ($1, $2) \
         ON CONFLICT (business_id) DO UPDATE SET consent = excluded.consent",
    )
    .bind(business)
    .bind(words)
    .execute(conn)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Keys;
    use crate::base::random::Random;
    use crate::lead::store::sample;

    #[tokio::test]
    async fn the_first_submission_makes_the_source_and_the_next_finds_it() {
        let dir = tempfile::tempdir().unwrap();
        let db = sample::open(dir.path()).await;
        let (harbor, random) = (BusinessId::from("harbor"), Random::seeded(4));
        let fresh = || Source::new(&harbor, "leadbell-form", "Our form", None, &Keys::new([7; 32]), &random, 5).0;
        let words = async |words: Option<&'static str>| {
            let harbor = harbor.clone();
            db.write(move |c| Box::pin(async move { set_words(c, &harbor, words).await })).await.unwrap();
        };
        let make = async |source: Source| db.write(move |c| Box::pin(async move { source_or(c, source).await })).await;

        assert_eq!(of(db.read(), &harbor).await.unwrap(), OwnForm::usual(harbor.clone()));
        words(Some("own")).await;
        let (first, second) = (make(fresh()).await.unwrap(), make(fresh()).await.unwrap());

        assert_eq!(first.id, second.id);
        let form = of(db.read(), &harbor).await.unwrap();
        assert_eq!((form.source_id, form.consent.as_deref()), (Some(first.id), Some("own")));
        words(None).await;
        assert_eq!(of(db.read(), &harbor).await.unwrap().words("H"), super::super::usual_words("H"));
        db.close().await;
    }
}
