//! Jotform: multipart, the answers are JSON in the part `rawRequest`.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static JOTFORM: Vendor = Vendor {
    id: "jotform",
    name: "Jotform",
    ids: &[Id::Path("submissionID")],
    leave_out: &["formTitle", "username"],
    ..Vendor::PLAIN
};
