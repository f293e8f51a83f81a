//! Fillout: questions with names and types.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static FILLOUT: Vendor = Vendor {
    id: "fillout",
    name: "Fillout",
    ids: &[Id::Path("submission.submissionId"), Id::Path("submissionId")],
    leave_out: &["formName"],
    ..Vendor::PLAIN
};
