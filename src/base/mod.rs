//! What every station may use and what uses none of them: time, chance, identifiers, secrets, clean text.
//!
//! Nothing in here knows of leads, SQL, HTTP or vendors.

pub mod change;
pub mod clock;
pub mod counts;
pub mod ids;
pub mod instant;
pub mod keys;
pub mod keyset;
pub mod lengths;
pub mod mask;
pub mod money;
pub mod news;
pub mod random;
pub mod sms;
pub mod table;
pub mod text;
pub mod twilio_signature;

use std::future::Future;
use std::pin::Pin;

/// A future on the heap: what a trait object can return.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
