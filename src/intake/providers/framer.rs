//! Framer forms: up to five tries.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static FRAMER: Vendor = Vendor {
    id: "framer",
    name: "Framer",
    proof: Proof::Scheme(&schemes::FRAMER),
    ids: &[Id::Header("framer-webhook-submission-id")],
    ..Vendor::PLAIN
};
