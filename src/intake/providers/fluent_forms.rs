//! Fluent Forms Pro.

use super::vendor::{Id, Vendor};

/// See the file's head.
pub static FLUENT_FORMS: Vendor = Vendor {
    id: "fluent-forms",
    name: "Fluent Forms (WordPress)",
    ids: &[Id::Path("__submission.id")],
    ..Vendor::PLAIN
};
