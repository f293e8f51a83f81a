//! Gravity Forms: bare field numbers for keys, read by the shape of what was answered.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static GRAVITYFORMS: Vendor =
    Vendor { id: "gravityforms", name: "Gravity Forms (WordPress)", ids: &[Id::Path("id")], ..Vendor::PLAIN };
