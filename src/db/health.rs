//! How the database file is, found out without changing it.

use super::backup::{self, BackupError};
use super::open::Db;
use super::refusal::WriteError;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::Path;

/// A database that was looked through and found sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Size of the file.
    pub bytes: u64,
    /// How many leads are in it.
    pub leads: i64,
    /// The engine's version.
    pub engine: String,
    /// Migrations that it still needs.
    pub pending: Vec<String>,
    /// When the newest submission came, by the clock of that time (UTC milliseconds).
    pub newest_at: Option<i64>,
}

/// Checks the file through and takes the write lock for a moment. It must exist.
///
/// # Errors
/// [`BackupError`] naming what is wrong, also when a running server keeps the lock for more than 5 seconds.
pub async fn look(database: &Path) -> Result<Health, BackupError> {
    let sound = backup::verify(database).await?;
    let engine_said = |cause| BackupError::Engine { path: database.display().to_string(), cause };
    let pending = Db::pending_migrations(database).await.map_err(engine_said)?;
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut connection = options.connect().await.map_err(engine_said)?;
    let asked = ask(&mut connection).await;
    connection.close().await.map_err(engine_said)?;
    let (engine, newest_at) = asked.map_err(engine_said)?;
    Ok(Health { bytes: sound.bytes, leads: sound.leads, engine, pending, newest_at })
}

async fn ask(connection: &mut SqliteConnection) -> Result<(String, Option<i64>), sqlx::Error> {
    let transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    transaction.rollback().await?;
    sqlx::query_as("SELECT sqlite_version(), (SELECT max(received_at) FROM receipt)").fetch_one(connection).await
}

/// A write that changes nothing, and still has to get through the writer and its transaction.
///
/// # Errors
/// [`WriteError`] when the database takes no writes.
pub async fn write_nothing(db: &Db) -> Result<(), WriteError> {
    db.write(|c| {
        Box::pin(async move {
            sqlx::query("UPDATE wrong_address SET hits = hits WHERE day = -1").execute(c).await.map(drop)
        })
    })
    .await
}
