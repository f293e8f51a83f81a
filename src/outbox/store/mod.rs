//! The outbox in SQL: planning, claiming, settling, looking up. What `RELIABILITY` calls the outbox algorithm, in
//! four files in the order in which a message passes them.

pub mod claim;
pub mod effects;
pub mod enqueue;
pub mod hear;
pub mod planned;
pub mod read;
pub mod recover;
pub mod settle;
pub mod trouble;

use crate::db::runs;
