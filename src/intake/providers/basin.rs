//! Basin: only what is not spam, in an envelope that the owner may change.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static BASIN: Vendor =
    Vendor { id: "basin", name: "Basin", ids: &[Id::Path("id"), Id::Path("payload.id")], ..Vendor::PLAIN };
