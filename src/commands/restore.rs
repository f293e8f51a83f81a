//! `leadbell restore`

use super::{Desk, Exit};
use crate::base::instant::stamp;
use crate::db::lock::DataLock;
use crate::db::{keyfile, restore};
use std::path::Path;

/// Checks a backup and puts it in the place of the database, which nobody may be using.
pub async fn run(file: &Path, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let _held = DataLock::take(&desk.config.data_dir)?;
    let now = desk.clock.now_ms();
    let done = restore::restore(file, &desk.config.database, &stamp(now), now).await?;
    let key = keyfile::path(&desk.config.data_dir);
    desk.print(&done.now, || {
        let mut words = format!("Restored {} leads to {}.", done.now.leads, done.now.file.display());
        if let Some(kept) = &done.kept {
            words += &format!("\nThe database that was there is kept as {}.", kept.display());
        }
        if done.unknown > 0 {
            words += &format!(
                "\n{} messages were being sent when the backup was made. They may have arrived, so none of them is \
                 sent again by itself; the page lists them.",
                done.unknown
            );
        }
        if !key.exists() {
            words += &format!("\nNext: put the key file that belongs to this backup at {}.", key.display());
        }
        words
    })?;
    Ok(Exit::Fine)
}
