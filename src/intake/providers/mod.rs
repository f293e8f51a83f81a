//! Where submissions come from: one file a provider, each pure.

mod generic;

use super::reading::{Reading, Request};
pub use super::signature::Refusal;

/// A kind of sender.
pub trait Provider: Sync {
    /// Its id in commands, addresses of fixtures and the database.
    fn id(&self) -> &'static str;
    /// Its name for people.
    fn name(&self) -> &'static str;
    /// `form`, `payment`, `booking` …
    fn kind(&self) -> &'static str;
    /// Whether it signs what it sends, once a secret is set.
    fn signed(&self) -> bool;
    /// Whether the request is authentic under one of `secrets`. `now_ms` judges time limits.
    ///
    /// # Errors
    /// [`Refusal`].
    fn verify(&self, request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal>;
    /// What the request says. Never fails.
    fn read(&self, request: &Request<'_>) -> Reading;
}

static ALL: &[&dyn Provider] = &[&generic::Generic];

/// Every provider.
pub fn all() -> &'static [&'static dyn Provider] {
    ALL
}

/// The provider of that id.
pub fn find(id: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.id() == id)
}

/// The one that reads anything.
pub fn generic() -> &'static dyn Provider {
    &generic::Generic
}
