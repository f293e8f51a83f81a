//! Station 4: durable messages, the worker that sends them, and the rule of trying again.
//!
//! Read in this order: [`message`] (what a message is), [`machine`] (what becomes of it), [`gate`] (whether it may go),
//! [`limits`], [`pace`] and [`breaker`] (what the gate asks), [`bundle`] (many in one), [`store`] (the same in SQL), [`dispatch`] (what may
//! leave now), [`worker`] and its couriers (who does it).
//! [`channel`] is what a way out of the house must offer.

pub mod block;
pub mod breaker;
pub mod bundle;
pub mod channel;
mod courier;
pub mod dispatch;
pub mod gate;
pub mod limits;
pub mod machine;
pub mod message;
pub mod pace;
pub mod route;
pub mod store;
pub mod tally;
pub mod unsubscribe;
mod watch;
pub mod worker;

#[cfg(test)]
pub(crate) mod tests;

pub use bundle::Limits;
pub use channel::{Channel, Outcome, Outgoing};
pub use dispatch::Dispatch;
pub use message::{Draft, Fallback, Purpose, State};
pub use worker::{Lanes, Outbox};
