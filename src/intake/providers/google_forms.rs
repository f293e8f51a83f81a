//! Google Forms through the script that we ship: an edited answer comes again under the same id.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static GOOGLE_FORMS: Vendor = Vendor {
    id: "google-forms",
    name: "Google Forms",
    ids: &[Id::Both("responseId", "timestamp")],
    leave_out: &["formTitle"],
    ..Vendor::PLAIN
};
