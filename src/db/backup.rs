//! Copies of the database: made while it is in use, checked before they count.
//!
//! A copy is made by `VACUUM INTO` through a connection that cannot write, under another name; it gets its own name
//! only after it was opened, checked, counted and synced.

use super::open::OpenError;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A copy that was checked.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// Where it is.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many leads are in it.
    pub leads: i64,
}

/// Why a copy was not made or not put back. Whatever was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file system said no.
    #[error("{path}: {cause}. Check that the folder is there, writable and has space.")]
    Io {
        /// The file.
        path: String,
        /// What the file system said.
        cause: io::Error,
    },
    /// The engine said no.
    #[error("{path}: {cause}")]
    Engine {
        /// The file.
        path: String,
        /// What the engine said.
        cause: sqlx::Error,
    },
    /// The copy is not sound.
    #[error("{path} is damaged ({first}). Use another backup.")]
    Damaged {
        /// The file.
        path: String,
        /// The first thing that the engine found.
        first: String,
    },
    /// A database of something else.
    #[error("{0} is not a leadbell database. Choose a file that `leadbell backup` made.")]
    Foreign(String),
    /// A file of a newer leadbell.
    #[error("{0} was written by a newer leadbell. Upgrade this one first, then restore.")]
    Newer(String),
    /// There is a file of that name.
    #[error("{0} is there already. Choose another name; backups are never written over.")]
    Exists(String),
    /// The copy could not be brought up to date.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Copies the database while it is in use. `target` must not exist; its folder is made if need be.
///
/// # Errors
/// [`BackupError`]; nothing is left behind then.
pub async fn backup(database: &Path, target: &Path) -> Result<Copied, BackupError> {
    if target.exists() {
        return Err(BackupError::Exists(target.display().to_string()));
    }
    let draft = beside(target, "part");
    let copied = write_draft(database, &draft, target).await;
    if copied.is_err() {
        // What is left of a failed copy is of no use to anybody; the error already says what went wrong.
        let _gone = fs::remove_file(&draft);
    }
    copied
}

async fn write_draft(database: &Path, draft: &Path, target: &Path) -> Result<Copied, BackupError> {
    let folder = folder_of(target);
    fs::create_dir_all(folder).map_err(io_at(folder))?;
    empty_private_file(draft).map_err(io_at(draft))?;
    let mut source = connect(database).await?;
    let made = sqlx::query("VACUUM INTO $1").bind(draft.to_string_lossy()).execute(&mut source).await;
    made.map_err(engine_at(database))?;
    source.close().await.map_err(engine_at(database))?;
    let checked = verify(draft).await?;
    sync(draft)?;
    fs::rename(draft, target).map_err(io_at(target))?;
    sync(folder)?;
    Ok(Copied { file: target.to_owned(), ..checked })
}

/// Opens a copy without changing it, checks it through and counts its leads.
///
/// # Errors
/// [`BackupError`] naming what is wrong with it.
pub async fn verify(file: &Path) -> Result<Copied, BackupError> {
    let bytes = fs::metadata(file).map_err(io_at(file))?.len();
    let mut copy = connect(file).await?;
    let found = look_through(&mut copy, file).await;
    copy.close().await.map_err(engine_at(file))?;
    let (newest, leads) = found?;
    if newest > super::open::newest_migration() {
        return Err(BackupError::Newer(file.display().to_string()));
    }
    Ok(Copied { file: file.to_owned(), bytes, leads })
}

async fn look_through(copy: &mut SqliteConnection, file: &Path) -> Result<(i64, i64), BackupError> {
    let name = || file.display().to_string();
    let tables =
        sqlx::query_as("SELECT count(*) FROM sqlite_master WHERE name IN ('_sqlx_migrations', 'lead', 'outbox')");
    let (ours,): (i64,) = match tables.fetch_one(&mut *copy).await {
        Err(sqlx::Error::Database(cause)) => {
            return Err(BackupError::Damaged { path: name(), first: cause.message().to_owned() });
        }
        other => other.map_err(engine_at(file))?,
    };
    if ours != 3 {
        return Err(BackupError::Foreign(name()));
    }
    let check: Vec<(String,)> =
        sqlx::query_as("PRAGMA quick_check(1)").fetch_all(&mut *copy).await.map_err(engine_at(file))?;
    match check.first() {
        Some((verdict,)) if verdict == "ok" => {}
        other => {
            let first = other.map_or_else(|| "it says nothing".to_owned(), |(verdict,)| verdict.clone());
            return Err(BackupError::Damaged { path: name(), first });
        }
    }
    sqlx::query_as("SELECT (SELECT max(version) FROM _sqlx_migrations), (SELECT count(*) FROM lead)")
        .fetch_one(&mut *copy)
        .await
        .map_err(engine_at(file))
}

async fn connect(file: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
    options.connect().await.map_err(engine_at(file))
}

pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(super) fn empty_private_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map(drop)
}

pub(super) fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(io_at(path))
}

pub(super) fn io_at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |cause| BackupError::Io { path: path.display().to_string(), cause }
}

pub(super) fn engine_at(path: &Path) -> impl Fn(sqlx::Error) -> BackupError {
    move |cause| BackupError::Engine { path: path.display().to_string(), cause }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::open::Db;
    use super::*;

    /// A database with so many leads and one text on its way out.
    pub async fn with_leads(file: &Path, leads: i64) -> Db {
        let db = Db::open(file).await.unwrap();
        db.write(move |conn| {
            Box::pin(async move {
                for n in 0..leads {
                    sqlx::query(
                        "INSERT INTO lead (id, business_id, source_id, kind, state, last_write_at, received_at) \
                         VALUES ($1, 'b', 's', 'form', 'waiting', 1, 1)",
                    )
                    .bind(format!("l{n}"))
                    .execute(&mut *conn)
                    .await?;
                }
                sqlx::query(
                    "INSERT INTO outbox (id, business_id, purpose, step, channel, recipient, body, prio, queued_at, \
                     due_at, expires_at, state, lease_token) \
                     VALUES ('m1', 'b', 'lead_reply', 'first', 'sms', '+15125550142', 'Hi', 0, 1, 1, 2, 'sending', 't')",
                )
                .execute(conn)
                .await
            })
        })
        .await
        .unwrap();
        db
    }

    #[tokio::test]
    async fn a_backup_of_a_database_in_use_is_whole_and_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("leadbell.db");
        let db = with_leads(&file, 3).await;

        let target = dir.path().join("backups/a.db");
        let copied = backup(&file, &target).await.unwrap();

        assert_eq!((copied.leads, copied.file.as_path()), (3, target.as_path()));
        assert_eq!(copied.bytes, fs::metadata(&target).unwrap().len());
        assert!(matches!(backup(&file, &target).await, Err(BackupError::Exists(_))));
        assert_eq!(fs::read_dir(dir.path().join("backups")).unwrap().count(), 1, "no draft is left behind");
        db.close().await;
    }
}
