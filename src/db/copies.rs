//! Copies of the database that lie in the data directory: when each was made, and the end of those that are too old.
//!
//! Only files that bear a name of ours count: `backups/leadbell-YYYYMMDD-HHMMSS.db`, and `before-restore-….db` beside
//! the database. A copy that somebody named or carried away is theirs to keep or delete.

use super::restore::with_logs;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where such copies lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// The folder of backups.
    pub backups: PathBuf,
    /// The folder of the database.
    pub beside: PathBuf,
}

impl Copies {
    /// Those of a data directory and the database in use.
    pub fn of(data_dir: &Path, database: &Path) -> Self {
        let beside = database.parent().unwrap_or(data_dir).to_owned();
        Self { backups: data_dir.join("backups"), beside }
    }

    /// Every copy with the instant it was made (UTC milliseconds), oldest first.
    ///
    /// # Errors
    /// When a folder is there and cannot be read.
    pub fn all(&self) -> io::Result<Vec<(i64, PathBuf)>> {
        let mut found = Vec::new();
        for (folder, prefix) in [(&self.backups, "leadbell-"), (&self.beside, "before-restore-")] {
            let entries = match fs::read_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let path = entry?.path();
                found.extend(made_at(&path, prefix).map(|at| (at, path)));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes copies made at or before `at` (UTC milliseconds), with their logs. Returns which.
    ///
    /// # Errors
    /// When one cannot be removed; those before it are gone.
    pub fn remove_older(&self, at: i64) -> io::Result<Vec<PathBuf>> {
        let mut gone = Vec::new();
        for (_, path) in self.all()?.into_iter().filter(|(made, _)| *made <= at) {
            for file in with_logs(&path) {
                match fs::remove_file(&file) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    done => done?,
                }
            }
            gone.push(path);
        }
        Ok(gone)
    }
}

/// When a copy was made, by its name.
fn made_at(path: &Path, prefix: &str) -> Option<i64> {
    let stamp = path.file_name()?.to_str()?.strip_prefix(prefix)?.strip_suffix(".db")?;
    let made = DateTime::strptime("%Y%m%d-%H%M%S", stamp).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(made.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::DAY_MS;
    use crate::base::instant::stamp;

    #[test]
    fn old_copies_go_with_their_logs_and_what_has_another_name_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::of(folder.path(), &folder.path().join("leadbell.db"));
        assert_eq!(copies.all().unwrap(), []);
        fs::create_dir(&copies.backups).unwrap();
        let now = 100 * DAY_MS;
        let backup = |days: i64| copies.backups.join(format!("leadbell-{}.db", stamp(now - days * DAY_MS)));
        let kept = folder.path().join(format!("before-restore-{}.db", stamp(now - 40 * DAY_MS)));
        let log = folder.path().join(format!("before-restore-{}.db-wal", stamp(now - 40 * DAY_MS)));
        let others = [copies.backups.join("mine.db"), folder.path().join("leadbell.db"), backup(29)];
        for file in [&backup(31), &kept, &log].into_iter().chain(&others) {
            fs::write(file, "x").unwrap();
        }

        let gone = copies.remove_older(now - 30 * DAY_MS).unwrap();

        assert_eq!(gone, [kept, backup(31)]);
        assert!(!log.exists());
        assert!(others.iter().all(|file| file.exists()));
        assert_eq!(copies.all().unwrap(), [(now - 29 * DAY_MS, backup(29))]);
    }
}
