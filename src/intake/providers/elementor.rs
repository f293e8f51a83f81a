//! Elementor Pro forms: simple, advanced and atomic. Anything but exactly 200 shows the visitor an error.

use super::vendor::Vendor;

/// See the file's head.
pub static ELEMENTOR: Vendor =
    Vendor { id: "elementor", name: "Elementor (WordPress)", leave_out: &["form_name", "form.name"], ..Vendor::PLAIN };
