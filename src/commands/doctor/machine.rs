//! The machine underneath: key file, database, clock, disk.

use super::Finding;
use crate::base::clock::MINUTE_MS;
use crate::base::instant::rfc3339;
use crate::config::Config;
use crate::db::health::{self, Health};
use crate::db::upkeep::{LOG_ALARM, log_bytes};
use crate::db::{disk, keyfile};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Nobody ran this program before: 1 January 2026, UTC milliseconds.
const TOO_EARLY: i64 = 1_767_225_600_000;
/// Below this it is time to look, in bytes.
const RATHER_FULL: u64 = 1024 * 1024 * 1024;

pub fn key_file(config: &Config) -> Finding {
    let path = keyfile::path(&config.data_dir);
    let name = path.display();
    if !path.exists() && config.database.exists() {
        let next = format!("Put the key file of this database back at {name}.");
        return Finding::problem("key file", "missing: secrets in the database cannot be read", next);
    }
    if !path.exists() {
        return Finding::fine("key file", format!("none yet; the first start makes {name}"));
    }
    if keyfile::is_open_to_others(&config.data_dir) {
        return Finding::problem("key file", "others on this machine can read it", format!("Run: chmod 600 {name}"));
    }
    Finding::fine("key file", format!("{name}, readable by its owner only; keep a copy elsewhere"))
}

pub async fn database(config: &Config) -> (Finding, Option<Health>) {
    let name = config.database.display();
    if !config.database.exists() {
        return (Finding::fine("database", format!("none yet; the first start makes {name}")), None);
    }
    match health::look(&config.database).await {
        Ok(health) if !health.pending.is_empty() => {
            let detail = format!("needs {}", health.pending.join(", "));
            let finding = Finding::problem("database", detail, "Restart the server, or run: leadbell migrate");
            (finding, Some(health))
        }
        Ok(health) => {
            let leads = health.leads;
            let detail =
                format!("{name}: {leads} leads, {} bytes, sound, takes writes, SQLite {}", health.bytes, health.engine);
            (Finding::fine("database", detail), Some(health))
        }
        Err(error) => {
            let next = "Check space and rights of the folder. If the file is damaged: leadbell restore BACKUP";
            (Finding::problem("database", error.to_string(), next), None)
        }
    }
}

/// A log that does not get shorter says that something reads without end.
pub fn log(config: &Config) -> Finding {
    let bytes = log_bytes(&config.database);
    let detail = format!("{} MB of the database's log are not folded in yet", bytes / (1024 * 1024));
    if bytes > LOG_ALARM {
        let next = "Restart the server; if it grows again, look for a program that keeps the database open.";
        return Finding::warning("log", detail, next);
    }
    Finding::fine("log", detail)
}

/// Against what is known to be past: the making of this program, files on the disk, submissions that came.
pub fn clock(config: &Config, now_ms: i64, health: Option<&Health>) -> Finding {
    let next = "Set the clock and let it be kept: timedatectl set-ntp true";
    if now_ms < TOO_EARLY {
        return Finding::problem("clock", format!("says {}, which is long gone", rfc3339(now_ms)), next);
    }
    let past = [changed_at(&config.database), changed_at(&config.data_dir), health.and_then(|h| h.newest_at)];
    let latest = past.into_iter().flatten().max();
    match latest {
        Some(latest) if latest > now_ms + 5 * MINUTE_MS => {
            let detail = format!("says {}, but something was stored at {}", rfc3339(now_ms), rfc3339(latest));
            Finding::problem("clock", detail, next)
        }
        _ => Finding::fine("clock", rfc3339(now_ms)),
    }
}

fn changed_at(path: &Path) -> Option<i64> {
    let changed = std::fs::metadata(path).ok()?.modified().ok()?;
    changed.duration_since(UNIX_EPOCH).ok()?.as_millis().try_into().ok()
}

pub fn disk(config: &Config) -> Finding {
    let folder = nearest_folder(&config.database);
    let free = match disk::free(folder) {
        Ok(free) => free,
        Err(cause) => {
            let next = format!("Check that {} is there and readable.", folder.display());
            return Finding::problem("disk", format!("cannot be asked: {cause}"), next);
        }
    };
    let detail = format!("{} MB free at {}", free / (1024 * 1024), folder.display());
    let next = "Make room: old backups, logs, other files on that disk.";
    if free < disk::LOW {
        Finding::problem("disk", detail, next)
    } else if free < RATHER_FULL {
        Finding::warning("disk", detail, next)
    } else {
        Finding::fine("disk", detail)
    }
}

/// The folder that a file is in or will be in, or the nearest one above it that exists.
fn nearest_folder(file: &Path) -> &Path {
    file.ancestors()
        .skip(1)
        .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .find(|folder| folder.is_dir())
        .unwrap_or(Path::new("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::tests::config_in;

    #[test]
    fn a_clock_that_is_behind_what_was_stored_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let config = config_in(dir.path());
        let stored = changed_at(dir.path()).unwrap();
        let health = Health {
            bytes: 0,
            leads: 0,
            engine: String::new(),
            pending: Vec::new(),
            newest_at: Some(stored + 6 * MINUTE_MS),
        };

        assert!(clock(&config, stored, None).ok);
        assert!(!clock(&config, stored, Some(&health)).ok);
        assert!(!clock(&config, 0, None).ok);
    }

    #[test]
    fn the_disk_is_asked_where_the_database_will_be() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config_in(dir.path());
        config.database = dir.path().join("not/yet/there.db");

        assert_eq!(nearest_folder(&config.database), dir.path());
        assert!(disk(&config).detail.contains("MB free"));
    }
}
