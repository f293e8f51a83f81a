//! The records of sign-ins. Addresses are kept in lower case and compared without regard to case.
//!
//! Functions on a [`Conn`] run inside somebody's write; those on a [`Db`] are whole by themselves.

use super::password::{self, Hasher};
use super::{Account, link, session};
use crate::base::ids::{BusinessId, UserId};
use crate::base::random::Random;
use crate::db::{Conn, Db, WriteError};
use secrecy::SecretString;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Why a sign-in was not made.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Not an address.
    #[error("{0:?} is not an e-mail address")]
    NotAnAddress(String),
    /// The address has a sign-in already.
    #[error("there is a sign-in for this address already; to get in, run: leadbell user link ADDRESS")]
    Taken,
    /// The password may not be used.
    #[error(transparent)]
    Password(#[from] password::Unfit),
    /// The database said no.
    #[error(transparent)]
    Write(WriteError),
}

/// A sign-in to be made.
#[derive(Debug)]
pub struct New {
    /// Its address, in any case.
    pub email: String,
    /// What to call the person; may be empty.
    pub name: String,
    /// `None` = by link only, until one is set.
    pub password: Option<SecretString>,
    /// The one business it sees; `None` = all.
    pub business_id: Option<BusinessId>,
}

/// Makes a sign-in. `now_ms` is UTC milliseconds.
///
/// # Errors
/// [`AddError`], worded for the form or the terminal.
pub async fn add(db: &Db, hasher: &Hasher, random: &Random, now_ms: i64, new: New) -> Result<UserId, AddError> {
    let email = address(&new.email).ok_or_else(|| AddError::NotAnAddress(new.email.clone()))?;
    let hash = match &new.password {
        Some(password) => Some(hasher.hash(random, password).await?),
        None => None,
    };
    let account = Account { id: UserId::new(random, now_ms), email, name: new.name, business_id: new.business_id };
    let id = account.id.clone();
    let written = db.write(move |conn| Box::pin(async move { insert(conn, &account, hash.as_deref(), now_ms).await }));
    match written.await {
        Ok(()) => Ok(id),
        Err(error) if error.is_duplicate() => Err(AddError::Taken),
        Err(error) => Err(AddError::Write(error)),
    }
}

/// Makes the sign-in that the settings name, unless that address has one; its password is then left as it is.
/// Says whether it was made.
///
/// # Errors
/// [`AddError`], worded for the terminal.
pub async fn ensure_admin(
    db: &Db,
    hasher: &Hasher,
    random: &Random,
    now_ms: i64,
    email: &str,
    password: &SecretString,
) -> Result<bool, AddError> {
    let new = New { email: email.to_owned(), name: String::new(), password: Some(password.clone()), business_id: None };
    let there = by_email(db, email).await.map_err(|error| AddError::Write(WriteError::Refused(error.into())))?;
    if there.is_some() {
        return Ok(false);
    }
    match add(db, hasher, random, now_ms, new).await {
        Ok(_) => Ok(true),
        Err(AddError::Taken) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The address as it is kept: trimmed, in lower case. `None` when it cannot be one (RFC 5321 length, one `@` with
/// something on both sides, nothing that a mail header could trip over).
pub fn address(typed: &str) -> Option<String> {
    let email = typed.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let clean = email.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
    let whole = !local.is_empty() && !local.contains('@') && !domain.is_empty() && !domain.starts_with('.');
    (clean && whole && !domain.ends_with('.') && email.len() <= 254).then_some(email)
}

/// Whether anybody can sign in yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn anybody(db: &Db) -> Result<bool, sqlx::Error> {
    let (there,): (i64,) = sqlx::query_as("SELECT EXISTS (SELECT 1 FROM account)").fetch_one(db.read()).await?;
    Ok(there != 0)
}

/// The sign-in of an address, in any case, with its password hash.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_email(db: &Db, email: &str) -> Result<Option<(Account, Option<String>)>, sqlx::Error> {
    let row = sqlx::query("SELECT id, email, name, business_id, password_hash FROM account WHERE email = $1")
        .bind(email.trim().to_lowercase())
        .fetch_optional(db.read())
        .await?;
    row.map(|row| Ok((from_row(&row)?, row.try_get("password_hash")?))).transpose()
}

/// The sign-in of that id.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_id(db: &Db, id: &UserId) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query("SELECT id, email, name, business_id FROM account WHERE id = $1")
        .bind(id)
        .fetch_optional(db.read())
        .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The password hash of a sign-in; `None` when it has none.
///
/// # Errors
/// When the database cannot be read.
pub async fn password_hash(db: &Db, id: &UserId) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(Option<String>,)> =
        sqlx::query_as("SELECT password_hash FROM account WHERE id = $1").bind(id).fetch_optional(db.read()).await?;
    Ok(row.and_then(|(hash,)| hash))
}

/// Sets a password: every session and every unused link of the account ends with the old one, and `keep` begins.
///
/// # Errors
/// [`WriteError`]; then nothing has changed.
pub async fn set_password(
    db: &Db,
    id: UserId,
    hash: String,
    keep: session::Fresh,
    now_ms: i64,
) -> Result<(), WriteError> {
    db.write(move |conn| {
        Box::pin(async move {
            sqlx::query("UPDATE account SET password_hash = $1 WHERE id = $2")
                .bind(&hash)
                .bind(&id)
                .execute(&mut *conn)
                .await?;
            session::end_all(conn, &id).await?;
            link::withdraw_all(conn, &id).await?;
            session::begin(conn, &keep, &id, now_ms).await
        })
    })
    .await
}

/// The row of a sign-in, inside a write.
pub(super) async fn insert(
    conn: &mut Conn,
    account: &Account,
    password_hash: Option<&str>,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO account (id, email, name, password_hash, business_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&account.id)
    .bind(&account.email)
    .bind(&account.name)
    .bind(password_hash)
    .bind(&account.business_id)
    .bind(now_ms)
    .execute(conn)
    .await
    .map(drop)
}

/// Reads `id, email, name, business_id`.
pub(super) fn from_row(row: &SqliteRow) -> Result<Account, sqlx::Error> {
    Ok(Account {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        business_id: row.try_get("business_id")?,
    })
}
