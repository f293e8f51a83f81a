//! The outbox in SQL: planning, claiming, settling, looking up. [`enqueue`], [`claim`] (with what decides it:
//! candidate, verdict, purse, [`pace`], [`bundle`]), [`settle`], [`recover`], [`hear`], [`hooks`], and what follows: [`effects`].

pub mod asked;
pub mod blocked;
pub mod bundle;
pub mod calls;
mod candidate;
pub mod claim;
pub mod deliveries;
pub mod effects;
pub mod enqueue;
pub mod fates;
pub mod forget;
pub mod hear;
pub mod hooks;
pub mod pace;
pub mod planned;
mod purse;
pub mod read;
pub mod recover;
pub mod second_way;
pub mod settle;
pub mod sweep;
pub mod trouble;
pub mod unsubscribe;
mod verdict;

use crate::db::runs;
