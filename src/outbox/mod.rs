//! Station 4: durable messages, the worker that sends them, and the rule of trying again.

pub mod channel;

pub use channel::{Channel, Outcome, Outgoing};
