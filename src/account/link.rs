//! Links that let somebody in once: the set-up link of a new installation, and sign-in links from the terminal.
//!
//! Each lives 30 minutes and works once, also when two browsers press the button in the same instant: it is marked as
//! used in the write that lets the person in. Opening the address only asks; mail scanners and previews use nothing
//! up. A new set-up link withdraws the one before; once somebody can sign in there is none.

use super::store;
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{UserId, new_token};
use crate::base::keys::token_hash;
use crate::base::random::Random;
use crate::db::{Conn, Db, WriteError};

/// How long a link works.
pub const LASTS_MS: i64 = 30 * MINUTE_MS;

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// The first run.
    Setup,
    /// This account.
    Account(UserId),
}

/// The address of a sign-in link. `public_url` has no slash at the end.
pub fn address(public_url: &str, token: &str) -> String {
    format!("{public_url}/login/link/{token}")
}

/// The address of a set-up link. `public_url` has no slash at the end.
pub fn setup_address(public_url: &str, token: &str) -> String {
    format!("{public_url}/setup/{token}")
}

/// Makes a sign-in link for the account of an address and gives its token, which is not kept; `None` when nobody has
/// that address. `now_ms` is UTC milliseconds.
///
/// # Errors
/// [`WriteError`]; no link exists then.
pub async fn make(db: &Db, random: &Random, email: &str, now_ms: i64) -> Result<Option<String>, WriteError> {
    let token = new_token(random);
    let (hash, email) = (token_hash(&token), email.trim().to_lowercase());
    let made = db.write(move |conn| {
        Box::pin(async move {
            let there: Option<(UserId,)> = sqlx::query_as("SELECT id FROM account WHERE email = $1")
                .bind(email)
                .fetch_optional(&mut *conn)
                .await?;
            let Some((id,)) = there else { return Ok(false) };
            insert(conn, &hash, Some(&id), now_ms).await?;
            Ok(true)
        })
    });
    Ok(made.await?.then_some(token))
}

/// Makes the set-up link and withdraws earlier ones; `None` once somebody can sign in.
///
/// # Errors
/// [`WriteError`]; the earlier link works on then.
pub async fn make_setup(db: &Db, random: &Random, now_ms: i64) -> Result<Option<String>, WriteError> {
    let token = new_token(random);
    let hash = token_hash(&token);
    let made = db.write(move |conn| {
        Box::pin(async move {
            sqlx::query("DELETE FROM login_link WHERE account_id IS NULL OR expires_at <= $1")
                .bind(now_ms)
                .execute(&mut *conn)
                .await?;
            if anybody(conn).await? {
                return Ok(false);
            }
            insert(conn, &hash, None, now_ms).await?;
            Ok(true)
        })
    });
    Ok(made.await?.then_some(token))
}

/// What an unused link opens; changes nothing.
///
/// # Errors
/// When the database cannot be read.
pub async fn peek(db: &Db, token: &str, now_ms: i64) -> Result<Option<Opens>, sqlx::Error> {
    let row: Option<(Option<UserId>,)> = sqlx::query_as(
        "SELECT account_id FROM login_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(token_hash(token))
    .bind(now_ms)
    .fetch_optional(db.read())
    .await?;
    match row {
        None => Ok(None),
        Some((Some(id),)) => Ok(Some(Opens::Account(id))),
        Some((None,)) => Ok((!store::anybody(db).await?).then_some(Opens::Setup)),
    }
}

/// Uses a link up, inside the write that lets the person in. `None` when it was used, has expired, or never was.
///
/// # Errors
/// What the database says.
pub async fn use_up(conn: &mut Conn, token: &str, now_ms: i64) -> Result<Option<Opens>, sqlx::Error> {
    let row: Option<(Option<UserId>,)> = sqlx::query_as(
        "UPDATE login_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING account_id",
    )
    .bind(token_hash(token))
    .bind(now_ms)
    .fetch_optional(&mut *conn)
    .await?;
    match row {
        None => Ok(None),
        Some((Some(id),)) => Ok(Some(Opens::Account(id))),
        Some((None,)) => Ok((!anybody(conn).await?).then_some(Opens::Setup)),
    }
}

/// One step of removing links that have run out, used or not; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn sweep(db: &Db, now_ms: i64) -> Result<usize, WriteError> {
    let find = "SELECT token_hash FROM login_link WHERE expires_at <= $1 LIMIT $2";
    db.sweep(find, "DELETE FROM login_link WHERE token_hash = $1 AND expires_at <= $2", now_ms).await
}

/// Withdraws the account's unused links, inside a write.
///
/// # Errors
/// What the database says.
pub async fn withdraw_all(conn: &mut Conn, account: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_link WHERE account_id = $1").bind(account).execute(conn).await.map(drop)
}

async fn insert(conn: &mut Conn, hash: &str, account: Option<&UserId>, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO login_link (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(hash)
        .bind(account)
        .bind(now_ms)
        .bind(now_ms + LASTS_MS)
        .execute(conn)
        .await
        .map(drop)
}

async fn anybody(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    let (there,): (i64,) = sqlx::query_as("SELECT EXISTS (SELECT 1 FROM account)").fetch_one(conn).await?;
    Ok(there != 0)
}
