//! Sessions: who is signed in, in which browser, until when.
//!
//! A session is 256 random bits in a cookie; the database has their SHA-256. It lasts 30 days from its last use (noted
//! at most once an hour) and 90 days at most. Signing in always makes a new one, so a cookie that somebody planted
//! beforehand means nothing. A wall clock that jumps ends sessions early, never late.

use super::{Account, store};
use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::base::ids::{UserId, new_token};
use crate::base::keys::token_hash;
use crate::base::random::Random;
use crate::db::{Conn, Db, WriteError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::Row;

/// How long an unused session lasts.
pub const IDLE_MS: i64 = 30 * DAY_MS;
/// How long any session lasts.
pub const LONGEST_MS: i64 = 90 * DAY_MS;
/// How often its use is noted.
const NOTED_MS: i64 = HOUR_MS;

/// A session about to begin. Its token goes into the cookie and nowhere else.
#[derive(Clone)]
pub struct Fresh {
    /// What the cookie holds: 43 characters.
    pub token: String,
    /// What its forms carry: 26 characters.
    pub csrf: String,
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fresh(…)")
    }
}

impl Fresh {
    /// Draws one.
    pub fn draw(random: &Random) -> Self {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        Self { token: URL_SAFE_NO_PAD.encode(bytes), csrf: new_token(random) }
    }
}

/// A running session, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names the session on the account page; opens nothing.
    pub id: String,
    /// When it began, UTC milliseconds.
    pub created_at: i64,
    /// When it was last used, to the hour, UTC milliseconds.
    pub seen_at: i64,
}

/// Somebody with a running session.
#[derive(Clone)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// Through which session.
    pub session: Session,
    /// What the forms of this session must carry.
    pub csrf: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedIn({} through {})", self.account.id, self.session.id)
    }
}

/// Begins a session, inside the write that let the person in. Takes the chance to sweep out what has ended.
///
/// # Errors
/// What the database says.
pub async fn begin(conn: &mut Conn, fresh: &Fresh, account: &UserId, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM session WHERE expires_at <= $1").bind(now_ms).execute(&mut *conn).await?;
    sqlx::query(
        "INSERT INTO session (token_hash, account_id, csrf, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $4, $5)",
    )
    .bind(token_hash(&fresh.token))
    .bind(account)
    .bind(&fresh.csrf)
    .bind(now_ms)
    .bind(now_ms + IDLE_MS)
    .execute(conn)
    .await
    .map(drop)
}

/// One step of removing sessions that have ended; see [`Db::sweep`].
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn sweep(db: &Db, now_ms: i64) -> Result<usize, WriteError> {
    let find = "SELECT token_hash FROM session WHERE expires_at <= $1 LIMIT $2";
    db.sweep(find, "DELETE FROM session WHERE token_hash = $1 AND expires_at <= $2", now_ms).await
}

/// Who a cookie stands for, if its session still runs. Reads only; see [`touch`].
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, token: &str, now_ms: i64) -> Result<Option<SignedIn>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT s.token_hash, s.csrf, s.created_at, s.seen_at, a.id, a.email, a.name, a.business_id
           FROM session s JOIN account a ON a.id = s.account_id
          WHERE s.token_hash = $1 AND s.expires_at > $2",
    )
    .bind(token_hash(token))
    .bind(now_ms)
    .fetch_optional(db.read())
    .await?;
    row.map(|row| {
        let session = Session {
            id: short(row.try_get("token_hash")?),
            created_at: row.try_get("created_at")?,
            seen_at: row.try_get("seen_at")?,
        };
        Ok(SignedIn { account: store::from_row(&row)?, session, csrf: row.try_get("csrf")? })
    })
    .transpose()
}

/// Notes that a session is in use and lets it last accordingly; does nothing within the hour.
///
/// # Errors
/// [`WriteError`]; the session runs on as it did.
pub async fn touch(db: &Db, who: &SignedIn, now_ms: i64) -> Result<(), WriteError> {
    let session = &who.session;
    if now_ms - session.seen_at < NOTED_MS {
        return Ok(());
    }
    let (id, account) = (session.id.clone(), who.account.id.clone());
    let until = (now_ms + IDLE_MS).min(session.created_at + LONGEST_MS);
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query(
                "UPDATE session SET seen_at = $1, expires_at = $2
                  WHERE account_id = $3 AND substr(token_hash, 1, 16) = $4",
            )
            .bind(now_ms)
            .bind(until)
            .bind(account)
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
        })
    })
    .await
}

/// The account's running sessions, newest use first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, account: &UserId, now_ms: i64) -> Result<Vec<Session>, sqlx::Error> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT token_hash, created_at, seen_at FROM session
          WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, created_at DESC, token_hash",
    )
    .bind(account)
    .bind(now_ms)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(hash, created_at, seen_at)| Session { id: short(hash), created_at, seen_at }).collect())
}

/// Ends one session of the account, by the id that [`list`] gives.
///
/// # Errors
/// [`WriteError`]; it runs on then.
pub async fn end(db: &Db, account: UserId, id: String) -> Result<(), WriteError> {
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query("DELETE FROM session WHERE account_id = $1 AND substr(token_hash, 1, 16) = $2")
                .bind(account)
                .bind(id)
                .execute(conn)
                .await
                .map(drop)
        })
    })
    .await
}

/// Ends every session of the account but one.
///
/// # Errors
/// [`WriteError`]; they run on then.
pub async fn end_others(db: &Db, account: UserId, keep: String) -> Result<(), WriteError> {
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query("DELETE FROM session WHERE account_id = $1 AND substr(token_hash, 1, 16) <> $2")
                .bind(account)
                .bind(keep)
                .execute(conn)
                .await
                .map(drop)
        })
    })
    .await
}

/// Ends the session of a cookie, if there is one, inside a write: whoever signs in starts anew.
///
/// # Errors
/// What the database says.
pub async fn forget(conn: &mut Conn, token: Option<&str>) -> Result<(), sqlx::Error> {
    let Some(token) = token else { return Ok(()) };
    sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash(token)).execute(conn).await.map(drop)
}

/// Ends every session of the account, inside a write.
///
/// # Errors
/// What the database says.
pub async fn end_all(conn: &mut Conn, account: &UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM session WHERE account_id = $1").bind(account).execute(conn).await.map(drop)
}

fn short(mut hash: String) -> String {
    hash.truncate(16);
    hash
}
