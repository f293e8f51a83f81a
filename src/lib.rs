//! leadbell answers every lead of a small business within seconds, and loses none of them.
//!
//! The modules stand in the order in which a lead passes them:
//!
//! 1. [`intake`]: a request becomes a reading.
//! 2. [`lead`]: a reading becomes a record.
//! 3. `reply`: who is told what, and when.
//! 4. [`outbox`]: durable messages, the worker, the rule of trying again.
//! 5. [`delivery`]: one file per channel and vendor.
//! 6. `stats`: one file per number.
//!
//! [`account`] stands beside the road: who may come in. `pipeline` walks the road on one page; `web` is its edge;
//! [`base`] and `db` carry them all. Imports go down or left only:
//! `app -> web -> pipeline -> {intake, reply, delivery, stats} -> {lead <- outbox} -> db -> base`.

pub mod account;
pub mod app;
pub mod base;
pub mod commands;
pub mod config;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod intake;
pub mod lead;
pub mod outbox;
pub mod pipeline;
pub mod reply;
pub mod stats;
pub mod web;
