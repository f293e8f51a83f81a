//! `leadbell backup`

use super::{Desk, Exit};
use crate::base::instant::stamp;
use crate::db::{backup, keyfile};
use anyhow::bail;
use std::path::Path;

/// Copies the database while it is in use, and checks the copy.
pub async fn run(file: Option<&Path>, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let database = &desk.config.database;
    if !database.exists() {
        bail!("there is no database at {} yet. Start leadbell once, or set --data-dir.", database.display());
    }
    let target = match file {
        Some(file) => file.to_owned(),
        None => desk.config.data_dir.join(format!("backups/leadbell-{}.db", stamp(desk.clock.now_ms()))),
    };
    let copied = backup::backup(database, &target).await?;
    let key = keyfile::path(&desk.config.data_dir);
    desk.print(&copied, || {
        format!(
            "Copied {} leads to {} ({} bytes), opened and checked.\nKeep {} too, in another place: without it the \
             addresses and secrets in the copy cannot be read.",
            copied.leads,
            copied.file.display(),
            copied.bytes,
            key.display()
        )
    })?;
    Ok(Exit::Fine)
}
