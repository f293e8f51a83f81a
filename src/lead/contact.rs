//! Ways to reach a person, made once at the border and trusted after.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A phone number in E.164 (ITU-T), such as `+15125550142`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// An e-mail address that our policy would write to: one `@`, a dotted domain, no quotes, no address literal,
/// at most 254 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Phone {
    /// The number as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Email {
    /// The address as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::phone(&self.0))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::email(&self.0))
    }
}
