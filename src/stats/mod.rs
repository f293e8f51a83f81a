//! Station 6: what the instants say, one file per number, and the pictures of it.
//!
//! [`rows`] fetches the clocks of the leads of a span, each number is counted from them in its own file, [`summary`]
//! puts them together. Real leads only: no tests, no spam, somebody to answer. The unanswered never drop out.

pub mod answered;
pub mod chart;
pub mod excluded;
pub mod first_text;
pub mod hours;
pub mod paid;
pub mod parts;
pub mod period;
pub mod rank;
pub mod report;
pub mod rhythm;
pub mod rows;
pub mod sources;
pub mod summary;
pub mod tip;
pub mod waiting;
pub mod weeks;
pub mod within;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
