//! A copy goes back into its place.
//!
//! It is checked first; the database that was there is kept beside it; and what was on its way out at the time of the
//! copy becomes `unknown`, because it may have been sent since. At no moment is the database's place empty for longer
//! than a rename takes, and a log of the old database never lies beside the new one.

use super::backup::{BackupError, Copied, beside, empty_private_file, engine_at, folder_of, io_at, sync, verify};
use super::open::Db;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

/// A file and the two logs that SQLite may keep beside it.
pub(super) fn with_logs(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

fn remove_if_there(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(io_at(path)(cause)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::backup::backup;
    use super::super::backup::tests::with_leads;
    use super::*;

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
        sqlx::query("UPDATE _sqlx_migrations SET version = version + 999999").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();

        for (copy, expected) in [(&damaged, "damaged"), (&foreign, "damaged"), (&newer, "newer leadbell")] {
            let refusal = restore(copy, &file, "x", 0).await.unwrap_err().to_string();
            assert!(refusal.contains(expected), "{refusal}");
        }

        assert_eq!(verify(&file).await.unwrap().leads, 1);
        assert!(!dir.path().join("before-restore-x.db").exists());
    }
}
