//! Cognito Forms: internal names as keys.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static COGNITO_FORMS: Vendor = Vendor {
    id: "cognito-forms",
    name: "Cognito Forms",
    ids: &[Id::Path("Id")],
    leave_out: &["Form"],
    ..Vendor::PLAIN
};
