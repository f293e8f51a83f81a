//! Opening the file: the settings that make a commit a promise, and the checks that they took effect.

use super::disk::Disk;
use super::lane::{self, AnyLane, Handle, Lane};
use super::refusal::WriteError;
use super::writer::{Conn, Writer};
use crate::base::Boxed;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The first SQLite without the WAL-reset race (fixed in 3.51.3): older ones can corrupt a file that two
/// connections write and checkpoint at once.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The number of the newest migration that this program knows.
pub(super) fn newest_migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// A database that could not be opened, in words for whoever starts the service.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The engine said no.
    #[error("cannot open the database {path}: {cause}. Check that the folder exists, is writable and has space.")]
    Engine {
        /// The file.
        path: String,
        /// What the engine said.
        cause: sqlx::Error,
    },
    /// The file is from a newer leadbell, or a migration failed.
    #[error(
        "cannot bring the database {path} up to date: {cause}. Nothing was changed; restore a backup or run the version that wrote it."
    )]
    Migration {
        /// The file.
        path: String,
        /// What went wrong.
        cause: sqlx::migrate::MigrateError,
    },
    /// The engine does not keep our promise.
    #[error("the database engine is not safe to use: {0}")]
    Unsafe(String),
}

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: Writer,
    readers: SqlitePool,
    path: PathBuf,
    disk: Arc<Disk>,
}

/// What a database needs before it is used: the lanes must be known before the writer starts.
pub struct Opening {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    readers: SqlitePool,
    path: PathBuf,
    lanes: Vec<Box<dyn AnyLane>>,
    bell: Arc<Notify>,
    disk: Arc<Disk>,
}

impl Db {
    /// Opens (and makes, and migrates) the file, without any lane.
    ///
    /// # Errors
    /// [`OpenError`], worded for the person at the terminal.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Ok(Self::opening(path).await?.start())
    }

    /// Opens the file and holds the writer back until its lanes are registered.
    ///
    /// # Errors
    /// [`OpenError`], worded for the person at the terminal.
    pub async fn opening(path: &Path) -> Result<Opening, OpenError> {
        let engine = |cause| OpenError::Engine { path: path.display().to_string(), cause };
        let options = options(path);
        let mut connection = options.connect().await.map_err(engine)?;
        MIGRATIONS
            .run(&mut connection)
            .await
            .map_err(|cause| OpenError::Migration { path: path.display().to_string(), cause })?;
        check(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(3)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(2))
            .connect_lazy_with(reader_options(path));
        let (lanes, bell, disk) = (Vec::new(), Arc::default(), Arc::new(Disk::under(path)));
        Ok(Opening { connection, options, readers, path: path.to_owned(), lanes, bell, disk })
    }

    /// Reads. A statement that writes fails here.
    pub fn read(&self) -> &SqlitePool {
        &self.readers
    }

    /// The disk under the file.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The file itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `job` in a synced transaction and answers after the commit. The job is carried out even when the
    /// caller goes away. It may share its transaction with others; if it fails, only its own work is undone.
    ///
    /// # Errors
    /// [`WriteError`]: the job's own refusal, or a database that cannot commit.
    pub async fn write<T, F>(&self, job: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> Boxed<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        self.writer.write(job).await
    }

    /// Whether the last write that was tried could be committed.
    pub fn takes_writes(&self) -> bool {
        self.writer.healthy()
    }

    /// Resolves with the reason when the disk has failed under us; the process should end and start again.
    pub async fn broken(&self) -> Arc<str> {
        self.writer.broken().await
    }

    /// Migrations that this program knows and the file does not have yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pending_migrations(path: &Path) -> Result<Vec<String>, sqlx::Error> {
        let mut applied = Vec::new();
        if path.exists() {
            let mut connection = SqliteConnectOptions::new().filename(path).read_only(true).connect().await?;
            let known: Option<(i64,)> =
                sqlx::query_as("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
                    .fetch_optional(&mut connection)
                    .await?;
            if known.is_some_and(|(n,)| n > 0) {
                let rows: Vec<(i64,)> =
                    sqlx::query_as("SELECT version FROM _sqlx_migrations").fetch_all(&mut connection).await?;
                applied = rows.into_iter().map(|(v,)| v).collect();
            }
            connection.close().await?;
        }
        Ok(MIGRATIONS
            .iter()
            .filter(|m| !applied.contains(&m.version))
            .map(|m| format!("{:04} {}", m.version, m.description))
            .collect())
    }

    /// Finishes what is queued, folds the log into the file and closes it.
    pub async fn close(self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

impl Opening {
    /// Gives a kind of write its own lane: its items are carried out together.
    pub fn lane<L: Lane>(&mut self, lane: L) -> Handle<L::Item, L::Answer> {
        let (erased, handle) = lane::lane(lane, &self.bell);
        self.lanes.push(erased);
        handle
    }

    /// Starts the writer.
    pub fn start(self) -> Db {
        let writer = Writer::spawn(self.connection, self.options, self.lanes, self.bell, Arc::clone(&self.disk));
        Db { writer, readers: self.readers, path: self.path, disk: self.disk }
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(durability())
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("wal_autocheckpoint", "4000")
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        // Kibibytes: the indexes that every lead touches at random stay in memory.
        .pragma("cache_size", "-12000")
        .statement_cache_capacity(400)
        .disable_statement_logging()
}

fn reader_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(100)
        .disable_statement_logging()
}

/// `FULL`: a commit returns after its sync. The feature exists so that the durability test can prove that it
/// would notice the difference; no shipped build has it.
fn durability() -> SqliteSynchronous {
    if cfg!(feature = "unsafe-normal-sync-for-the-control-run") {
        SqliteSynchronous::Normal
    } else {
        SqliteSynchronous::Full
    }
}

async fn check(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let ask = |cause: sqlx::Error| OpenError::Unsafe(cause.to_string());
    let (version,): (String,) =
        sqlx::query_as("SELECT sqlite_version()").fetch_one(&mut *connection).await.map_err(ask)?;
    let mut numbers = version.split('.').map(|n| n.parse().unwrap_or(0));
    let have = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if have < OLDEST_SQLITE {
        return Err(OpenError::Unsafe(format!("SQLite {version} can corrupt its log; 3.51.3 or newer is needed")));
    }
    let (mode,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut *connection).await.map_err(ask)?;
    let (sync,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(&mut *connection).await.map_err(ask)?;
    if mode != "wal" || (sync != 2 && durability() == SqliteSynchronous::Full) {
        return Err(OpenError::Unsafe(format!(
            "journal_mode is {mode} and synchronous is {sync}; wal and 2 are needed for a commit to be a promise"
        )));
    }
    Ok(())
}
