//! Room on the disk: how much there is, when leads are turned away for want of it, and the reserve.
//!
//! Intake is generous: as long as a lead can be stored it is taken in. Below [`LOW`] the owner is told. Below
//! [`FLOOR`], or once a commit did not fit, new leads are turned away, so that what is left serves those that are in
//! already: claims, outcomes, news of deliveries. For the same purpose a reserve file is kept, with real blocks, and
//! given back at that moment; it is made again before leads are taken in again. A small disk has a smaller one, a tiny
//! disk none.

use super::backup::beside;
use rustix::fs::FallocateFlags;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const MB: u64 = 1024 * 1024;
/// Below so many bytes it is time to make room.
pub const LOW: u64 = 256 * MB;
/// Below so many bytes no new lead is taken in.
pub const FLOOR: u64 = 8 * MB;
/// Size of the reserve, in bytes, where there is room for it.
pub const RESERVE: u64 = 64 * MB;
/// Elsewhere it is so large a part of what is free.
const PART: u64 = 8;
/// A smaller reserve than this is of no use.
const SMALLEST: u64 = MB;

/// How the disk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Room enough, or nobody has looked yet.
    Fine,
    /// So many bytes are left; time to make room.
    Low(u64),
    /// New leads are turned away.
    Full,
}

/// Tells how many bytes are free.
pub type Reading = Box<dyn Fn() -> io::Result<u64> + Send + Sync>;

/// The disk under the database.
pub struct Disk {
    reading: Reading,
    reserve: PathBuf,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    standing: Standing,
    /// Size of the reserve that was given back and must be there again before leads are; 0 for none.
    owed: u64,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disk({:?})", self.standing())
    }
}

impl Disk {
    /// The disk that holds this file.
    pub fn under(database: &Path) -> Self {
        let folder = super::backup::folder_of(database).to_owned();
        Self::with_reading(database, Box::new(move || free(&folder)))
    }

    /// The same, with another way to find out how much is free.
    pub fn with_reading(database: &Path, reading: Reading) -> Self {
        let state = State { standing: Standing::Fine, owed: 0 };
        Self { reading, reserve: beside(database, "reserve"), state: Mutex::new(state) }
    }

    /// How it stood at the last look.
    pub fn standing(&self) -> Standing {
        self.state().standing
    }

    /// Whether new leads are taken in.
    pub fn takes_leads(&self) -> bool {
        self.standing() != Standing::Full
    }

    /// Something did not fit: no new leads from now on, and the reserve is given back.
    pub fn did_not_fit(&self) {
        self.fill_up(&mut self.state());
    }

    /// Looks how much is free and acts on it. To be done every second.
    pub fn look(&self) -> Standing {
        let free = match (self.reading)() {
            Ok(free) => free,
            Err(error) => {
                tracing::warn!(%error, "the disk does not say how much room it has");
                return self.standing();
            }
        };
        let mut state = self.state();
        if free < FLOOR {
            self.fill_up(&mut state);
        } else if state.standing != Standing::Full || self.has_recovered(&mut state, free) {
            state.standing = if free < LOW { Standing::Low(free) } else { Standing::Fine };
        }
        let reserve = RESERVE.min(free / PART);
        if state.standing != Standing::Full && reserve >= SMALLEST && !self.reserve.exists() {
            self.make_reserve(reserve);
        }
        state.standing
    }

    fn fill_up(&self, state: &mut State) {
        if state.standing != Standing::Full {
            tracing::error!("the disk is full: new leads are turned away until there is room");
        }
        state.standing = Standing::Full;
        let size = fs::metadata(&self.reserve).map_or(0, |file| file.len());
        match fs::remove_file(&self.reserve) {
            Ok(()) => state.owed = size,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "the reserve could not be given back"),
        }
    }

    fn has_recovered(&self, state: &mut State, free: u64) -> bool {
        if state.owed > 0 && (free < FLOOR + state.owed || !self.make_reserve(state.owed)) {
            return false;
        }
        state.owed = 0;
        tracing::info!(free_mb = free / MB, "there is room on the disk again: leads are taken in");
        true
    }

    fn make_reserve(&self, bytes: u64) -> bool {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.reserve).and_then(|file| {
            // Without real blocks it would reserve nothing.
            rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, bytes).map_err(io::Error::from)
        });
        if let Err(error) = &made {
            tracing::info!(%error, "no reserve could be made on this disk");
            // What was begun is of no use.
            let _gone = fs::remove_file(&self.reserve);
        }
        made.is_ok()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How many bytes are free for us where this folder is.
///
/// # Errors
/// What the file system says.
pub fn free(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Small {
        folder: tempfile::TempDir,
        free: Arc<AtomicU64>,
        disk: Disk,
    }

    fn small(mb: u64) -> Small {
        let folder = tempfile::tempdir().unwrap();
        let free = Arc::new(AtomicU64::new(mb * MB));
        let reading = Arc::clone(&free);
        let disk = Disk::with_reading(
            &folder.path().join("leadbell.db"),
            Box::new(move || Ok(reading.load(Ordering::SeqCst))),
        );
        Small { folder, free, disk }
    }

    impl Small {
        fn look_at(&self, mb: u64) -> Standing {
            self.free.store(mb * MB, Ordering::SeqCst);
            self.disk.look()
        }

        fn reserve(&self) -> Option<u64> {
            use std::os::unix::fs::MetadataExt;
            fs::metadata(self.folder.path().join("leadbell.db.reserve")).ok().map(|file| file.blocks() * 512 / MB)
        }
    }

    #[test]
    fn a_reserve_is_held_in_real_blocks_as_large_as_the_disk_allows() {
        for (mb, reserve) in [(1_000, Some(64)), (512, Some(64)), (48, Some(6)), (7, None)] {
            let disk = small(mb);
            disk.disk.look();
            assert_eq!(disk.reserve(), reserve, "{mb}");
        }
    }

    #[test]
    fn leads_are_taken_in_while_there_is_room_for_them_and_the_warning_comes_long_before() {
        let disk = small(1_000);

        assert_eq!(disk.look_at(255), Standing::Low(255 * MB));
        assert!(disk.disk.takes_leads());
        assert_eq!(disk.look_at(8), Standing::Low(8 * MB));
        assert_eq!(disk.look_at(7), Standing::Full);
        assert!(!disk.disk.takes_leads());
    }

    #[test]
    fn a_full_disk_gets_the_reserve_back_and_leads_wait_until_it_is_there_again() {
        let disk = small(1_000);
        disk.disk.look();

        disk.disk.did_not_fit();
        assert_eq!((disk.disk.standing(), disk.reserve()), (Standing::Full, None));
        assert_eq!(disk.look_at(66), Standing::Full, "that is the reserve itself");

        assert_eq!((disk.look_at(100), disk.reserve()), (Standing::Low(100 * MB), Some(64)));
        assert!(disk.disk.takes_leads());
    }

    #[test]
    fn a_disk_that_never_had_a_reserve_takes_leads_again_as_soon_as_they_fit() {
        let disk = small(48);

        disk.disk.did_not_fit();
        assert_eq!(disk.look_at(7), Standing::Full);

        assert_eq!(disk.look_at(9), Standing::Low(9 * MB));
    }
}
