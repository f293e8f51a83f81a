//! The database: one file, one writer, a few readers. The engine is named here and nowhere else.
//!
//! Everything that changes goes through [`Db::write`] or a [`Lane`]; both are carried out by the one writer task,
//! many at a time in one transaction that is fully synced before anybody is answered. Readers have connections
//! that cannot write.

pub mod backup;
pub mod copies;
pub mod disk;
pub mod health;
mod ids;
pub mod keyfile;
mod lane;
pub mod lock;
mod open;
mod refusal;
pub mod restore;
mod runs;
mod script;
pub mod sweep;
pub mod upkeep;
mod writer;

pub use lane::{Handle, Lane};
pub use open::{Db, OpenError, Opening};
pub use refusal::WriteError;
pub use runs::runs;
pub use script::Script;
pub use writer::Conn;

/// Connections that can only read.
pub type Pool = sqlx::SqlitePool;

/// One row of an answer, for statements whose columns are known only at run time.
pub type Row = sqlx::sqlite::SqliteRow;

#[cfg(test)]
mod tests;
