//! The outbox as a whole: real store, machine and worker; vendors by script, time by hand.

pub(crate) mod bench;
mod doubt;
mod orders;
mod pacing;
mod simulation;
mod working;
