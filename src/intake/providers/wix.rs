//! Wix Automations, "Send HTTP request": unsigned, wants 200 within 1.25 s, repeats.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static WIX: Vendor = Vendor {
    id: "wix",
    name: "Wix",
    ids: &[Id::Path("data.submissionId"), Id::Path("submissionId")],
    leave_out: &["data.formName", "data.formId", "data.contactId"],
    ..Vendor::PLAIN
};
