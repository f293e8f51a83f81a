//! Make's HTTP module: anything, usually JSON.

use super::vendor::Vendor;

/// See the file's head.
pub static MAKE: Vendor = Vendor { id: "make", name: "Make", kind: "automation", ..Vendor::PLAIN };
