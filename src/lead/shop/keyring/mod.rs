//! The keys of a source: the address and the secret in force, and those that were replaced and still work for a while,
//! so that whoever changes a key has time to change it at the sender too and no submission is refused in between.

pub mod store;

use crate::base::clock::DAY_MS;

/// How long a replaced address or secret goes on working, in milliseconds.
pub const OVERLAP_MS: i64 = 7 * DAY_MS;

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The token of an address.
    Address,
    /// What the sender signs with.
    Secret,
}

impl What {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Address => "address",
            What::Secret => "secret",
        }
    }
}

/// A key that was replaced and still works.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OldKey {
    /// Its number.
    pub seq: i64,
    /// `address` or `secret`.
    pub kind: String,
    /// The token or the secret, sealed with the key file.
    pub sealed: String,
    /// Works until then, UTC milliseconds.
    pub until_at: i64,
    /// The last submission by it, UTC milliseconds, to the minute.
    pub used_at: Option<i64>,
}

impl std::fmt::Debug for OldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OldKey({} {} until {})", self.seq, self.kind, self.until_at)
    }
}

/// Since when the keys in force are, and when they were last used (UTC milliseconds, uses to the minute).
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct InForce {
    /// When the address was made; none = with the source.
    pub address_made_at: Option<i64>,
    /// The last submission to it.
    pub address_used_at: Option<i64>,
    /// When the secret was set; none = with the source.
    pub secret_made_at: Option<i64>,
    /// The last submission that fitted it.
    pub secret_used_at: Option<i64>,
}

/// Which keys a submission came by. An old one is named by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Used {
    /// The address; none = the one in force.
    pub old_address: Option<i64>,
    /// The secret, if it was signed; none inside = the one in force.
    pub secret: Option<Option<i64>>,
}
