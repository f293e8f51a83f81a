//! Ninja Forms: JSON that calls itself a form.

use super::vendor::Vendor;

/// See the file's head.
pub static NINJA_FORMS: Vendor = Vendor { id: "ninja-forms", name: "Ninja Forms (WordPress)", ..Vendor::PLAIN };
