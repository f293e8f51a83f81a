//! Leads in the database. The only SQL about leads outside the numbers.

pub mod act;
pub mod bridge;
pub mod calls;
pub mod digits;
pub mod forget;
pub mod handoff;
pub mod held;
pub mod inbound;
pub mod intake;
pub mod join;
mod links;
pub mod payments;
pub mod read;
pub mod replay;
mod row;
#[cfg(test)]
pub mod sample;
pub mod search;
pub mod silence;
pub mod sweep;
pub mod text_list;
pub mod thin;

#[cfg(test)]
mod tests;
