//! Many alerts in one message: what such a message says, in facts. The words are `reply`'s, handed in from above.

use super::channel::Medium;
use crate::base::ids::BusinessId;
use crate::base::keys::Keys;
use std::sync::Arc;

/// How many leads a bundle names at most; the rest is counted.
pub const NAMED: usize = 100;

/// The facts of a bundle when it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Whose leads they are.
    pub business_id: BusinessId,
    /// The shop in addresses.
    pub slug: String,
    /// IANA name.
    pub timezone: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// How it travels.
    pub medium: Medium,
    /// How many leads it stands for.
    pub leads: i64,
    /// Whether all of them are new; else someone wrote again or replied.
    pub all_new: bool,
    /// When the first of them came (UTC milliseconds).
    pub since: i64,
    /// Who they are, in the order in which they came, at most [`NAMED`].
    pub named: Vec<Named>,
}

/// One lead of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Full name.
    pub name: Option<String>,
    /// Number, else address.
    pub contact: Option<String>,
    /// It is a test.
    pub is_test: bool,
}

/// What a bundle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Subject of a mail.
    pub subject: String,
    /// The words.
    pub body: String,
}

/// Who finds the words.
pub type Wording = Arc<dyn Fn(&Bundle) -> Words + Send + Sync>;

/// Whether anything but the vendor holds messages back.
#[derive(Clone)]
pub struct Limits {
    /// Whether the caps and the paces of recipients and sender are kept; not for load tests and for those who know.
    pub on: bool,
    /// Who words a bundle, also one that was opened before the limits were lifted.
    pub wording: Wording,
    /// By which forgotten numbers are known that asked for silence, and links that end mails are made.
    pub keys: Keys,
    /// What links start with.
    pub public_url: Arc<str>,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.on { "on" } else { "off" })
    }
}
