//! The keys of sources in SQL. Writers take the connection of a transaction, readers a pool.

use super::{InForce, OVERLAP_MS, OldKey, Used, What};
use crate::base::ids::SourceId;
use crate::db::{Conn, Pool};
use crate::lead::shop::Source;

/// Most replaced secrets that are tried at once; nobody changes one so often within a week.
const SECRETS_MAX: i64 = 8;

/// Gives a source a new address; the one before works on for [`OVERLAP_MS`].
///
/// # Errors
/// What the database says.
pub async fn new_address(
    conn: &mut Conn,
    source: &SourceId,
    token_hash: &str,
    token_sealed: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    forget_expired(conn, source, now).await?;
    sqlx::query(
        "INSERT INTO old_key (source_id, kind, token_hash, sealed, until_at, used_at) \
         SELECT id, $2, token_hash, token_sealed, $3, address_used_at FROM source WHERE id = $1",
    )
    .bind(source)
    .bind(What::Address.as_str())
    .bind(now + OVERLAP_MS)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE source SET token_hash = $2, token_sealed = $3, address_made_at = $4, address_used_at = NULL WHERE id = $1",
    )
    .bind(source)
    .bind(token_hash)
    .bind(token_sealed)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Gives a source a secret; the one before, if there was one, works on for [`OVERLAP_MS`].
///
/// # Errors
/// What the database says.
pub async fn new_secret(conn: &mut Conn, source: &SourceId, sealed: &str, now: i64) -> Result<(), sqlx::Error> {
    forget_expired(conn, source, now).await?;
    sqlx::query(
        "INSERT INTO old_key (source_id, kind, sealed, until_at, used_at) \
         SELECT id, $2, secret_sealed, $3, secret_used_at FROM source WHERE id = $1 AND secret_sealed IS NOT NULL",
    )
    .bind(source)
    .bind(What::Secret.as_str())
    .bind(now + OVERLAP_MS)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE source SET secret_sealed = $2, secret_made_at = $3, secret_used_at = NULL WHERE id = $1")
        .bind(source)
        .bind(sealed)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
}

/// Ends a replaced key at once. Says whether there was one of that number.
///
/// # Errors
/// What the database says.
pub async fn end(conn: &mut Conn, source: &SourceId, seq: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM old_key WHERE source_id = $1 AND seq = $2").bind(source).bind(seq);
    Ok(done.execute(conn).await?.rows_affected() > 0)
}

async fn forget_expired(conn: &mut Conn, source: &SourceId, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM old_key WHERE source_id = $1 AND until_at <= $2")
        .bind(source)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
}

/// The replaced keys of a source that still work, newest first.
///
/// # Errors
/// What the database says.
pub async fn old(pool: &Pool, source: &SourceId, now: i64) -> Result<Vec<OldKey>, sqlx::Error> {
    sqlx::query_as(
        "SELECT seq, kind, sealed, until_at, used_at FROM old_key WHERE source_id = $1 AND until_at > $2 ORDER BY seq DESC",
    )
    .bind(source)
    .bind(now)
    .fetch_all(pool)
    .await
}

/// The replaced secrets of a source that still work (number and sealed secret), newest first.
///
/// # Errors
/// What the database says.
pub async fn old_secrets(pool: &Pool, source: &SourceId, now: i64) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT seq, sealed FROM old_key WHERE source_id = $1 AND kind = $2 AND until_at > $3 ORDER BY seq DESC LIMIT $4",
    )
    .bind(source)
    .bind(What::Secret.as_str())
    .bind(now)
    .bind(SECRETS_MAX)
    .fetch_all(pool)
    .await
}

/// The source that had the address of this token hash until lately, and the number of that old address.
///
/// # Errors
/// What the database says.
pub async fn find_by_old_address(pool: &Pool, hash: &str, now: i64) -> Result<Option<(i64, Source)>, sqlx::Error> {
    let found: Option<(i64, SourceId)> =
        sqlx::query_as("SELECT seq, source_id FROM old_key WHERE token_hash = $1 AND until_at > $2")
            .bind(hash)
            .bind(now)
            .fetch_optional(pool)
            .await?;
    let Some((seq, id)) = found else { return Ok(None) };
    Ok(crate::lead::shop::store::source(pool, &id).await?.map(|source| (seq, source)))
}

/// Since when the keys in force are, and when they were last used.
///
/// # Errors
/// What the database says.
pub async fn in_force(pool: &Pool, source: &SourceId) -> Result<InForce, sqlx::Error> {
    let found = sqlx::query_as(
        "SELECT address_made_at, address_used_at, secret_made_at, secret_used_at FROM source WHERE id = $1",
    );
    Ok(found.bind(source).fetch_optional(pool).await?.unwrap_or_default())
}

/// Notes that a submission came by these keys.
///
/// # Errors
/// What the database says.
pub async fn note_use(conn: &mut Conn, source: &SourceId, used: Used, at: i64) -> Result<(), sqlx::Error> {
    if used.old_address.is_none() || used.secret == Some(None) {
        sqlx::query(
            "UPDATE source SET address_used_at = CASE WHEN $2 THEN $4 ELSE address_used_at END, \
             secret_used_at = CASE WHEN $3 THEN $4 ELSE secret_used_at END WHERE id = $1",
        )
        .bind(source)
        .bind(used.old_address.is_none())
        .bind(used.secret == Some(None))
        .bind(at)
        .execute(&mut *conn)
        .await?;
    }
    for seq in [used.old_address, used.secret.flatten()].into_iter().flatten() {
        sqlx::query("UPDATE old_key SET used_at = $2 WHERE seq = $1").bind(seq).bind(at).execute(&mut *conn).await?;
    }
    Ok(())
}
