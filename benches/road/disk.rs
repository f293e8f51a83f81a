//! The disk alone: how often a second it syncs.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Writes 8 KiB in place and syncs it, over and over. `sync_data` is fdatasync(2) on Linux.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the stopwatch")]
pub fn fdatasyncs_a_second(folder: &Path, lasting: Duration) -> f64 {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(folder.join("raw")).expect("a file");
    let page = [7u8; 8_192];
    file.write_all(&page).and_then(|()| file.sync_all()).expect("a write");
    let started = Instant::now();
    let mut syncs = 0u32;
    while started.elapsed() < lasting {
        file.seek(SeekFrom::Start(0))
            .and_then(|_| file.write_all(&page))
            .and_then(|()| file.sync_data())
            .expect("a sync");
        syncs += 1;
    }
    f64::from(syncs) / started.elapsed().as_secs_f64()
}
