//! Who may come in: sign-ins, their sessions, one-time links and keys of the JSON API.
//!
//! In come passwords, tokens and the time; out go records. Knows no HTTP: cookies, addresses and pages are the
//! edge's. Whatever is only compared (sessions, links, keys) is kept as SHA-256, so a copy of the database signs
//! nobody in. A sign-in belongs to one business, or to none: then it sees all of them.

pub mod key;
pub mod link;
pub mod password;
pub mod session;
pub mod setup;
pub mod store;
#[cfg(test)]
mod tests;
pub mod throttle;

pub use store::{AddError, New, add, ensure_admin};

use crate::base::ids::{BusinessId, UserId};

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: UserId,
    /// Its address, in lower case.
    pub email: String,
    /// What to call the person; may be empty.
    pub name: String,
    /// The one business it sees; `None` = all.
    pub business_id: Option<BusinessId>,
}

/// What guards the doors of one running process: who must wait, and how many passwords are weighed at once.
#[derive(Debug, Default)]
pub struct Doors {
    /// Wrong passwords, counted.
    pub sign_in: throttle::SignIn,
    /// Wrong API keys, counted.
    pub api: throttle::Buckets,
    /// Where passwords are hashed.
    pub hasher: password::Hasher,
}
