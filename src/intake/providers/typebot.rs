//! Typebot's HTTP request: the author's own template.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static TYPEBOT: Vendor =
    Vendor { id: "typebot", name: "Typebot", kind: "automation", ids: &[Id::Path("resultId")], ..Vendor::PLAIN };
