//! One server per data directory, said by a locked file that also tells the other commands where it listens.
//!
//! The operating system lets go of the lock when the process ends, however it ends; a file that lies about says
//! nothing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Its name in the data directory.
pub const NAME: &str = "leadbell.lock";

/// Commands that only look hold the lock for some microseconds; so long a server waits for them to let go.
const PATIENCE: [Duration; 3] = [Duration::from_millis(5), Duration::from_millis(25), Duration::from_millis(100)];

/// A data directory that could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else works on it.
    #[error(
        "another leadbell (process {pid}) is using {path}. Stop it first, or choose another folder with --data-dir."
    )]
    Held {
        /// The data directory.
        path: String,
        /// The other process, as it wrote itself down.
        pid: String,
    },
    /// The file system said no.
    #[error("cannot lock {path}: {cause}. Check that the folder is there and writable.")]
    Io {
        /// The lock file.
        path: String,
        /// What the file system said.
        cause: io::Error,
    },
}

/// A server that is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its process id, as text.
    pub pid: String,
    /// What its webhook addresses start with, once it listens.
    pub address: Option<String>,
}

/// The lock; dropping it lets go.
#[derive(Debug)]
pub struct DataLock {
    file: File,
}

impl DataLock {
    /// Takes the data directory for this process, making the folder if need be.
    ///
    /// # Errors
    /// [`LockError`], worded for the person at the terminal.
    pub fn take(data_dir: &Path) -> Result<Self, LockError> {
        let path = data_dir.join(NAME);
        let io = |cause| LockError::Io { path: path.display().to_string(), cause };
        fs::create_dir_all(data_dir).map_err(io)?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        for wait in PATIENCE.map(Some).into_iter().chain([None]) {
            match (file.try_lock(), wait) {
                (Ok(()), _) => {
                    let lock = Self { file };
                    lock.note(&format!("{}\n", std::process::id())).map_err(io)?;
                    return Ok(lock);
                }
                (Err(TryLockError::WouldBlock), Some(wait)) => std::thread::sleep(wait),
                (Err(TryLockError::WouldBlock), None) => break,
                (Err(TryLockError::Error(cause)), _) => return Err(io(cause)),
            }
        }
        let pid = note_in(&path).map_or_else(|_| "unknown".to_owned(), |running| running.pid);
        Err(LockError::Held { path: data_dir.display().to_string(), pid })
    }

    /// Writes down what the addresses of this server start with, for the other commands.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn announce(&self, address: &str) -> io::Result<()> {
        self.note(&format!("{}\n{address}\n", std::process::id()))
    }

    fn note(&self, text: &str) -> io::Result<()> {
        let mut file = &self.file;
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(text.as_bytes())
    }
}

/// The server that holds this data directory; `None` when nobody does.
///
/// # Errors
/// When the lock file is there and cannot be read.
pub fn running(data_dir: &Path) -> io::Result<Option<Running>> {
    let path: PathBuf = data_dir.join(NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => note_in(&path).map(Some),
        Err(TryLockError::Error(cause)) => Err(cause),
    }
}

fn note_in(path: &Path) -> io::Result<Running> {
    let mut text = String::new();
    File::open(path)?.take(4_096).read_to_string(&mut text)?;
    let mut lines = text.lines().map(str::to_owned).filter(|line| !line.is_empty());
    Ok(Running { pid: lines.next().unwrap_or_else(|| "unknown".to_owned()), address: lines.next() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_and_told_who_is_there() {
        let dir = tempfile::tempdir().unwrap();

        let first = DataLock::take(dir.path()).unwrap();
        first.announce("http://127.0.0.1:4242").unwrap();

        let refusal = DataLock::take(dir.path()).unwrap_err().to_string();
        assert!(refusal.contains(&format!("process {}", std::process::id())), "{refusal}");
        let seen = running(dir.path()).unwrap().unwrap();
        assert_eq!(seen.address.as_deref(), Some("http://127.0.0.1:4242"));
    }

    #[test]
    fn nobody_runs_once_the_lock_is_let_go() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(running(dir.path()).unwrap(), None);

        drop(DataLock::take(dir.path()).unwrap());

        assert_eq!(running(dir.path()).unwrap(), None);
        assert!(DataLock::take(dir.path()).is_ok());
    }
}
