//! Whether a form still sends what it used to send. Pure, and never on the way from a request to its commit: it looks
//! at stored submissions, minutes later.
//!
//! A [`Shape`] is one submission without what the visitor said: which fields came, of which type and class, and which of
//! them carried name, phone, e-mail and message. A [`Baseline`] is what a source usually sends, learned from a handful of
//! submissions, with counts that fade. [`Baseline::observe`] compares the two and names what changed.
//!
//! Every habit is judged by one rule (`odds`): how likely is it that a run of departures so long comes by chance, after
//! what was seen so far? Below one in 100,000 it is a change. So a field that everybody must fill in is missed after
//! four or five submissions, one that is often left out never is, and no single odd visitor raises an alarm.
//!
//! No answer of a visitor is kept in a baseline: of short choices there is a 32-bit hash, of numbers the size.

mod baseline;
mod change;
mod class;
mod key;
mod odds;
mod shape;

pub use baseline::Baseline;
pub use change::{Change, Sort};
pub use class::Class;
pub use shape::{Role, Shape};

#[cfg(test)]
mod tests;
