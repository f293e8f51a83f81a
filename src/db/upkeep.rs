//! The write-ahead log and the file, kept small beside the work.
//!
//! The writer folds its log into the file by itself each time the log has grown by 16 MB, and starts it anew when no
//! reader is in the way; a second connection that does so every second was measured and is no gain. A reader that stayed for long leaves a long log behind, which SQLite never shortens by
//! itself; that is done here, from a connection of its own that waits for nobody long. Pages that sweeping has emptied
//! go back to the disk a few at a time.

use super::open::Db;
use super::refusal::WriteError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::time::Duration;

/// A log longer than so many bytes is cut.
pub const LOG_TOO_LONG: u64 = 64 * 1024 * 1024;
/// A log longer than so many bytes says that cutting it does not work: somebody reads without end.
pub const LOG_ALARM: u64 = 128 * 1024 * 1024;
/// So many empty pages are kept, a megabyte: the next leads fill them.
const KEPT_EMPTY: i64 = 256;
/// How long cutting waits for a reader, with the writer waiting behind it.
const PATIENCE: Duration = Duration::from_millis(200);
/// How long writing the file anew waits for the writer, and each try to empty the log for readers.
const LONG_PATIENCE: Duration = Duration::from_secs(2);
/// How often emptying the log is tried.
const TRIES: usize = 5;

/// How many bytes the log of a database has.
pub fn log_bytes(database: &Path) -> u64 {
    let [_, log, _] = super::restore::with_logs(database);
    std::fs::metadata(log).map_or(0, |file| file.len())
}

impl Db {
    /// Folds the log into the file and cuts it, if it is too long. Whether it was cut.
    ///
    /// # Errors
    /// What the engine says; not when a reader or the writer was in the way, which the next round tries again.
    pub async fn cut_log_longer_than(&self, most: u64) -> Result<bool, sqlx::Error> {
        if log_bytes(self.path()) <= most {
            return Ok(false);
        }
        let options = SqliteConnectOptions::new()
            .filename(self.path())
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        let cut = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&mut connection).await;
        connection.close().await?;
        let cut: Vec<(i64, i64, i64)> = cut?;
        Ok(cut.first().is_some_and(|(was_in_the_way, ..)| *was_in_the_way == 0))
    }

    /// Writes the whole file anew and empties its log, so that nothing is left in either of what was deleted or written
    /// over: when rows move from page to page, copies of them stay behind in what is free there. The writer waits
    /// meanwhile, about a second for each 100 MB. `false`: somebody read in the log all the time, and it is not empty.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn write_anew(&self) -> Result<bool, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(self.path())
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LONG_PATIENCE)
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        sqlx::query("VACUUM").execute(&mut connection).await?;
        let mut emptied = false;
        for _ in 0..TRIES {
            let cut: Vec<(i64, i64, i64)> =
                sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&mut connection).await?;
            emptied = cut.first().is_some_and(|(was_in_the_way, ..)| *was_in_the_way == 0);
            if emptied {
                break;
            }
        }
        connection.close().await?;
        Ok(emptied)
    }

    /// Gives a quarter of a megabyte of emptied pages back to the disk. Whether there may be more.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn give_back_pages(&self) -> Result<bool, WriteError> {
        let ask = sqlx::query_scalar("PRAGMA freelist_count");
        let empty: i64 = match ask.fetch_one(self.read()).await {
            Ok(empty) => empty,
            Err(error) => return Err(WriteError::Unavailable(error.to_string().into())),
        };
        if empty <= KEPT_EMPTY {
            return Ok(false);
        }
        self.write(|c| {
            Box::pin(async move { sqlx::query("PRAGMA incremental_vacuum(64)").execute(c).await.map(drop) })
        })
        .await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn with_rows(folder: &tempfile::TempDir, rows: i64) -> Db {
        let db = Db::open(&folder.path().join("t.db")).await.unwrap();
        db.write(move |c| {
            Box::pin(async move {
                for n in 0..rows {
                    sqlx::query("INSERT INTO budget (key, starts_at, used, expires_at) VALUES ($1, 0, 1, 2)")
                        .bind(format!("{n}{}", "x".repeat(1_000)))
                        .execute(&mut *c)
                        .await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        db
    }

    #[tokio::test]
    async fn a_long_log_is_cut_once_no_reader_is_in_the_way_and_a_short_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = with_rows(&folder, 100).await;
        let mut reading = db.read().begin().await.unwrap();
        let _first: i64 = sqlx::query_scalar("SELECT count(*) FROM budget").fetch_one(&mut *reading).await.unwrap();
        db.write(|c| Box::pin(async move { sqlx::query("DELETE FROM budget").execute(c).await })).await.unwrap();
        let long = log_bytes(db.path());

        assert!(long > 100_000);
        assert!(!db.cut_log_longer_than(long).await.unwrap(), "not longer than that");
        assert!(!db.cut_log_longer_than(1_000).await.unwrap(), "somebody still reads in it");
        reading.rollback().await.unwrap();

        assert!(db.cut_log_longer_than(1_000).await.unwrap());
        assert_eq!(log_bytes(db.path()), 0);
    }

    #[tokio::test]
    async fn emptied_pages_go_back_to_the_disk_step_by_step() {
        let folder = tempfile::tempdir().unwrap();
        let db = with_rows(&folder, 3_000).await;
        db.write(|c| Box::pin(async move { sqlx::query("DELETE FROM budget").execute(c).await })).await.unwrap();
        db.cut_log_longer_than(0).await.unwrap();
        let before = std::fs::metadata(db.path()).unwrap().len();

        let mut steps = 0;
        while db.give_back_pages().await.unwrap() {
            steps += 1;
        }

        db.cut_log_longer_than(0).await.unwrap();
        let after = std::fs::metadata(db.path()).unwrap().len();
        assert!(steps >= 2, "{steps}");
        assert!(after + 1_000_000 < before, "{before} {after}");
    }

    /// How often a word stands in the file and its log.
    fn on_disk(db: &Db, word: &str) -> usize {
        let [file, log, _] = super::super::restore::with_logs(db.path());
        let bytes = [std::fs::read(file).unwrap(), std::fs::read(log).unwrap_or_default()].concat();
        bytes.windows(word.len()).filter(|at| *at == word.as_bytes()).count()
    }

    #[tokio::test]
    async fn a_file_that_is_written_anew_holds_no_copy_of_what_was_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("t.db")).await.unwrap();
        let random = crate::base::random::Random::seeded(7);
        for _ in 0..40 {
            let key = |n: i64| {
                let word = if n % 5 == 0 { "periwinkle" } else { "" };
                // Rows of many lengths make pages be built anew when rows move.
                let long = usize::try_from(random.up_to(9)).unwrap() * 90;
                format!("{:09}{word}{}", random.up_to(999_999_999), "x".repeat(long))
            };
            let keys: Vec<String> = (0..50).map(key).collect();
            db.write(move |c| {
                Box::pin(async move {
                    for key in keys {
                        sqlx::query("INSERT INTO budget (key, starts_at, used, expires_at) VALUES ($1, 1, 1, 1)")
                            .bind(key)
                            .execute(&mut *c)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
        db.write(|c| {
            Box::pin(async move {
                sqlx::query("DELETE FROM budget WHERE key LIKE '%periwinkle%'").execute(c).await.map(drop)
            })
        })
        .await
        .unwrap();
        assert!(db.cut_log_longer_than(0).await.unwrap());
        assert!(on_disk(&db, "periwinkle") > 0, "deleting alone leaves copies behind, or this test proves nothing");

        assert!(db.write_anew().await.unwrap());

        assert_eq!(on_disk(&db, "periwinkle"), 0);
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM budget").fetch_one(db.read()).await.unwrap();
        assert_eq!(kept, 1_600);
    }
}
