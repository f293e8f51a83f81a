//! Paperform: titled fields.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static PAPERFORM: Vendor =
    Vendor { id: "paperform", name: "Paperform", ids: &[Id::Path("submission_id")], ..Vendor::PLAIN };
