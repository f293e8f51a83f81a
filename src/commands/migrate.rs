//! `leadbell migrate`

use super::{Desk, Exit};
use crate::db::Db;
use serde::Serialize;

#[derive(Serialize)]
struct Migrations {
    /// What was missing before.
    pending: Vec<String>,
    /// What was done about it.
    applied: Vec<String>,
}

/// Brings the database up to date, or only says what is missing.
pub async fn run(check: bool, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let pending = Db::pending_migrations(&desk.config.database).await?;
    if check {
        let found = Migrations { pending, applied: Vec::new() };
        desk.print(&found, || match found.pending.as_slice() {
            [] => "The database is up to date.".to_owned(),
            pending => format!("To do:\n  {}", pending.join("\n  ")),
        })?;
        return Ok(if found.pending.is_empty() { Exit::Fine } else { Exit::FoundProblems });
    }
    let (db, _keys) = desk.open().await?;
    db.close().await;
    let done = Migrations { applied: pending.clone(), pending };
    desk.print(&done, || match done.applied.as_slice() {
        [] => "The database was up to date already.".to_owned(),
        applied => format!("Done:\n  {}", applied.join("\n  ")),
    })?;
    Ok(Exit::Fine)
}
