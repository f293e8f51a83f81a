//! How a piece of work ended: done, refused alone, or with its whole transaction.

use super::writer::Conn;
use std::sync::Arc;

/// Why something was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// This piece of work was refused (a constraint, a row that is not there); everything else went through.
    #[error("{0}")]
    Refused(Arc<sqlx::Error>),
    /// The database cannot commit at the moment. Nothing of this work was stored; try again soon.
    #[error("the database cannot commit: {0}")]
    Unavailable(Arc<str>),
}

impl WriteError {
    /// Whether a unique index said no.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, WriteError::Refused(e) if e.as_database_error().is_some_and(|d| d.is_unique_violation()))
    }
}

pub(super) async fn step(sql: &'static str, conn: &mut Conn) -> Result<(), sqlx::Error> {
    sqlx::query(sql).execute(conn).await.map(drop)
}

/// Ends a savepoint. `Err` outside: the transaction is lost. `Err` inside: only this work is, and it is undone.
pub(super) async fn settle<T>(
    conn: &mut Conn,
    done: std::thread::Result<Result<T, sqlx::Error>>,
) -> Result<Result<T, WriteError>, sqlx::Error> {
    let answer = refusal(done)?;
    if answer.is_err() {
        step("ROLLBACK TO work", conn).await?;
    }
    step("RELEASE work", conn).await?;
    Ok(answer)
}

/// How a piece of work ended. `Err` outside: the transaction is lost. `Err` inside: only this work was refused.
pub(super) fn refusal<T>(
    done: std::thread::Result<Result<T, sqlx::Error>>,
) -> Result<Result<T, WriteError>, sqlx::Error> {
    let error = match done {
        Ok(Ok(value)) => return Ok(Ok(value)),
        Ok(Err(error)) if loses_the_transaction(&error) => return Err(error),
        Ok(Err(error)) => error,
        Err(_panic) => sqlx::Error::Protocol("this piece of work panicked and was undone".into()),
    };
    Ok(Err(WriteError::Refused(Arc::new(error))))
}

/// Whether an error is the database's trouble rather than one row's.
pub(super) fn loses_the_transaction(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => {
            !matches!(primary_code(error), Some(SQLITE_CONSTRAINT | SQLITE_ERROR | SQLITE_MISMATCH | SQLITE_TOOBIG))
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => true,
        _ => false,
    }
}

// https://www.sqlite.org/rescode.html
const SQLITE_ERROR: u32 = 1;
pub(super) const SQLITE_IOERR: u32 = 10;
pub(super) const SQLITE_FULL: u32 = 13;
const SQLITE_TOOBIG: u32 = 18;
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_MISMATCH: u32 = 20;

/// SQLite's primary result code: the low byte of the extended one.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|c| c & 0xff)
}
