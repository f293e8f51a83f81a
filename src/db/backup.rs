//! Copies of the database: made while it is in use, checked before they count, put back with care.
//!
//! A copy is made by `VACUUM INTO` through a connection that cannot write, under another name; it gets its own name
//! only after it was opened, checked, counted and synced. Putting one back checks it first, keeps the database that
//! was there, and turns what was on its way out at the time of the copy into `unknown`: it may have been sent since.

use super::open::{Db, OpenError};
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

/// A database that was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The database as it is now; `file` is the database file.
    pub now: Copied,
    /// Where the one before is, if there was one.
    pub kept: Option<PathBuf>,
    /// Messages that were on their way out when the copy was made, and are `unknown` now.
    pub unknown: u64,
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

/// Puts a copy in the place of the database. The caller holds the data directory's lock. `stamp` becomes part of
/// the name under which the present database is kept.
///
/// # Errors
/// [`BackupError`]; the present database is in its place then.
pub async fn restore(file: &Path, database: &Path, stamp: &str, now_ms: i64) -> Result<Restored, BackupError> {
    verify(file).await?;
    let folder = folder_of(database);
    fs::create_dir_all(folder).map_err(io_at(folder))?;
    let draft = beside(database, "restoring");
    for leftover in with_logs(&draft) {
        remove_if_there(&leftover)?;
    }
    empty_private_file(&draft).map_err(io_at(&draft))?;
    fs::copy(file, &draft).map_err(io_at(&draft))?;
    let unknown = make_ready(&draft, now_ms).await?;
    fold(&draft).await.map_err(engine_at(&draft))?;
    sync(&draft)?;
    let kept = if database.exists() { Some(set_aside(database, stamp).await?) } else { None };
    for log in &with_logs(database)[1..] {
        remove_if_there(log)?;
    }
    fs::rename(&draft, database).map_err(io_at(database))?;
    sync(folder)?;
    let now = verify(database).await?;
    Ok(Restored { now, kept, unknown })
}

/// Migrates the copy and takes back every claim that was open in it.
async fn make_ready(draft: &Path, now_ms: i64) -> Result<u64, BackupError> {
    let db = Db::open(draft).await?;
    let marked = db
        .write(move |conn| {
            Box::pin(async move {
                let done = sqlx::query(
                    "UPDATE outbox SET state = 'unknown', lease_token = NULL, lease_until = NULL, next_check_at = $1, \
                     reason = 'It was being sent when this backup was made, so it may have arrived.' \
                     WHERE state = 'sending'",
                )
                .bind(now_ms)
                .execute(conn)
                .await?;
                Ok(done.rows_affected())
            })
        })
        .await;
    db.close().await;
    marked.map_err(|cause| BackupError::Engine {
        path: draft.display().to_string(),
        cause: sqlx::Error::Protocol(cause.to_string()),
    })
}

/// Gives the present database a second name. Its log is folded in first, so that one file holds everything; one
/// that is too damaged for that keeps its log beside it.
async fn set_aside(database: &Path, stamp: &str) -> Result<PathBuf, BackupError> {
    let kept = database.with_file_name(format!("before-restore-{stamp}.db"));
    if kept.exists() {
        return Err(BackupError::Exists(kept.display().to_string()));
    }
    if let Err(error) = fold(database).await {
        tracing::warn!(%error, "the log of the present database could not be folded in; it is kept beside it");
    }
    for (from, to) in with_logs(database).iter().zip(with_logs(&kept)).skip(1) {
        if from.exists() {
            fs::rename(from, &to).map_err(io_at(&to))?;
        }
    }
    fs::hard_link(database, &kept).map_err(io_at(&kept))?;
    Ok(kept)
}

async fn fold(database: &Path) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut connection = options.connect().await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    connection.close().await
}

async fn connect(file: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
    options.connect().await.map_err(engine_at(file))
}

/// A file and the two logs that SQLite may keep beside it.
fn with_logs(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn empty_private_file(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map(drop)
}

fn remove_if_there(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(io_at(path)(cause)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(io_at(path))
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |cause| BackupError::Io { path: path.display().to_string(), cause }
}

fn engine_at(path: &Path) -> impl Fn(sqlx::Error) -> BackupError {
    move |cause| BackupError::Engine { path: path.display().to_string(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn with_leads(file: &Path, leads: i64) -> Db {
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

    #[tokio::test]
    async fn what_was_on_its_way_out_is_unknown_after_a_restore_and_the_old_database_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("leadbell.db");
        let copy = dir.path().join("copy.db");
        with_leads(&file, 2).await.close().await;
        backup(&file, &copy).await.unwrap();
        let db = Db::open(&file).await.unwrap();
        db.write(|conn| Box::pin(async move { sqlx::query("DELETE FROM lead").execute(conn).await })).await.unwrap();
        db.close().await;

        let restored = restore(&copy, &file, "20260101-000000", 77).await.unwrap();

        assert_eq!((restored.now.leads, restored.unknown), (2, 1));
        let db = Db::open(&file).await.unwrap();
        let row: (String, i64, Option<String>) =
            sqlx::query_as("SELECT state, next_check_at, lease_token FROM outbox").fetch_one(db.read()).await.unwrap();
        assert_eq!(row, ("unknown".to_owned(), 77, None));
        assert_eq!(verify(&restored.kept.unwrap()).await.unwrap().leads, 0);
        assert_eq!(verify(&copy).await.unwrap().leads, 2, "the backup itself is left as it was");
        db.close().await;
    }

    #[tokio::test]
    async fn a_damaged_a_foreign_and_a_newer_file_are_refused_and_nothing_changes() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("leadbell.db");
        with_leads(&file, 1).await.close().await;
        let (damaged, foreign, newer) = (dir.path().join("d"), dir.path().join("f"), dir.path().join("n"));
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[4_096..middle].fill(0xA5);
        fs::write(&damaged, bytes).unwrap();
        fs::write(&foreign, "name,phone\nMaria,5125550142\n".repeat(50)).unwrap();
        backup(&file, &newer).await.unwrap();
        let options = SqliteConnectOptions::new().filename(&newer);
        let mut connection = options.connect().await.unwrap();
        sqlx::query("UPDATE _sqlx_migrations SET version = 999999").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();

        for (copy, expected) in [(&damaged, "damaged"), (&foreign, "damaged"), (&newer, "newer leadbell")] {
            let refusal = restore(copy, &file, "x", 0).await.unwrap_err().to_string();
            assert!(refusal.contains(expected), "{refusal}");
        }

        assert_eq!(verify(&file).await.unwrap().leads, 1);
        assert!(!dir.path().join("before-restore-x.db").exists());
    }
}
