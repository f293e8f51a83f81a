//! Keys of the JSON API: `lb_` and 130 random bits, shown once, kept as SHA-256, for one business or for all.

use crate::base::clock::HOUR_MS;
use crate::base::ids::{BusinessId, new_id, new_token};
use crate::base::keys::token_hash;
use crate::base::random::Random;
use crate::db::{Db, WriteError};

/// How often the use of a key is noted.
const NOTED_MS: i64 = HOUR_MS;

/// A key just made. The token is not kept and cannot be shown again.
#[derive(Clone)]
pub struct Fresh {
    /// Names the key.
    pub id: String,
    /// What the caller sends: `lb_` and 26 characters.
    pub token: String,
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fresh({})", self.id)
    }
}

/// A key as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Key {
    /// Names it.
    pub id: String,
    /// The one business it opens; `None` = all.
    pub business_id: Option<BusinessId>,
    /// What its maker called it.
    pub name: String,
    /// UTC milliseconds.
    pub created_at: i64,
    /// To the hour, UTC milliseconds; `None` = never.
    pub last_used_at: Option<i64>,
}

/// Makes a key. `now_ms` is UTC milliseconds.
///
/// # Errors
/// [`WriteError`]: no such business, or a database that cannot commit.
pub async fn add(
    db: &Db,
    random: &Random,
    name: &str,
    business_id: Option<BusinessId>,
    now_ms: i64,
) -> Result<Fresh, WriteError> {
    let fresh = Fresh { id: new_id(random, now_ms), token: format!("lb_{}", new_token(random)) };
    let (id, hash, name) = (fresh.id.clone(), token_hash(&fresh.token), name.to_owned());
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO api_token (id, business_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(id)
            .bind(business_id)
            .bind(name)
            .bind(hash)
            .bind(now_ms)
            .execute(conn)
            .await
            .map(drop)
        })
    })
    .await?;
    Ok(fresh)
}

/// The key that a token opens.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, token: &str) -> Result<Option<Key>, sqlx::Error> {
    sqlx::query_as("SELECT id, business_id, name, created_at, last_used_at FROM api_token WHERE token_hash = $1")
        .bind(token_hash(token))
        .fetch_optional(db.read())
        .await
}

/// Notes that a key is in use; does nothing within the hour.
///
/// # Errors
/// [`WriteError`]; nothing depends on the note.
pub async fn touch(db: &Db, key: &Key, now_ms: i64) -> Result<(), WriteError> {
    if key.last_used_at.is_some_and(|at| now_ms - at < NOTED_MS) {
        return Ok(());
    }
    let id = key.id.clone();
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query("UPDATE api_token SET last_used_at = $1 WHERE id = $2")
                .bind(now_ms)
                .bind(id)
                .execute(conn)
                .await
                .map(drop)
        })
    })
    .await
}

/// The keys that a sign-in may see: those of its business, or all. Newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, within: Option<&BusinessId>) -> Result<Vec<Key>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, business_id, name, created_at, last_used_at FROM api_token
          WHERE $1 IS NULL OR business_id = $1 ORDER BY created_at DESC, id DESC",
    )
    .bind(within)
    .fetch_all(db.read())
    .await
}

/// Takes a key back, if `within` may see it. Says whether there was one.
///
/// # Errors
/// [`WriteError`]; the key works on then.
pub async fn revoke(db: &Db, within: Option<BusinessId>, id: String) -> Result<bool, WriteError> {
    db.write(move |conn| {
        Box::pin(async move {
            let done = sqlx::query("DELETE FROM api_token WHERE id = $1 AND ($2 IS NULL OR business_id = $2)")
                .bind(id)
                .bind(within)
                .execute(conn)
                .await?;
            Ok(done.rows_affected() > 0)
        })
    })
    .await
}
