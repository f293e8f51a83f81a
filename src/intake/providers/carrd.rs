//! Carrd Pro, custom form, "Send to URL": posted by the visitor's browser, unsigned.

use super::vendor::Vendor;

/// See the file's head.
pub static CARRD: Vendor = Vendor { id: "carrd", name: "Carrd", ..Vendor::PLAIN };
