//! What leads no longer need. Leads themselves and what was accepted are never swept.

use crate::base::clock::DAY_MS;
use crate::db::{Db, WriteError};

/// How long a refused submission is kept for the inspector.
pub const REFUSED_KEPT_MS: i64 = 7 * DAY_MS;
/// How long a link that has run out still says so.
pub const LINK_KEPT_MS: i64 = 30 * DAY_MS;

/// One step of removing refused submissions; see [`Db::sweep`]. They are found through the index of deliveries, where
/// a refused one is named `refused:` and its id.
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn refused_receipts(db: &Db, now: i64) -> Result<usize, WriteError> {
    let find = "SELECT r.id FROM source s JOIN receipt r ON r.source_id = s.id AND r.dedupe_key >= 'refused:' \
                AND r.dedupe_key < 'refused;' WHERE r.state = 'refused' AND r.received_at <= $1 LIMIT $2";
    let remove = "DELETE FROM receipt WHERE id = $1 AND state = 'refused' AND received_at <= $2";
    db.sweep(find, remove, now - REFUSED_KEPT_MS).await
}

/// One step of removing links from alerts that ran out long ago; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn alert_links(db: &Db, now: i64) -> Result<usize, WriteError> {
    let find = "SELECT code FROM alert_link WHERE expires_at <= $1 LIMIT $2";
    db.sweep(find, "DELETE FROM alert_link WHERE code = $1 AND expires_at <= $2", now - LINK_KEPT_MS).await
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::db::sweep::STEP;

    #[tokio::test]
    async fn refused_submissions_go_after_a_week_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let db = sample::open(folder.path()).await;
        let now = 100 * DAY_MS;
        let old = now - REFUSED_KEPT_MS;
        db.write(move |c| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO source (id, business_id, provider, name, token_hash, token_sealed, created_at) \
                     VALUES ('sw', 'harbor', 'generic', 'Form', 'swept', '', 0)",
                )
                .execute(&mut *c)
                .await?;
                let many = (0..60).map(|n| (format!("r{n}"), "refused", old));
                let others = [("young", "refused", old + 1), ("lead", "accepted", 0), ("odd", "kept", 0)];
                for (id, state, at) in many.chain(others.map(|(id, state, at)| (id.to_owned(), state, at))) {
                    let key = format!("{}:{id}", if state == "refused" { "refused" } else { "hash" });
                    sqlx::query(
                        "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) \
                         VALUES ($1, 'harbor', 'sw', $2, $3, $4, '[]', x'')",
                    )
                    .bind(id)
                    .bind(key)
                    .bind(state)
                    .bind(at)
                    .execute(&mut *c)
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();

        let steps = [refused_receipts(&db, now).await.unwrap(), refused_receipts(&db, now).await.unwrap()];

        assert_eq!(steps, [STEP, 10]);
        assert_eq!(refused_receipts(&db, now).await.unwrap(), 0);
        let mut left: Vec<String> =
            sqlx::query_scalar("SELECT id FROM receipt WHERE source_id = 'sw'").fetch_all(db.read()).await.unwrap();
        left.sort_unstable();
        assert_eq!(left, ["lead", "odd", "young"]);
    }

    #[tokio::test]
    async fn a_link_from_an_alert_goes_a_month_after_it_ran_out() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("t.db")).await.unwrap();
        let now = 100 * DAY_MS;
        db.write(move |c| {
            Box::pin(async move {
                for (code, ends) in [("gone", now - LINK_KEPT_MS), ("run out", now - 1), ("open", now + 1)] {
                    sqlx::query(
                        "INSERT INTO alert_link (code, business_id, lead_id, person_id, created_at, expires_at) \
                         VALUES ($1, 'b', 'l', 'p', 0, $2)",
                    )
                    .bind(code)
                    .bind(ends)
                    .execute(&mut *c)
                    .await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();

        assert_eq!(alert_links(&db, now).await.unwrap(), 1);

        let left: Vec<String> =
            sqlx::query_scalar("SELECT code FROM alert_link ORDER BY code").fetch_all(db.read()).await.unwrap();
        assert_eq!(left, ["open", "run out"]);
    }
}
