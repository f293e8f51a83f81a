//! n8n's HTTP request: an object, or the list of items.

use super::vendor::Vendor;

/// See the file's head.
pub static N8N: Vendor = Vendor { id: "n8n", name: "n8n", kind: "automation", ..Vendor::PLAIN };
