//! Unbounce: urlencoded with `data.json`, JSON or XML, as the owner chose; unsigned.

use super::vendor::Vendor;

/// See the file's head.
pub static UNBOUNCE: Vendor = Vendor { id: "unbounce", name: "Unbounce", ..Vendor::PLAIN };
