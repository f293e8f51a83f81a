//! Web3Forms: `from_name` is the sender's label, not the visitor.

use super::vendor::Vendor;

/// See the file's head.
pub static WEB3FORMS: Vendor =
    Vendor { id: "web3forms", name: "Web3Forms", leave_out: &["from_name", "access_key"], ..Vendor::PLAIN };
