//! The key file: 256 bits in hex beside the database, readable by nobody else.
//!
//! Made at first use, whole or not at all, and never replaced by itself: a database whose key file is gone is
//! refused with the way back, because a new key would make every sealed secret in it unreadable without a word.

use crate::base::keys::Keys;
use crate::base::random::Random;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Its name in the data directory.
pub const NAME: &str = "leadbell.key";

/// A key file that cannot be used, in words for whoever starts the service.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system said no.
    #[error("cannot read or make the key file {path}: {cause}. Check that the folder is there and writable.")]
    Io {
        /// The file.
        path: String,
        /// What the file system said.
        cause: io::Error,
    },
    /// It holds something else than a key.
    #[error("{0} is not a key file (64 hexadecimal digits). Put back the one that belongs to this database.")]
    Damaged(String),
    /// The database is there, the key is not.
    #[error(
        "the key file {0} is missing, but its database is there. Put the key file back. If it is lost for good, make \
         an empty file of that name: a new key is made then; forms go on working, but each source must get its \
         secret and a new address again, and saved passwords of vendors must be typed in again."
    )]
    Missing(String),
}

/// Where the key file of a data directory is.
pub fn path(data_dir: &Path) -> PathBuf {
    data_dir.join(NAME)
}

/// The key of this data directory, made with mode 0600 if neither it nor the database exists yet.
///
/// # Errors
/// [`KeyFileError`], worded for the person at the terminal.
pub fn open_or_create(data_dir: &Path, database: &Path, random: &Random) -> Result<Keys, KeyFileError> {
    let path = path(data_dir);
    let name = path.display().to_string();
    let io = |cause| KeyFileError::Io { path: path.display().to_string(), cause };
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() => {
            fs::remove_file(&path).map_err(io)?;
            create(data_dir, &path, random).map_err(io)?;
        }
        Ok(_) => return open(data_dir),
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(io(cause)),
        Err(_) if database.exists() => return Err(KeyFileError::Missing(name)),
        Err(_) => create(data_dir, &path, random).map_err(io)?,
    }
    open(data_dir)
}

/// The key of this data directory, which must be there: for those who only look.
///
/// # Errors
/// [`KeyFileError`], also when there is none.
pub fn open(data_dir: &Path) -> Result<Keys, KeyFileError> {
    let path = path(data_dir);
    let name = path.display().to_string();
    match fs::read_to_string(&path) {
        Ok(text) => parse(&text).ok_or(KeyFileError::Damaged(name)),
        Err(cause) => Err(KeyFileError::Io { path: name, cause }),
    }
}

/// Whether others than its owner may read the key file.
pub fn is_open_to_others(data_dir: &Path) -> bool {
    fs::metadata(path(data_dir)).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

fn parse(text: &str) -> Option<Keys> {
    let mut key = [0u8; 32];
    let bytes = base16ct::mixed::decode(text.trim(), &mut key).ok()?;
    (bytes.len() == 32).then_some(())?;
    Some(Keys::new(key))
}

/// Writes a new key under a name of its own and links it into place: whoever comes second finds the first one's.
fn create(data_dir: &Path, path: &Path, random: &Random) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let text = base16ct::lower::encode_string(Keys::generate(random).bytes());
    let draft = data_dir.join(format!(".{NAME}.{}", crate::base::ids::new_token(random)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    fs::remove_file(&draft)?;
    linked?;
    fs::File::open(data_dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_use(dir: &Path) -> Result<Keys, KeyFileError> {
        open_or_create(dir, &dir.join("leadbell.db"), &Random::system())
    }

    #[test]
    fn the_first_use_makes_a_key_that_only_its_owner_can_read_and_later_uses_find_it() {
        let dir = tempfile::tempdir().unwrap();

        let first = first_use(dir.path()).unwrap();
        fs::write(dir.path().join("leadbell.db"), "").unwrap();
        let second = first_use(dir.path()).unwrap();

        assert_eq!(first.bytes(), second.bytes());
        let mode = fs::metadata(path(dir.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!is_open_to_others(dir.path()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no draft is left behind");
    }

    #[test]
    fn a_database_without_its_key_is_refused_until_an_empty_file_asks_for_a_new_one() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("leadbell.db"), "").unwrap();

        assert!(matches!(first_use(dir.path()), Err(KeyFileError::Missing(_))));
        assert!(open(dir.path()).is_err());
        fs::write(path(dir.path()), "").unwrap();
        assert!(first_use(dir.path()).is_ok());
        fs::write(path(dir.path()), "not a key").unwrap();
        assert!(matches!(first_use(dir.path()), Err(KeyFileError::Damaged(_))));
    }
}
