//! What people see: one file a page, each with its template beside it under `templates/admin/`.
//!
//! Handlers fill plain fields; words, classes and shapes are decided here. Nothing in here reads the clock, the
//! database or a request. Every page works without script and carries no inline style or script.

pub mod access;
pub mod account;
pub mod businesses;
pub mod chrome;
pub mod connect;
pub mod countries;
pub mod deliveries;
pub mod fields;
pub mod form;
pub mod format;
pub mod health;
pub mod hooks;
pub mod keep;
pub mod keys;
pub mod lead;
pub mod leads;
pub mod messages;
pub mod own_form;
pub mod owner;
pub mod phones;
pub mod pieces;
pub mod public;
pub mod receipts;
pub mod registration;
pub mod report;
pub mod setup;
pub mod source_health;
pub mod sources;
pub mod status;
pub mod team;
pub mod today;

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
