//! Zapier, "Webhooks": JSON, form or raw, as the user chose.

use super::vendor::Vendor;

/// See the file's head.
pub static ZAPIER: Vendor = Vendor { id: "zapier", name: "Zapier", kind: "automation", ..Vendor::PLAIN };
